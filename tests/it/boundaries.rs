//! Boundaries are taken over as a whole file or not at all, keep what is known, and put every area where it lies.

use crate::support::app::TestApp;
use crate::support::dependencies::repository;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::world::{World, add_service};
use passerelle::usecase::boundaries::{Options, Report, import};
use serde_json::{Value, json};
use uuid::Uuid;

/// The invented boundaries of level 2.
pub fn fixture() -> String {
    std::fs::read_to_string(repository().join("tests/fixtures/boundaries/level-2.geojson")).unwrap()
}

/// Takes a file of boundaries of the invented country.
pub async fn take(app: &TestApp, text: &str) -> Report {
    let options = Options { country: "XX".into(), edition: String::new(), dry_run: false };
    import(&app.app, text, &options).await.unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn changed(change: impl Fn(&mut Vec<Value>)) -> String {
    let mut file: Value = serde_json::from_str(&fixture()).unwrap();
    change(file["features"].as_array_mut().unwrap());
    file.to_string()
}

async fn area(app: &TestApp, pcode: &str) -> Uuid {
    let found = app.app.store.rows("SELECT id FROM area WHERE pcode = $1", vec![pcode.into()]).await.unwrap();
    found[0].try_get("", "id").unwrap()
}

/// The codes of the areas in which an area lies, from above to below.
async fn around(app: &TestApp, pcode: &str) -> Vec<String> {
    let text = "SELECT a.pcode AS pcode FROM area_closure c JOIN area a ON a.id = c.ancestor_id JOIN area b \
                ON b.id = c.descendant_id WHERE b.pcode = $1 ORDER BY c.depth DESC";
    let found = app.app.store.rows(text, vec![pcode.into()]).await.unwrap();
    found.iter().map(|row| row.try_get("", "pcode").unwrap()).collect()
}

async fn a_file_twice_changes_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    World::fill(&app).await;
    let first = take(&app, &fixture()).await;
    assert!(first.problems.is_empty(), "{first:?}");
    let counts =
        |report: &Report| [report.added, report.changed, report.unchanged, report.added_around, report.boundaries];
    assert_eq!((first.level, counts(&first)), (2, [4, 0, 0, 1, 3]), "one region was known, one was not");
    assert_eq!(first.remarks.len(), 3, "two were wound the wrong way, and one has no geometry: {first:?}");
    assert_eq!(around(&app, "XX0202").await, ["XX", "XX02", "XX0202"]);
    let again = take(&app, &fixture()).await;
    assert_eq!(counts(&again), [0, 0, 4, 0, 0]);
    let kept = "SELECT name, names, valid_from FROM area WHERE pcode = 'XX0201'";
    let kept = &app.app.store.rows(kept, vec![]).await.unwrap()[0];
    let text = |column: &str| kept.try_get::<String>("", column).unwrap();
    assert_eq!((text("name"), text("valid_from")), ("Old Harbor".into(), "2024-01-15".into()));
    assert_eq!(serde_json::from_str::<Value>(&text("names")).unwrap(), json!({ "ar": "ميناء", "en": "Old Harbor" }));
}

async fn one_bad_row_keeps_all_out(engine: Engine) {
    let app = TestApp::start(engine).await;
    World::fill(&app).await;
    let before = (app.count("area").await, app.count("area_closure").await);
    let bad = changed(|features| {
        features[0]["geometry"]["coordinates"][0].as_array_mut().unwrap().pop();
        features[2]["properties"]["validOn"] = json!("soon");
        features[3]["properties"]["ADM1_PCODE"] = json!(null);
    });
    let report = take(&app, &bad).await;
    assert_eq!(report.problems.iter().map(|note| note.row).collect::<Vec<_>>(), [1, 3, 4], "{report:?}");
    // A problem that only the database knows is found in the middle of the writing.
    take(&app, &changed(|features| features.truncate(1))).await;
    let before_second = app.count("area").await;
    let elsewhere = changed(|features| {
        features[0]["properties"]["ADM2_EN"] = json!("Renamed");
        features[1]["properties"]["ADM1_PCODE"] = json!("XX09");
        features[1]["properties"]["ADM1_EN"] = json!(null);
    });
    let report = take(&app, &elsewhere).await;
    assert_eq!(report.problems.iter().map(|note| note.row).collect::<Vec<_>>(), [2], "{report:?}");
    assert_eq!(app.count("area").await, before_second, "nothing was written");
    let renamed = app.app.store.rows("SELECT id FROM area WHERE name = 'Renamed'", vec![]).await.unwrap();
    assert!(renamed.is_empty());
    assert_eq!((before_second, app.count("area_boundary").await), (before.0 + 1, 1));
}

async fn an_area_that_moves_takes_its_services_along(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    take(&app, &fixture()).await;
    let moved = area(&app, "XX0102").await;
    let service = add_service(&app, world.provider, moved, Some(3)).await;
    let report = take(
        &app,
        &changed(|features| {
            features[1]["properties"]["ADM1_PCODE"] = json!("XX02");
            features[1]["properties"]["validTo"] = json!("2026-12-31");
            features.remove(0);
        }),
    )
    .await;
    assert_eq!((report.problems.len(), report.changed, report.not_named), (0, 1, 1), "{report:?}");
    assert_eq!(around(&app, "XX0102").await, ["XX", "XX02", "XX0102"]);
    assert_eq!(around(&app, "XX0101").await, ["XX", "XX01", "XX0101"], "what the file does not name stays");
    let reach = "SELECT a.pcode AS pcode FROM service_reach r JOIN area a ON a.id = r.area_id WHERE r.service_id = $1 ORDER BY a.pcode";
    let reach = app.app.store.rows(reach, vec![service.into()]).await.unwrap();
    let reach: Vec<String> = reach.iter().map(|row| row.try_get("", "pcode").unwrap()).collect();
    assert_eq!(
        reach,
        ["XX", "XX01", "XX0102", "XX02"]
            .iter()
            .filter(|code| **code != "XX01")
            .map(|code| (*code).to_owned())
            .collect::<Vec<_>>()
    );
}

async fn another_edition_has_areas_of_its_own(engine: Engine) {
    let app = TestApp::start(engine).await;
    World::fill(&app).await;
    take(&app, &fixture()).await;
    let options = Options { country: "XX".into(), edition: "2027".into(), dry_run: true };
    let areas = app.count("area").await;
    let report = import(&app.app, &fixture(), &options).await.unwrap();
    assert_eq!((report.added, app.count("area").await), (4, areas), "a dry run writes nothing");
    let report = import(&app.app, &fixture(), &Options { dry_run: false, ..options }).await.unwrap();
    assert_eq!((report.added, report.added_around, app.count("area").await), (4, 0, areas + 4));
    assert!(
        import(&app.app, &fixture(), &Options { country: "xx".into(), edition: String::new(), dry_run: true })
            .await
            .is_err()
    );
}

on_both_engines!(
    a_file_twice_changes_nothing,
    one_bad_row_keeps_all_out,
    an_area_that_moves_takes_its_services_along,
    another_edition_has_areas_of_its_own,
);
