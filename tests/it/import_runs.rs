//! Imports that are looked at first, services that two publishers have, and the words of a source, on both engines.

use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::imports::{MAP, NDJSON, first_version, map, options, rows, service_named, take};
use crate::support::verbs::done;
use crate::support::world::add_member;
use passerelle::domain::code::Code as _;
use passerelle::domain::import_run::{ConflictCause, ConflictDecision, ImportRun, RunStatus, Verdict};
use passerelle::domain::rule::{Failure, RuleCode};
use passerelle::hsds::{CategoryMap, Directory, Reason, ndjson};
use passerelle::usecase::import::{
    Options, apply_run, conflicts, decide, load_crosswalk, preview, quarantine, refuse_run, render_differences,
    render_differences_json,
};
use serde_json::json;

const TRAINING: &str = "Formation professionnelle en menuiserie";
const ADVICE: &str = "Conseil juridique";

fn directory(text: &str) -> Directory {
    ndjson::read_bytes(text.as_bytes()).unwrap()
}

async fn looked(app: &TestApp, directory: &Directory, map: &CategoryMap, options: &Options) -> ImportRun {
    preview(&app.app, directory, map, options, &mut |_| {}).await.unwrap().0
}

fn count(run: &ImportRun, verdict: Verdict) -> usize {
    run.differences.iter().filter(|difference| difference.verdict == verdict).count()
}

fn broken<T>(outcome: Result<T, Failure>) -> RuleCode {
    match outcome {
        Err(Failure::Rules(rules)) => rules[0].code,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was done"),
    }
}

async fn a_preview_tells_field_by_field_and_is_applied_just_so(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (map, options) = (map(&app, MAP).await, options("town"));
    let first = directory(NDJSON);
    let before = rows(&app).await;
    let run = looked(&app, &first, &map, &options).await;
    assert_eq!(rows(&app).await, before, "a preview writes nothing of the directory");
    assert_eq!((count(&run, Verdict::Added), count(&run, Verdict::Changed)), (10, 0), "3 organizations, 7 services");
    let report = apply_run(&app.app, run.id, (&first, &map, &options), &mut |_| {}).await.unwrap();
    assert_eq!(report.counts.services.new, 7);
    let again = apply_run(&app.app, run.id, (&first, &map, &options), &mut |_| {}).await;
    assert_eq!(broken(again), RuleCode::NotNow, "a run is applied once");

    // Another name, another description, another place, and one service less.
    let text =
        NDJSON.replace(TRAINING, "Menuiserie").replace("Six mois", "Huit mois").replace("Atelier du port", "Gare");
    let kept: Vec<&str> = text.lines().filter(|line| !line.contains("Conseil juridique")).collect();
    let newer = directory(&kept.join("\n"));
    let run = looked(&app, &newer, &map, &options).await;
    let changed =
        run.differences.iter().find(|one| one.verdict == Verdict::Changed && one.entity == "service").unwrap();
    let fields: Vec<(&str, &str)> = changed.fields.iter().map(|one| (one.field.as_str(), one.to.as_str())).collect();
    assert!(fields.contains(&("name", "Menuiserie")), "{fields:?}");
    assert!(fields.iter().any(|(field, to)| *field == "description" && to.starts_with("Huit mois")), "{fields:?}");
    let name = changed.fields.iter().find(|one| one.field == "name").unwrap();
    assert_eq!(name.from, TRAINING);
    let expected = ["description", "name", "service_at_locations"];
    let mut names: Vec<&str> = fields.iter().map(|(field, _)| *field).collect();
    names.sort_unstable();
    assert_eq!(names, expected, "nothing else has changed");
    let moved = run.differences.iter().find(|one| one.entity == "location").unwrap();
    assert_eq!((moved.fields[0].from.as_str(), moved.fields[0].to.as_str()), ("Atelier du port", "Gare"));
    let gone = run.differences.iter().find(|one| one.verdict == Verdict::Gone).unwrap();
    assert_eq!(gone.name, "Conseil juridique");
    let mut told = Vec::new();
    render_differences(&run, &mut told).unwrap();
    render_differences_json(&run, &mut told).unwrap();
    let told = String::from_utf8(told).unwrap();
    assert!(told.contains(&format!("name: \"{TRAINING}\" -> \"Menuiserie\"")), "{told}");
    assert!(told.contains("GONE\t1\n"), "{told}");

    // Other hours are told of where they stand, in words.
    let later = directory(&NDJSON.replace("09:00+01:00", "08:00+01:00"));
    let run = looked(&app, &later, &map, &options).await;
    let hours: Vec<_> = run.differences.iter().flat_map(|one| &one.fields).collect();
    assert!(!hours.is_empty() && hours.iter().all(|one| one.field == "schedules"), "{hours:?}");
    assert!(hours[0].from.contains("09:00–16:00") && hours[0].to.contains("08:00–16:00"), "{hours:?}");
    refuse_run(&app.app, run.id).await.unwrap();
    let run = looked(&app, &newer, &map, &options).await;

    // Something changes in between, then another file is handed in: neither is what was shown.
    let (training, owner) = service_named(&app, TRAINING).await;
    let member = add_member(&app, owner, "SUPERVISOR").await;
    let mut pause = first_version(training);
    pause["reason"] = json!("No staff");
    done(&app, &member, "pauseService", pause, "service { id }").await;
    let before = rows(&app).await;
    let late = apply_run(&app.app, run.id, (&newer, &map, &options), &mut |_| {}).await;
    assert_eq!(broken(late), RuleCode::StaleVersion);
    let other = apply_run(&app.app, run.id, (&first, &map, &options), &mut |_| {}).await;
    assert_eq!(broken(other), RuleCode::StaleVersion);
    assert_eq!(rows(&app).await, before);
    refuse_run(&app.app, run.id).await.unwrap();
    assert_eq!(app.app.store.import_run(run.id).await.unwrap().unwrap().status, RunStatus::Refused);
    assert_eq!(broken(refuse_run(&app.app, run.id).await), RuleCode::NotNow);
    assert_eq!(broken(refuse_run(&app.app, uuid::Uuid::nil()).await), RuleCode::NotFound);
}

