//! NDJSON: one full service a line. A JSON document of one or many is read as well.

use std::path::Path;

use serde_json::Value;

use super::ReadFault;
use super::build::Builder;
use super::decode::decode;
use super::model::Directory;
use super::package::LIMITS;
use super::report::Reason;

/// Reads a file of at most 512 MiB.
///
/// # Errors
/// [`ReadFault::Io`], [`ReadFault::TooLarge`], and those of [`read_bytes`].
pub fn read_file(path: &Path) -> Result<Directory, ReadFault> {
    let fault = |source| ReadFault::Io { path: path.to_owned(), source };
    if std::fs::metadata(path).map_err(fault)?.len() > LIMITS.total {
        return Err(ReadFault::TooLarge { limit: LIMITS.total });
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    read_document(&std::fs::read(path).map_err(fault)?, name)
}

/// Reads NDJSON of full services; a line may also hold a page (`contents`) or a list of them.
///
/// # Errors
/// [`ReadFault::NotRecognized`] if there is not one JSON object in it.
pub fn read_bytes(bytes: &[u8]) -> Result<Directory, ReadFault> {
    read_document(bytes, None)
}

fn read_document(bytes: &[u8], name: Option<String>) -> Result<Directory, ReadFault> {
    let mut builder = Builder::default();
    let name = name.unwrap_or_else(|| "document".to_owned());
    let decoded = decode(bytes);
    if let Some(encoding) = decoded.from {
        builder.report.recoded(&name, encoding);
    }
    builder.report.document = Some(name);
    let bytes: &[u8] = &decoded.bytes;
    let mut lines = bytes.split(|byte| *byte == b'\n').enumerate().filter_map(|(at, line)| {
        let line = line.trim_ascii();
        (!line.is_empty()).then_some((at + 1, line))
    });
    let Some(first) = lines.next() else { return Err(ReadFault::NotRecognized) };
    // A pretty-printed document breaks after its first line; only then the whole is tried.
    let is_document = serde_json::from_slice::<Value>(first.1).is_err();
    if is_document && let Ok(document) = serde_json::from_slice::<Value>(bytes) {
        if !take(&mut builder, &document, None) {
            return Err(ReadFault::NotRecognized);
        }
        return Ok(builder.finish()?);
    }
    let mut any = false;
    for (at, line) in std::iter::once(first).chain(lines) {
        match serde_json::from_slice(line) {
            Ok(value) => any |= take(&mut builder, &value, Some(at as u64)),
            Err(_) => refuse(&mut builder, Some(at as u64), Reason::NotJson),
        }
    }
    if !any {
        return Err(ReadFault::NotRecognized);
    }
    Ok(builder.finish()?)
}

/// Takes the services of one value, which stands in this line of many; false if it holds no object at all.
fn take(builder: &mut Builder, value: &Value, line: Option<u64>) -> bool {
    let many = match value {
        Value::Array(many) => many,
        Value::Object(page) => match page.get("contents") {
            Some(Value::Array(many)) => many,
            _ => {
                builder.service(page, line);
                return true;
            }
        },
        _ => {
            refuse(builder, line, Reason::NotAnObject);
            return false;
        }
    };
    for one in many {
        match one {
            Value::Object(service) => builder.service(service, line),
            _ => refuse(builder, line, Reason::NotAnObject),
        }
    }
    many.iter().any(Value::is_object)
}

fn refuse(builder: &mut Builder, line: Option<u64>, reason: Reason) {
    let id = line.map(|line| format!("line {line}"));
    builder.report.of_row("service", (id, line), None, reason, false);
}
