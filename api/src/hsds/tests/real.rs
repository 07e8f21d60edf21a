//! Checks on real directories, which are not part of the repository.

use std::io::Write;

use super::*;
use crate::hsds::category_map::CategoryMap;

const JORDAN_MAP: &str = include_str!("../../../data/category-maps/unhcr-jordan-2015.json");

/// The folder of real directories, or none after telling so.
fn data() -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/hsds");
    let path = std::env::var_os("PASSERELLE_HSDS_DATA").map_or(beside, PathBuf::from);
    if path.is_dir() {
        return Some(path);
    }
    // Past the capture of the test harness, so that nobody takes the skip for a pass.
    let _ = writeln!(std::io::stderr(), "SKIPPED: no real HSDS data; set PASSERELLE_HSDS_DATA to their folder");
    None
}

#[test]
fn the_jordan_set_reads_alike_in_both_forms_and_maps() {
    let Some(data) = data() else { return };
    let folder = data.join("unhcr-jordan-2015");
    let lines = crate::hsds::read(&folder.join("services_hsds-3.2.3.ndjson")).unwrap();
    let tables = crate::hsds::read(&folder.join("datapackage_hsds-3.2.3.zip")).unwrap();
    assert_eq!(lines.organizations, tables.organizations);
    let services: Vec<_> = lines.organizations.iter().flat_map(|one| &one.services).collect();
    let places = services.iter().map(|service| service.places.len()).sum::<usize>();
    assert_eq!((lines.organizations.len(), services.len(), places), (44, 123, 429));
    assert!(lines.refused.iter().all(|row| row.reason == Reason::NoPlace), "{:?}", lines.refused);
    let map = CategoryMap::parse(JORDAN_MAP, &|_| true).unwrap();
    let found: Vec<_> = services.iter().map(|service| map.classify(service)).collect();
    assert_eq!(found.iter().filter(|one| one.category.is_none()).count(), 15);
    assert_eq!(found.iter().filter(|one| !one.takes_referrals).count(), 20);
    assert_eq!(found.iter().flat_map(|one| &one.closed_places).count(), 80);
    assert_eq!(found.iter().filter(|one| one.sensitive).count(), 19);
}

#[test]
fn the_official_examples_are_read_and_their_quirks_told() {
    let Some(data) = data() else { return };
    let folder = data.join("official-3.2.3");
    let tables = crate::hsds::read(&folder.join("csv")).unwrap();
    let document = crate::hsds::read(&folder.join("service_full.json")).unwrap();
    for directory in [&tables, &document] {
        assert_eq!(directory.organizations[0].services[0].places.len(), 1);
        assert!(tells(&directory.refused, "location", Some("latitude"), Reason::OutOfRange));
        assert!(!format!("{:?}", directory.organizations).contains("Persona"));
    }
    for (entity, field) in [
        ("location", "organization_id"),
        ("contact", "organization_id"),
        ("contact", "service_at_location_id"),
        ("taxonomy_term", "taxonomy_id"),
        ("taxonomy_term", "parent_id"),
    ] {
        assert!(tells(&tables.refused, entity, Some(field), Reason::DanglingReference), "{entity}.{field}");
    }
    assert!(tells(&tables.refused, "attribute", Some("link_entity"), Reason::UnknownValue));
}