async fn two_publishers_of_one_service_are_shown_and_somebody_decides(engine: Engine) {
    let app = TestApp::start(engine).await;
    let map = map(&app, MAP).await;
    let mine = directory(NDJSON);
    take(&app, &mine, &map, &options("town")).await;
    // Another publisher has the training under an id of its own: the same name, organization and place.
    let line = NDJSON.lines().find(|line| line.contains(TRAINING)).unwrap();
    let id =
        &mine.organizations.iter().flat_map(|one| &one.services).find(|one| one.name == TRAINING).unwrap().source_id;
    let theirs = directory(&line.replace(id.as_str(), "17").replace("Gratuit", "10 euros"));
    let before = rows(&app).await;
    let run = looked(&app, &theirs, &map, &options("region")).await;
    assert_eq!(count(&run, Verdict::Conflict), 1);
    assert!(conflicts(&app.app, None).await.unwrap().is_empty(), "a preview keeps no conflict");
    for _ in 0..2 {
        let report = take(&app, &theirs, &map, &options("region")).await;
        assert!(report.rows.iter().any(|row| row.row.reason == Reason::Conflict && !row.row.taken));
        let mut after = rows(&app).await;
        after.get_mut("outbox").unwrap().retain(|told| told != "IMPORT_CONFLICT_FOUND1");
        assert_eq!(after, before, "nothing is written over, and no empty organization stands beside");
        assert_eq!(app.count("notification WHERE kind = 'IMPORT_CONFLICT_FOUND'").await, 1, "told once");
    }
    let before = rows(&app).await;
    let all = conflicts(&app.app, Some("region")).await.unwrap();
    assert_eq!((all.len(), all[0].cause, all[0].decision), (1, ConflictCause::SameNameAndPlace, None));
    let standing = service_named(&app, TRAINING).await.0;
    assert_eq!(uuid::Uuid::from(all[0].standing), standing);

    decide(&app.app, all[0].id, ConflictDecision::KeepStanding).await.unwrap();
    let report = take(&app, &theirs, &map, &options("region")).await;
    assert!(report.rows.iter().any(|row| row.row.reason == Reason::StandingKept));
    assert_eq!(rows(&app).await, before);

    decide(&app.app, all[0].id, ConflictDecision::TakeIncoming).await.unwrap();
    let report = take(&app, &theirs, &map, &options("region")).await;
    assert_eq!(report.counts.services.new, 1);
    let seen = rows(&app).await["service"].join("\n");
    assert!(seen.contains(&format!("{TRAINING}/2/RETIRED")), "{seen}");
    assert_eq!(seen.matches(&format!("{TRAINING}/1/PUBLISHED")).count(), 1, "{seen}");

    // The same identifier is enough, whatever the name; a number that is no UUID says nothing.
    let line = NDJSON.lines().find(|line| line.contains(ADVICE)).unwrap();
    let renamed = directory(&line.replace(ADVICE, "Bois"));
    take(&app, &renamed, &map, &options("third")).await;
    let all = conflicts(&app.app, Some("third")).await.unwrap();
    assert_eq!((all.len(), all[0].cause), (1, ConflictCause::SameIdentifier));
    decide(&app.app, all[0].id, ConflictDecision::KeepBoth).await.unwrap();
    assert_eq!(take(&app, &renamed, &map, &options("third")).await.counts.services.new, 1);
    let id = &renamed.organizations[0].services[0].source_id;
    let numbered = directory(&line.replace(id.as_str(), "17").replace(ADVICE, "Pierre"));
    assert_eq!(take(&app, &numbered, &map, &options("fourth")).await.counts.services.new, 1);
    assert_eq!(broken(decide(&app.app, uuid::Uuid::nil(), ConflictDecision::KeepBoth).await), RuleCode::NotFound);
}

