//! A real directory, which is not part of the repository: the whole of it imported, and the loop run on one of its
//! services.

use crate::support::app::TestApp;
use crate::support::dependencies::repository;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::imports::{first_version, map, options, rows, take};
use crate::support::verbs::{Story, done};
use crate::support::world::{World, add_area, add_member};
use passerelle::hsds::read;
use passerelle::usecase::import::{Count, Options};
use serde_json::json;
use std::io::Write as _;
use std::path::PathBuf;
use uuid::Uuid;

pub const MAP: &str = include_str!("../../api/data/category-maps/unhcr-jordan-2015.json");

/// The folder of the set, or none after saying so past the capture of the test harness.
pub fn set() -> Option<PathBuf> {
    let beside = repository().join("../shared/data/hsds");
    let folder = std::env::var_os("PASSERELLE_HSDS_DATA").map_or(beside, PathBuf::from).join("unhcr-jordan-2015");
    if folder.is_dir() {
        return Some(folder);
    }
    let _ = writeln!(
        std::io::stderr(),
        "SKIPPED, no real HSDS data: the import of the Jordan set; set PASSERELLE_HSDS_DATA to the folder above it"
    );
    None
}

/// A service of the set that may be referred to once it is confirmed, with its organization.
async fn open_service(app: &TestApp) -> (Uuid, Uuid) {
    let text = "SELECT id, organization_id FROM service WHERE source = 'jordan' AND status = 'PUBLISHED' \
                AND takes_referrals AND visibility = 'PUBLIC' AND category_code IS NOT NULL ORDER BY sort_name, id";
    let rows = app.app.store.rows(text, vec![]).await.unwrap();
    (rows[0].try_get("", "id").unwrap(), rows[0].try_get("", "organization_id").unwrap())
}

async fn the_loop_closes_on_an_imported_service(engine: Engine) {
    let Some(folder) = set() else { return };
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let maan = add_area(&app, "XX09", 1, Some(world.country), "Ma'an").await;
    let strangers = app.count("service_at_location").await;
    let (directory, map) = (read(&folder.join("services_hsds-3.2.3.ndjson")).unwrap(), map(&app, MAP).await);
    let options = Options { language: "en".into(), ..options("jordan") };
    let (statements, report) = app.statements(take(&app, &directory, &map, &options)).await;
    let new = |new| Count { new, ..Count::default() };
    let counts = report.counts;
    assert_eq!((counts.organizations, counts.services, counts.places), (new(44), new(123), new(429)));
    assert_eq!((counts.unclassified, counts.closed_for_referrals, counts.partners_only), (15, 20, 19));
    assert_eq!(app.count("service_at_location").await, strangers + 429);
    assert!(statements < 123 * 8, "{statements} statements for 123 services");
    let there = "SELECT service_id AS id FROM service_reach WHERE area_id = $1";
    assert!(!app.app.store.rows(there, vec![maan.into()]).await.unwrap().is_empty(), "found by its name");

    let before = rows(&app).await;
    for file in ["services_hsds-3.2.3.ndjson", "datapackage_hsds-3.2.3.zip"] {
        let again = take(&app, &read(&folder.join(file)).unwrap(), &map, &options).await.counts;
        assert_eq!((again.services.unchanged, again.places.unchanged), (123, 429), "{file}");
        assert_eq!(rows(&app).await, before, "{file}");
    }

    let (service, owner) = open_service(&app).await;
    let (intake, worker) = (add_member(&app, owner, "INTAKE").await, add_member(&app, owner, "SERVICE_WORKER").await);
    done(&app, &intake, "verifyService", first_version(service), "service { id }").await;
    let sender = &world.case_manager;
    let story = Story::open_by(&app, &world, sender, owner).await;
    let sent = story.refer_to(&app, sender, service).await;
    let taken = sent.act(&app, &intake, "acknowledgeReferral", json!({})).await;
    let taken = taken.act(&app, &intake, "acceptReferral", json!({})).await;
    let begun = taken.act(&app, &worker, "startReferralService", json!({"firstContactOn": "2026-11-25"})).await;
    let outcome = json!({"serviceOn": "2026-11-25", "outcomes": story.outcomes()});
    let completed = begun.act(&app, &worker, "completeReferral", outcome).await;
    let closed = completed.act(&app, sender, "closeReferralLoop", json!({"meaning": "MET"})).await;
    let seen = closed.seen_by(&app, &intake, "status loopMeaning verification service { name }").await;
    assert_eq!((&seen["loopMeaning"], &seen["verification"]), (&json!("MET"), &json!("SENDER_CONFIRMED")));
    // And the import still leaves everything as it is.
    assert_eq!(take(&app, &directory, &map, &options).await.counts.services.unchanged, 123);
}

on_both_engines!(the_loop_closes_on_an_imported_service);
