//! Importing directories into a running server.

use super::app::TestApp;
use super::world::gid;
use passerelle::domain::global_id::Kind;
use passerelle::hsds::{CategoryMap, Directory};
use passerelle::usecase::import::{Options, Report, category_map, import};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The invented directory as NDJSON.
pub const NDJSON: &str = include_str!("../../fixtures/hsds/services.ndjson");
/// Its category map.
pub const MAP: &str = include_str!("../../fixtures/hsds/category-map.json");

/// The tables that hold what an import writes.
const TABLES: [(&str, &str); 11] = [
    ("organization", "name || '/' || version"),
    ("service", "name || '/' || version || '/' || status || '/' || visibility || '/' || contacts || '/' || updated_at"),
    ("location", "name || '/' || kind || '/' || address"),
    ("service_at_location", "'place'"),
    ("service_language", "language"),
    ("service_area", "'area'"),
    ("service_reach", "'reach'"),
    ("capacity", "coalesce(total, -1) || '/' || taken_elsewhere || '/' || as_of"),
    ("import_source", "source || entity || source_id || content_hash"),
    ("audit", "operation || principal_kind"),
    ("outbox", "kind || version"),
];

/// Options under a name.
pub fn options(source: &str) -> Options {
    Options { source: source.into(), country: Some("XX".into()), language: "und".into(), dry_run: false, mirror: false }
}

/// A category map that must read.
pub async fn map(app: &TestApp, text: &str) -> CategoryMap {
    category_map(&app.app, text).await.unwrap().unwrap()
}

/// Imports a directory, which must go through.
pub async fn take(app: &TestApp, directory: &Directory, map: &CategoryMap, options: &Options) -> Report {
    let mut last = None;
    let report = import(&app.app, directory, map, options, &mut |progress| last = Some(progress)).await.unwrap();
    let all: usize = directory.organizations.iter().map(|organization| organization.services.len()).sum();
    assert_eq!(last.map(|progress| (progress.services, progress.of)), Some((all, all)));
    report
}

/// Every row that an import may write, as texts in order.
pub async fn rows(app: &TestApp) -> BTreeMap<&'static str, Vec<String>> {
    let mut all = BTreeMap::new();
    for (table, shown) in TABLES {
        let text = format!("SELECT CAST({shown} AS TEXT) AS shown FROM {table}");
        let found = app.app.store.rows(&text, vec![]).await.unwrap();
        let mut found: Vec<String> = found.iter().map(|row| row.try_get("", "shown").unwrap()).collect();
        found.sort();
        all.insert(table, found);
    }
    all
}

/// The keys of a service and its organization, by the name of the service.
pub async fn service_named(app: &TestApp, name: &str) -> (Uuid, Uuid) {
    let text = "SELECT id, organization_id FROM service WHERE name = $1";
    let rows = app.app.store.rows(text, vec![name.into()]).await.unwrap();
    assert_eq!(rows.len(), 1, "{name}");
    (rows[0].try_get("", "id").unwrap(), rows[0].try_get("", "organization_id").unwrap())
}

/// The input of a change of a service in its first version.
pub fn first_version(service: Uuid) -> Value {
    json!({ "serviceId": gid(Kind::Service, service), "expectedVersion": 1 })
}