async fn a_source_keeps_its_own_words_through_a_crosswalk(engine: Engine) {
    let app = TestApp::start(engine).await;
    let directory = directory(NDJSON);
    let nothing = CategoryMap::default();
    let report = take(&app, &directory, &nothing, &options("town")).await;
    assert_eq!(report.counts.unclassified, 7);
    let words = quarantine(&app.app, "town").await.unwrap();
    let shelter = words.iter().find(|word| word.code == "EMERGENCY_HOME").unwrap();
    assert_eq!((shelter.scheme.as_str(), shelter.label.as_str()), ("Fields of work", "Emergency shelter"));
    assert!(words.iter().any(|word| word.suggestion.is_some()), "{words:?}");

    let found = app.app.store.rows("SELECT code FROM category ORDER BY code", vec![]).await.unwrap();
    let codes: Vec<String> = found.iter().map(|row| row.try_get("", "code").unwrap()).collect();
    let category = |of: &str| codes.iter().find(|code| code.contains(of)).unwrap().clone();
    let (first, second) = (category("SHELTER"), category("LEGAL"));
    let file =
        format!("scheme,code,category,edition,label\nFields of work,EMERGENCY_HOME,{first},2026a,Emergency shelter\n");
    let loaded = load_crosswalk(&app.app, "town", file.as_bytes()).await.unwrap();
    assert_eq!((loaded.rows, loaded.in_force), (1, 1));
    let run = looked(&app, &directory, &nothing, &options("town")).await;
    assert_eq!(count(&run, Verdict::Changed), 1);
    let report = take(&app, &directory, &nothing, &options("town")).await;
    assert_eq!((report.counts.unclassified, report.counts.services.changed), (6, 1));
    let words = quarantine(&app.app, "town").await.unwrap();
    assert!(words.iter().all(|word| word.code != "EMERGENCY_HOME"), "it no longer waits");
    let before = rows(&app).await;
    take(&app, &directory, &nothing, &options("town")).await;
    assert_eq!(rows(&app).await, before);

    // A later edition takes over from its day on; the earlier one stays, and another source has its own words.
    let later =
        format!("scheme,code,category,edition,valid_from\nFields of work,EMERGENCY_HOME,{second},2026b,2026-01-01\n");
    load_crosswalk(&app.app, "town", later.as_bytes()).await.unwrap();
    let far =
        format!("scheme,code,category,edition,valid_from\nFields of work,EMERGENCY_HOME,{first},2099,2099-01-01\n");
    let loaded = load_crosswalk(&app.app, "town", far.as_bytes()).await.unwrap();
    assert_eq!(loaded.in_force, 1);
    assert_eq!(app.count("crosswalk").await, 3, "old mappings stay");
    assert!(app.app.store.crosswalk("other", "2026-11-25").await.unwrap().is_empty());
    let wrong = "scheme,code,category,edition\nFields of work,X,NO.SUCH,1\n";
    assert_eq!(broken(load_crosswalk(&app.app, "town", wrong.as_bytes()).await), RuleCode::NotFound);
    assert_eq!(Verdict::Quarantined.code(), "QUARANTINED");
}

on_both_engines!(
    a_preview_tells_field_by_field_and_is_applied_just_so,
    two_publishers_of_one_service_are_shown_and_somebody_decides,
    a_source_keeps_its_own_words_through_a_crosswalk,
);
