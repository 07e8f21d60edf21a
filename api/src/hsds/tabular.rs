//! The tabular package: tables are joined into full services, then built like NDJSON.

use std::collections::HashMap;
use std::path::Path;

use serde_json::{Map, Number, Value};

use super::ReadFault;
use super::build::Builder;
use super::decode::decode;
use super::export::cell::unguarded;
use super::fields::{self, NUMBERS, TABLES};
use super::join::Joined;
use super::model::Directory;
use super::package::{LIMITS, Package, from_archive, from_folder, from_zip};
use super::report::{Reason, Report};
use super::row::LINE;

/// Reads a folder with the tables, or with one folder that holds them.
///
/// # Errors
/// [`ReadFault`] if files cannot be read, are too large, or a needed table is absent.
pub fn read_folder(path: &Path) -> Result<Directory, ReadFault> {
    read_package(from_folder(path, LIMITS)?)
}

/// Reads a zip archive with the tables, at most one folder deep: at most
/// 512 MiB unpacked, 64 entries, 200 times the packed size.
///
/// # Errors
/// [`ReadFault`] as for the folder, and for every archive that is not safe to unpack.
pub fn read_zip(path: &Path) -> Result<Directory, ReadFault> {
    read_package(from_zip(path, LIMITS)?)
}

/// Reads the tabular package in a zip archive that is at hand.
///
/// # Errors
/// As [`read_zip`].
pub fn read_zip_bytes(bytes: &[u8]) -> Result<Directory, ReadFault> {
    read_package(from_archive(std::io::Cursor::new(bytes), Path::new("archive"), LIMITS)?)
}

pub(super) fn read_package(package: Package) -> Result<Directory, ReadFault> {
    let mut builder = Builder::default();
    for name in ["organizations.csv", "services.csv"] {
        if !package.tables.iter().any(|(file, _)| file == name) {
            return Err(ReadFault::MissingTable { name });
        }
    }
    for name in &package.others {
        builder.report.plain(name, None, None, Reason::NoPlace, false);
    }
    let mut tables = HashMap::new();
    for (file, entity) in TABLES {
        let found = package.tables.iter().find(|(name, _)| name == file);
        let table = found.map(|(_, bytes)| load((file, entity), bytes, &mut builder.report));
        tables.insert(entity, table.unwrap_or_default());
    }
    drop(package);
    let joined = Joined::new(tables, &mut builder.report);
    for organization in joined.whole("organization") {
        builder.organization(&organization, None);
    }
    for service in joined.whole("service") {
        builder.service(&service, None);
    }
    Ok(builder.finish()?)
}

/// The rows of one table and where each id stands.
#[derive(Default)]
pub(super) struct Table {
    /// Rows without their empty cells.
    pub(super) rows: Vec<Map<String, Value>>,
    /// Index of the row with an id.
    pub(super) by_id: HashMap<String, usize>,
}

/// Entities whose rows cannot be named by others or by us without an id.
const NAMED: [&str; 7] =
    ["organization", "service", "service_at_location", "location", "taxonomy_term", "taxonomy", "unit"];

/// Parses a table; columns without a place are dropped here, before they cost memory.
fn load((file, entity): (&str, &'static str), bytes: &[u8], report: &mut Report) -> Table {
    let decoded = decode(bytes);
    if let Some(encoding) = decoded.from {
        report.recoded(file, encoding);
    }
    let bytes: &[u8] = &decoded.bytes;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let mut table = Table::default();
    let header: Vec<String> = match reader.byte_headers() {
        Ok(header) => header.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect(),
        Err(_) => Vec::new(),
    };
    let known = fields::known(entity);
    let mut lines = Lines { bytes, at: 0, line: 1 };
    let (shape, is_open) = (Shape { header: &header }, ends_in_quotes(bytes));
    let mut records = reader.records().peekable();
    while let Some(record) = records.next() {
        let at = record.as_ref().map_or_else(csv::Error::position, |record| record.position());
        let line = lines.of(at.map_or(0, csv::Position::byte));
        if is_open && records.peek().is_none() {
            report.at_line(entity, line, None, Reason::UnclosedQuote);
            continue;
        }
        let record = match record {
            Ok(record) if record.len() == header.len() => record,
            Ok(_) => {
                report.at_line(entity, line, None, Reason::Ragged);
                continue;
            }
            Err(_) => {
                report.at_line(entity, line, None, Reason::NotUtf8);
                continue;
            }
        };
        if shape.holds_rows(&record) {
            report.at_line(entity, line, None, Reason::SpansRows);
            continue;
        }
        let mut row = Map::new();
        for (name, cell) in header.iter().zip(&record).filter(|(_, cell)| !cell.trim().is_empty()) {
            if known.contains(&name.as_str()) {
                row.insert(name.clone(), value(name, cell));
            } else {
                report.no_place(entity, name);
            }
        }
        row.insert(LINE.to_owned(), line.into());
        table.push(entity, row, line, report);
    }
    table
}

/// By what a row of a table is known again where it stands inside a text, because a quote was forgotten.
struct Shape<'a> {
    header: &'a [String],
}

