//! Importing of an invented HSDS directory, on both engines.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::imports::{MAP, NDJSON, first_version, map, options, rows, service_named, take};
use crate::support::verbs::{Story, done, rule};
use crate::support::world::{World, add_area, add_member, add_organization, add_service, gid};
use passerelle::domain::global_id::Kind;
use passerelle::domain::import_run::ConflictDecision;
use passerelle::hsds::{Reason, ndjson, read};
use passerelle::usecase::import::{Count, Options, Report, conflicts, decide, derived_id, import, render, render_json};
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::PathBuf;
use uuid::Uuid;

const TRAINING: &str = "Formation professionnelle en menuiserie";
const SHELTER: &str = "Accueil de nuit pour femmes";
const CLOSED: &str = "Conseil juridique";
const UNCLASSIFIED: &str = "أمسيات ثقافية";

fn new(new: usize) -> Count {
    Count { new, ..Count::default() }
}

fn unchanged(unchanged: usize) -> Count {
    Count { unchanged, ..Count::default() }
}

fn tells(report: &Report, entity: &str, reason: Reason, taken: bool) -> bool {
    report.rows.iter().any(|row| row.row.entity == entity && row.row.reason == reason && row.row.taken == taken)
}

async fn the_same_file_twice_changes_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (directory, map) = (ndjson::read_bytes(NDJSON.as_bytes()).unwrap(), map(&app, MAP).await);
    let empty = rows(&app).await;
    let dry = take(&app, &directory, &map, &Options { dry_run: true, ..options("town") }).await;
    assert_eq!(rows(&app).await, empty, "a dry run writes nothing");

    let (statements, report) = app.statements(take(&app, &directory, &map, &options("town"))).await;
    assert!(statements <= 60, "{statements} statements for 7 services of 3 organizations");
    let counts = report.counts;
    assert_eq!(counts, dry.counts, "a dry run tells what would be done");
    assert_eq!(report.rows, dry.rows);
    assert_eq!((counts.organizations, counts.services), (new(3), Count { new: 7, refused: 1, ..Count::default() }));
    assert_eq!(counts.places, new(7));
    assert_eq!((counts.unclassified, counts.closed_for_referrals), (1, 1));
    assert_eq!(app.count("service").await, 7);
    assert_eq!(app.count("service_at_location").await, 7);
    assert_eq!(app.count("audit").await, 10, "one for each organization and service");
    assert_eq!(app.count("outbox").await, 7);
    assert_eq!(app.count("event").await, 0, "nobody acted");
    // The row without a name, and a word the map does not know.
    assert!(tells(&report, "service", Reason::MissingRequired, false));
    assert!(tells(&report, "service", Reason::Unclassified, true));
    assert!(tells(&report, "taxonomy_term", Reason::NotMapped, true));
    assert!(tells(&report, "service_area", Reason::UnknownArea, true));
    let mut told = Vec::new();
    render(&report, &mut told).unwrap();
    render_json(&report, &mut told).unwrap();
    let told = String::from_utf8(told).unwrap();
    assert!(told.contains("services\t7\t0\t0\t1\n") && !told.contains("Invented Person"), "{told}");

    let before = rows(&app).await;
    let (statements, again) = app.statements(take(&app, &directory, &map, &options("town"))).await;
    assert_eq!(rows(&app).await, before, "the second run writes nothing");
    assert!(statements <= 7, "{statements} statements for nothing to do");
    assert_eq!((again.counts.organizations, again.counts.places), (unchanged(3), unchanged(7)));
    assert_eq!(again.counts.services, Count { unchanged: 7, refused: 1, ..Count::default() });
}

