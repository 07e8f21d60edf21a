//! Checks of the reading half against an invented directory in both forms.

mod archive;
mod broken;
mod categories;
mod fixture;
mod real;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use super::model::{Directory, Service};
use super::report::{Reason, ReportRow};
use super::{ReadFault, ndjson};

/// The invented directory as NDJSON.
const NDJSON: &str = include_str!("../../../../tests/fixtures/hsds/services.ndjson");
/// Its category map.
const MAP: &str = include_str!("../../../../tests/fixtures/hsds/category-map.json");

/// The tables of the same directory.
const TABLES: [(&str, &str); 17] = [
    ("addresses.csv", include_str!("../../../../tests/fixtures/hsds/package/addresses.csv")),
    ("attributes.csv", include_str!("../../../../tests/fixtures/hsds/package/attributes.csv")),
    ("contacts.csv", include_str!("../../../../tests/fixtures/hsds/package/contacts.csv")),
    ("datapackage.json", include_str!("../../../../tests/fixtures/hsds/package/datapackage.json")),
    ("languages.csv", include_str!("../../../../tests/fixtures/hsds/package/languages.csv")),
    ("locations.csv", include_str!("../../../../tests/fixtures/hsds/package/locations.csv")),
    ("organizations.csv", include_str!("../../../../tests/fixtures/hsds/package/organizations.csv")),
    ("phones.csv", include_str!("../../../../tests/fixtures/hsds/package/phones.csv")),
    ("required_documents.csv", include_str!("../../../../tests/fixtures/hsds/package/required_documents.csv")),
    ("schedules.csv", include_str!("../../../../tests/fixtures/hsds/package/schedules.csv")),
    ("service_areas.csv", include_str!("../../../../tests/fixtures/hsds/package/service_areas.csv")),
    ("service_at_location.csv", include_str!("../../../../tests/fixtures/hsds/package/service_at_location.csv")),
    ("service_capacity.csv", include_str!("../../../../tests/fixtures/hsds/package/service_capacity.csv")),
    ("services.csv", include_str!("../../../../tests/fixtures/hsds/package/services.csv")),
    ("taxonomies.csv", include_str!("../../../../tests/fixtures/hsds/package/taxonomies.csv")),
    ("taxonomy_terms.csv", include_str!("../../../../tests/fixtures/hsds/package/taxonomy_terms.csv")),
    ("units.csv", include_str!("../../../../tests/fixtures/hsds/package/units.csv")),
];

/// A folder of its own for a test, removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("passerelle-hsds-{}-{count}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn from_ndjson() -> Directory {
    ndjson::read_bytes(NDJSON.as_bytes()).unwrap()
}

/// The tables with one of them changed, as a folder, read.
fn with_table(name: &str, change: impl Fn(&str) -> Option<String>) -> Result<Directory, ReadFault> {
    let scratch = Scratch::new();
    for (file, text) in TABLES {
        let text = if file == name { change(text) } else { Some(text.to_owned()) };
        if let Some(text) = text {
            scratch.write(file, text.as_bytes());
        }
    }
    super::read(&scratch.0)
}

fn service<'a>(directory: &'a Directory, name: &str) -> &'a Service {
    let mut services = directory.organizations.iter().flat_map(|one| &one.services);
    services.find(|service| service.name == name).unwrap()
}

/// Whether the report has a row on the entity, field and reason.
fn tells(rows: &[ReportRow], entity: &str, field: Option<&str>, reason: Reason) -> bool {
    rows.iter().any(|row| row.entity == entity && row.field.as_deref() == field && row.reason == reason)
}
