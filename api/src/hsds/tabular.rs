//! The tabular package: tables are joined into full services, then built like NDJSON.

use std::collections::HashMap;
use std::path::Path;

use serde_json::{Map, Number, Value};

use super::ReadFault;
use super::build::Builder;
use super::fields::{self, NUMBERS, TABLES};
use super::join::Joined;
use super::model::Directory;
use super::package::{LIMITS, Package, from_folder, from_zip};
use super::report::{Reason, Report};

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
        let table = found.map(|(_, bytes)| load(entity, bytes, &mut builder.report));
        tables.insert(entity, table.unwrap_or_default());
    }
    drop(package);
    let joined = Joined::new(tables, &mut builder.report);
    for organization in joined.whole("organization") {
        builder.organization(&organization);
    }
    for service in joined.whole("service") {
        builder.service(&service);
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
fn load(entity: &'static str, bytes: &[u8], report: &mut Report) -> Table {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let mut table = Table::default();
    let header: Vec<String> = match reader.byte_headers() {
        Ok(header) => header.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect(),
        Err(_) => Vec::new(),
    };
    let known = fields::known(entity);
    for record in reader.records() {
        let at = record.as_ref().map_or_else(csv::Error::position, |record| record.position());
        let line = Some(format!("line {}", at.map_or(0, csv::Position::line)));
        let record = match record {
            Ok(record) if record.len() == header.len() => record,
            Ok(_) => {
                report.plain(entity, line, None, Reason::Ragged, false);
                continue;
            }
            Err(_) => {
                report.plain(entity, line, None, Reason::NotUtf8, false);
                continue;
            }
        };
        let mut row = Map::new();
        for (name, cell) in header.iter().zip(&record).filter(|(_, cell)| !cell.trim().is_empty()) {
            if known.contains(&name.as_str()) {
                row.insert(name.clone(), value(name, cell));
            } else {
                report.no_place(entity, name);
            }
        }
        table.push(entity, row, line, report);
    }
    table
}

/// A cell as JSON would have it; a number that is none stays text and is reported later.
fn value(name: &str, cell: &str) -> Value {
    let number = NUMBERS.contains(&name).then(|| cell.trim().parse::<Number>().ok()).flatten();
    number.map_or_else(|| Value::String(cell.trim().to_owned()), Value::Number)
}

impl Table {
    fn push(&mut self, entity: &str, row: Map<String, Value>, line: Option<String>, report: &mut Report) {
        match text(&row, "id") {
            Some(id) if self.by_id.contains_key(id) => {
                report.plain(entity, Some(id.to_owned()), Some("id"), Reason::DuplicateId, false);
                return;
            }
            Some(id) => {
                self.by_id.insert(id.to_owned(), self.rows.len());
            }
            None if NAMED.contains(&entity) => {
                report.plain(entity, line, Some("id"), Reason::MissingRequired, false);
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