async fn both_forms_give_the_same_rows(engine: Engine) {
    let lines = TestApp::start(engine).await;
    let map_of_lines = map(&lines, MAP).await;
    let directory = ndjson::read_bytes(NDJSON.as_bytes()).unwrap();
    take(&lines, &directory, &map_of_lines, &options("town")).await;
    let tables = TestApp::start(engine).await;
    let path = std::env::temp_dir().join(format!("passerelle-import-{}.zip", Uuid::now_v7()));
    std::fs::write(&path, packed()).unwrap();
    let directory = read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let map_of_tables = map(&tables, MAP).await;
    take(&tables, &directory, &map_of_tables, &options("town")).await;
    assert_eq!(rows(&tables).await, rows(&lines).await);
    // Over the other form's rows it has nothing to do either.
    let report = take(&lines, &directory, &map_of_lines, &options("town")).await;
    assert_eq!(report.counts.services.unchanged, 7);
}

/// The tabular package as an archive.
fn packed() -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/hsds/package");
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        writer.start_file(entry.file_name().to_str().unwrap(), zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(&std::fs::read(entry.path()).unwrap()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

async fn an_organization_is_taken_whole_or_not_at_all(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (directory, map) = (ndjson::read_bytes(NDJSON.as_bytes()).unwrap(), map(&app, MAP).await);
    let stranger = add_organization(&app, "Stranger", r#"["SERVICE_PROVIDER"]"#).await;
    let area = add_area(&app, "XX", 0, None, "Country").await;
    // The last service of the first organization can't be written: its key is taken.
    let broken = &directory.organizations[0];
    let last = broken.services.last().unwrap();
    let theirs = add_service(&app, stranger, area, None).await;
    rename_key(&app, theirs, derived_id("town", "service", &last.source_id)).await;

    let report = take(&app, &directory, &map, &options("town")).await;
    let lost = broken.services.len();
    assert_eq!(report.counts.organizations, Count { new: 2, refused: 1, ..Count::default() });
    assert_eq!(report.counts.services, Count { new: 7 - lost, refused: lost + 1, ..Count::default() });
    assert!(tells(&report, "organization", Reason::NotStored, false));
    assert_eq!(app.count("organization").await, 3, "the stranger and two");
    assert_eq!(app.count("service").await, 1 + 7 - i64::try_from(lost).unwrap());
    let remembered = rows(&app).await["import_source"].join("\n");
    assert!(!remembered.contains(&broken.source_id) && !remembered.contains(&last.source_id));
    // Nothing changed about the stranger's.
    let (key, owner) = service_named(&app, "Vocational training").await;
    assert_eq!((key, owner), (derived_id("town", "service", &last.source_id), stranger));
}

/// Gives a service without references another key.
async fn rename_key(app: &TestApp, from: Uuid, to: Uuid) {
    let tx = app.app.store.begin().await.unwrap();
    let derived = ["search_word", "search_service", "search_document", "service_point"];
    for table in derived.into_iter().chain(["service_reach", "service_at_location", "capacity", "service_free"]) {
        tx.run(&format!("DELETE FROM {table} WHERE service_id = $1"), vec![from.into()]).await.unwrap();
    }
    tx.run("UPDATE service SET id = $1 WHERE id = $2", vec![to.into(), from.into()]).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_supplied_id_never_hits_another_publishers_row(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (directory, map) = (ndjson::read_bytes(NDJSON.as_bytes()).unwrap(), map(&app, MAP).await);
    let stranger = add_organization(&app, "Stranger", r#"["SERVICE_PROVIDER"]"#).await;
    let area = add_area(&app, "XX", 0, None, "Country").await;
    let supplied = Uuid::parse_str(&directory.organizations[0].services[0].source_id).unwrap();
    let theirs = add_service(&app, stranger, area, None).await;
    rename_key(&app, theirs, supplied).await;
    let report = take(&app, &directory, &map, &options("town")).await;
    assert_eq!(report.counts.services.new, 6, "whether it is the stranger's has to be decided");
    let open = conflicts(&app.app, None).await.unwrap();
    assert_eq!((open.len(), Uuid::from(open[0].standing)), (1, supplied));
    decide(&app.app, open[0].id, ConflictDecision::KeepBoth).await.unwrap();
    let report = take(&app, &directory, &map, &options("town")).await;
    assert_eq!((report.counts.services.new, report.counts.services.unchanged), (1, 6));
    assert_eq!(service_named(&app, "Vocational training").await, (supplied, stranger));
    // The same file from another publisher touches nothing of it: somebody has to decide.
    let other = take(&app, &directory, &map, &options("other town")).await;
    assert_eq!(other.counts.services, Count { new: 1, refused: 7, ..Count::default() }, "one is retired here");
    assert!(tells(&other, "service", Reason::Conflict, false));
    assert_eq!(app.count("service").await, 9);
    let again = take(&app, &directory, &map, &options("town")).await;
    assert_eq!(again.counts.services.unchanged, 7);
}

async fn imported_services_are_shown_as_far_as_is_safe(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (directory, map) = (ndjson::read_bytes(NDJSON.as_bytes()).unwrap(), map(&app, MAP).await);
    take(&app, &directory, &map, &options("town")).await;
    let select = "name closedBecause isOpenForReferrals assuredOn category { code } contacts { role phone } openPlaces";
    let by_id = format!("query($id: ID!) {{ service(by: {{ id: $id }}) {{ {select} }} }}");
    let seen = async |who: &Persona, name: &str| {
        let (service, _) = service_named(&app, name).await;
        app.run(who, &by_id, json!({ "id": gid(Kind::Service, service) })).await["service"].clone()
    };
    let (public, partner) = (Persona::public(), &world.case_manager);

    let training = seen(partner, TRAINING).await;
    assert_eq!(training["closedBecause"], json!("STALE"), "nobody confirmed it");
    assert_eq!((&training["assuredOn"], &training["openPlaces"]), (&json!(null), &json!(1)), "rounded for a partner");
    assert_eq!(training["contacts"][0]["phone"], json!("+212 500 000 000"));
    assert_eq!(seen(&public, TRAINING).await["contacts"], json!([]), "the public sees no contacts");
    assert_eq!(seen(&public, SHELTER).await, json!(null), "the public sees no shelter");
    assert_eq!(seen(partner, SHELTER).await["category"]["code"], json!("ARR.TEMP_SHELTER"));
    assert_eq!(seen(partner, CLOSED).await["closedBecause"], json!("NO_REFERRALS"));
    assert_eq!(seen(&public, UNCLASSIFIED).await["closedBecause"], json!("UNCLASSIFIED"));

    let counted = "{ services(filter: { unclassified: true }) { totalCount nodes { name } } }";
    let counted = app.run(&public, counted, json!({})).await;
    assert_eq!(counted["services"], json!({ "totalCount": 1, "nodes": [{ "name": UNCLASSIFIED }] }));

    for name in [UNCLASSIFIED, CLOSED] {
        let (service, owner) = service_named(&app, name).await;
        let member = add_member(&app, owner, "SUPERVISOR").await;
        done(&app, &member, "verifyService", first_version(service), "service { id }").await;
        let story = Story::open_by(&app, &world, partner, owner).await;
        assert_eq!(rule(&app, partner, "createReferral", story.referral(service)).await, "SERVICE_CLOSED", "{name}");
    }
    let (service, owner) = service_named(&app, TRAINING).await;
    let story = Story::open_by(&app, &world, partner, owner).await;
    assert_eq!(rule(&app, partner, "createReferral", story.referral(service)).await, "SERVICE_STALE");
    let member = add_member(&app, owner, "DIRECTORY_EDITOR").await;
    done(&app, &member, "verifyService", first_version(service), "service { id }").await;
    story.refer_to(&app, partner, service).await;
}

/// The invented directory with its training changed: another name, another place, and one place of another.
fn changed() -> String {
    NDJSON.replace(TRAINING, "Menuiserie, deuxième année").replace("Atelier du port", "Atelier de la gare")
}

async fn what_changed_is_written_and_what_a_member_changed_is_left(engine: Engine) {
    let app = TestApp::start(engine).await;
    let map = map(&app, MAP).await;
    let directory = ndjson::read_bytes(NDJSON.as_bytes()).unwrap();
    take(&app, &directory, &map, &options("town")).await;
    let (training, _) = service_named(&app, TRAINING).await;
    let (shelter, owner) = service_named(&app, SHELTER).await;
    let places = app.count("service_at_location").await;

    let newer = ndjson::read_bytes(changed().as_bytes()).unwrap();
    let report = take(&app, &newer, &map, &options("town")).await;
    let services = report.counts.services;
    assert_eq!((services.new, services.changed, services.unchanged), (0, 2, 5), "two are given at the workshop");
    assert_eq!(report.counts.places.changed, 2);
    assert_eq!(service_named(&app, "Menuiserie, deuxième année").await.0, training);
    assert!(rows(&app).await["service"].iter().any(|row| row.starts_with("Menuiserie, deuxième année/2/")));
    assert_eq!(app.count("service_at_location").await, places);

    // A member pauses the shelter; then the source changes it, drops a service and moves on.
    let member = add_member(&app, owner, "SUPERVISOR").await;
    let mut pause = first_version(shelter);
    pause["reason"] = json!("No staff");
    done(&app, &member, "pauseService", pause, "service { id }").await;
    let text = changed().replace("Un lit et une écoute.", "Deux lits.");
    let kept: Vec<&str> = text.lines().filter(|line| !line.contains(CLOSED)).collect();
    let newest = ndjson::read_bytes(kept.join("\n").as_bytes()).unwrap();
    let report = take(&app, &newest, &map, &options("town")).await;
    assert!(tells(&report, "service", Reason::ChangedByMember, false));
    assert!(tells(&report, "service", Reason::NoLongerListed, false));
    assert_eq!((report.counts.services.changed, report.counts.services.refused), (0, 2));
    let before = rows(&app).await;
    assert!(before["service"].iter().any(|row| row.starts_with(&format!("{SHELTER}/2/PAUSED"))), "{before:#?}");
    assert!(before["service"].iter().any(|row| row.starts_with(CLOSED)), "it stays");
    // Told again, and nothing written, as long as it is so.
    let again = take(&app, &newest, &map, &options("town")).await;
    assert!(tells(&again, "service", Reason::ChangedByMember, false));
    assert!(tells(&again, "service", Reason::NoLongerListed, false));
    assert_eq!(rows(&app).await, before);
}

async fn a_new_map_and_new_areas_are_taken_up(engine: Engine) {
    let app = TestApp::start(engine).await;
    let directory = ndjson::read_bytes(NDJSON.as_bytes()).unwrap();
    let nothing = passerelle::hsds::CategoryMap::default();
    let report = take(&app, &directory, &nothing, &options("town")).await;
    assert_eq!(report.counts.unclassified, 7);
    assert_eq!(app.count("service_reach").await, 0);
    let country = add_area(&app, "XX", 0, None, "Country").await;
    add_area(&app, "XX02", 1, Some(country), "North Province").await;
    let report = take(&app, &directory, &map(&app, MAP).await, &options("town")).await;
    assert_eq!((report.counts.unclassified, report.counts.services.changed), (1, 7));
    assert_eq!(app.count("service_area").await, 1, "the one that serves the north");
    assert_eq!(app.count("service_reach").await, 2);
}

async fn what_can_not_be_placed_is_refused(engine: Engine) {
    let app = TestApp::start(engine).await;
    let directory = ndjson::read_bytes(NDJSON.as_bytes()).unwrap();
    let nothing = passerelle::hsds::CategoryMap::default();
    let report = take(&app, &directory, &nothing, &Options { country: None, ..options("town") }).await;
    assert!(tells(&report, "organization", Reason::NoCountry, false));
    assert_eq!(report.counts.organizations, Count { new: 1, refused: 2, ..Count::default() });
    let wrong = Options { country: Some("Mali".into()), language: "FR".into(), source: " ".into(), ..options("town") };
    let refused = import(&app.app, &directory, &nothing, &wrong, &mut |_| {}).await;
    let told = format!("{refused:?}");
    assert!(["source", "country", "language"].iter().all(|field| told.contains(field)), "{told}");
    let map: Value = serde_json::from_str(MAP).unwrap();
    let foreign = map.to_string().replace("ARR.CASH", "NO.SUCH");
    let complaints = passerelle::usecase::import::category_map(&app.app, &foreign).await.unwrap().unwrap_err();
    assert!(complaints[0].to_string().contains("NO.SUCH"), "{complaints:?}");
}

/// Refuses every write of a row from now on.
async fn refuse_writes(app: &TestApp, engine: Engine) {
    let tx = app.app.store.begin().await.unwrap();
    let tables = match engine {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
        Engine::Postgres => "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()",
    };
    if engine == Engine::Postgres {
        let text =
            "CREATE FUNCTION written() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''written''; END'";
        tx.run(text, vec![]).await.unwrap();
    }
    for row in tx.rows(tables, vec![]).await.unwrap() {
        let table: String = row.try_get("", "name").unwrap();
        for doing in ["INSERT", "UPDATE", "DELETE"] {
            let name = format!("written_{table}_{doing}");
            let text = match engine {
                Engine::Sqlite => {
                    format!("CREATE TRIGGER {name} BEFORE {doing} ON {table} BEGIN SELECT RAISE(ABORT, 'written'); END")
                }
                Engine::Postgres => {
                    format!("CREATE TRIGGER {name} BEFORE {doing} ON {table} FOR EACH ROW EXECUTE FUNCTION written()")
                }
            };
            tx.run(&text, vec![]).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
}

async fn the_same_file_twice_writes_no_row_whatever_was_left(engine: Engine) {
    let app = TestApp::start(engine).await;
    let map = map(&app, MAP).await;
    let directory = ndjson::read_bytes(NDJSON.as_bytes()).unwrap();
    take(&app, &directory, &map, &options("town")).await;
    // A member has one service in hand, another publisher's service is held back, and one is no longer in the file.
    let (training, owner) = service_named(&app, TRAINING).await;
    let member = add_member(&app, owner, "SUPERVISOR").await;
    let mut pause = first_version(training);
    pause["reason"] = json!("No staff");
    done(&app, &member, "pauseService", pause, "service { id }").await;
    let text = NDJSON.replace("Six mois", "Huit mois");
    let kept: Vec<&str> = text.lines().filter(|line| !line.contains("Conseil juridique")).collect();
    let newer = ndjson::read_bytes(kept.join("\n").as_bytes()).unwrap();
    let line = NDJSON.lines().find(|line| line.contains("Conseil juridique")).unwrap();
    let theirs = ndjson::read_bytes(line.as_bytes()).unwrap();
    let region = options("region");
    for _ in 0..2 {
        take(&app, &newer, &map, &options("town")).await;
        take(&app, &theirs, &map, &region).await;
    }
    let before = rows(&app).await;
    refuse_writes(&app, engine).await;
    for (directory, options) in [(&newer, options("town")), (&theirs, region)] {
        let report = take(&app, directory, &map, &options).await;
        assert_eq!(report.lost(), 0, "nothing is written: {:?}", report.rows);
        assert!(report.rows.iter().any(|row| !row.row.taken), "what was left is told again");
    }
    assert_eq!(rows(&app).await, before);
}

on_both_engines!(
    the_same_file_twice_writes_no_row_whatever_was_left,
    the_same_file_twice_changes_nothing,
    both_forms_give_the_same_rows,
    an_organization_is_taken_whole_or_not_at_all,
    a_supplied_id_never_hits_another_publishers_row,
    imported_services_are_shown_as_far_as_is_safe,
    what_changed_is_written_and_what_a_member_changed_is_left,
    a_new_map_and_new_areas_are_taken_up,
    what_can_not_be_placed_is_refused,
);