impl Shape<'_> {
    /// The fewest columns of a table of which a line of a text is taken for a row by the number of its cells alone.
    const WIDE: usize = 4;

    fn holds_rows(&self, record: &csv::StringRecord) -> bool {
        record.iter().any(|cell| cell.lines().skip(1).any(|line| self.is_row(line)))
    }

    /// Whether a line inside a text looks like a row of this table: it begins with an id, or has as many cells.
    fn is_row(&self, line: &str) -> bool {
        let begins_with_id = line.get(..36).is_some_and(|id| uuid::Uuid::try_parse(id).is_ok())
            && line.get(36..).is_some_and(|rest| rest.starts_with(','));
        if begins_with_id || self.header.len() < Self::WIDE {
            return begins_with_id;
        }
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(line.as_bytes());
        let cells = reader.records().next().and_then(Result::ok);
        cells.is_some_and(|cells| cells.len() == self.header.len())
    }
}

/// Whether a table ends inside a text whose quote was never closed.
fn ends_in_quotes(bytes: &[u8]) -> bool {
    let (mut open, mut begins_cell, mut at) = (false, true, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' if open && bytes.get(at + 1) == Some(&b'"') => at += 1,
            b'"' if open => open = false,
            b'"' if begins_cell => open = true,
            _ => {}
        }
        begins_cell = !open && matches!(byte, b',' | b'\n' | b'\r');
        at += 1;
    }
    open
}

/// Counts lines up to where a row begins. The reader counts the line's end of Windows as part of the next row.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn of(&mut self, byte: u64) -> u64 {
        let from = usize::try_from(byte).unwrap_or(usize::MAX).min(self.bytes.len());
        let blank = |byte: &&u8| matches!(**byte, b'\r' | b'\n');
        let begin = from + self.bytes[from..].iter().take_while(blank).count();
        let passed = self.bytes.get(self.at..begin).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at = self.at.max(begin);
        self.line
    }
}

/// A cell as JSON would have it; a number that is none stays text and is reported later.
fn value(name: &str, cell: &str) -> Value {
    let number = NUMBERS.contains(&name).then(|| cell.trim().parse::<Number>().ok()).flatten();
    number.map_or_else(|| Value::String(unguarded(cell.trim()).to_owned()), Value::Number)
}

impl Table {
    fn push(&mut self, entity: &str, row: Map<String, Value>, line: u64, report: &mut Report) {
        match text(&row, "id") {
            Some(id) if self.by_id.contains_key(id) => {
                let named = (Some(id.to_owned()), Some(line));
                report.of_row(entity, named, Some("id"), Reason::DuplicateId, false);
                return;
            }
            Some(id) => {
                self.by_id.insert(id.to_owned(), self.rows.len());
            }
            None if NAMED.contains(&entity) => {
                report.at_line(entity, line, Some("id"), Reason::MissingRequired);
                return;
            }
            None => {}
        }
        self.rows.push(row);
    }
}

/// A text cell of a row.
pub(super) fn text<'a>(row: &'a Map<String, Value>, field: &str) -> Option<&'a str> {
    row.get(field).and_then(Value::as_str)
}
