//! What is known about whom a case is about can be completed later, and nobody is taken for grown up for lack of a word.

use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::verbs::{Story, done, rule, tried};
use crate::support::world::World;
use serde_json::{Value, json};

const FACTS: &str = "case { version ageBand sex language areaId returnFacts { voluntariness assistance } }";

async fn missing(app: &TestApp, world: &World, story: &Story) -> Value {
    let sent = story.referral(world.service);
    tried(app, &world.case_manager, "createReferral", sent, "").await["userErrors"][0]["missing"].clone()
}

async fn nothing_is_sent_before_it_is_known_whether_the_person_is_a_child(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    let change =
        |version: i32, band: Value| json!({ "caseId": story.case, "expectedVersion": version, "ageBand": band });
    done(&app, &world.case_manager, "updateCase", change(3, Value::Null), "").await;
    assert_eq!(missing(&app, &world, &story).await, json!(["AGE"]));
    done(&app, &world.case_manager, "updateCase", change(4, json!("FROM_12_TO_17")), "").await;
    assert_eq!(missing(&app, &world, &story).await, json!(["GUARDIAN_CONSENT", "CAREGIVER_INFORMED", "CHILD_VIEW"]));
    let birth = json!({ "caseId": story.case, "expectedVersion": 5, "birthDate": "2010-01-01" });
    done(&app, &world.case_manager, "setPerson", birth, "").await;
    done(&app, &world.case_manager, "updateCase", change(6, json!("FROM_25_TO_39")), "").await;
    let still = missing(&app, &world, &story).await;
    assert_eq!(
        still,
        json!(["GUARDIAN_CONSENT", "CAREGIVER_INFORMED", "CHILD_VIEW"]),
        "a band does not make a child grow up"
    );
    // With a birth date alone it is known.
    let birth = json!({ "caseId": story.case, "expectedVersion": 7, "birthDate": "1990-01-01" });
    done(&app, &world.case_manager, "setPerson", birth, "").await;
    done(&app, &world.case_manager, "updateCase", change(8, Value::Null), "").await;
    assert_eq!(missing(&app, &world, &story).await, Value::Null);
}

async fn what_is_not_given_stays_and_what_is_null_is_no_longer_known(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    let facts = json!({ "voluntariness": "OBLIGED" });
    let input = json!({ "caseId": story.case, "expectedVersion": 3, "sex": null, "returnFacts": facts });
    let seen = done(&app, &world.case_manager, "updateCase", input.clone(), FACTS).await["case"].clone();
    let area = seen["areaId"].clone();
    assert!(area.is_string());
    let expected = json!({ "version": 4, "ageBand": "FROM_25_TO_39", "sex": null, "language": "fr", "areaId": area,
        "returnFacts": { "voluntariness": "OBLIGED", "assistance": null } });
    assert_eq!(seen, expected);
    assert_eq!(rule(&app, &world.case_manager, "updateCase", input).await, "STALE_VERSION");
    let input =
        json!({ "caseId": story.case, "expectedVersion": 4, "areaId": null, "language": "wo", "returnFacts": null });
    let seen = done(&app, &world.case_manager, "updateCase", input, FACTS).await["case"].clone();
    let expected = json!({ "version": 5, "ageBand": "FROM_25_TO_39", "sex": null, "language": "wo", "areaId": null,
        "returnFacts": null });
    assert_eq!(seen, expected);
    let input = json!({ "caseId": story.case, "expectedVersion": 5, "returnFacts": { "hostCountry": "Germany" } });
    let refused = tried(&app, &world.case_manager, "updateCase", input, "").await;
    assert_eq!(refused["userErrors"][0]["field"], json!(["returnFacts", "hostCountry"]), "{refused}");
}

/// A ministry that holds a case writes what it was told of the return, and changes the rest without losing it.
async fn a_government_changes_a_case_and_reads_no_return(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open_by(&app, &world, &world.official, world.provider).await;
    let input = json!({ "caseId": story.case, "expectedVersion": 3, "returnFacts": { "voluntariness": "OBLIGED" } });
    let seen = done(&app, &world.official, "updateCase", input, FACTS).await;
    assert_eq!(seen["case"]["returnFacts"], Value::Null);
    let input = json!({ "caseId": story.case, "expectedVersion": 4, "sex": "MALE" });
    done(&app, &world.official, "updateCase", input, FACTS).await;
    assert_eq!(app.count("case_file WHERE return_facts_sealed IS NOT NULL AND sex = 'MALE'").await, 1);
}

async fn what_changes_after_a_consent_expired_is_not_shown(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    let sent = story.refer(&app, &world).await;
    let change = |version: i32, language: &str| json!({ "caseId": story.case, "expectedVersion": version, "language": language });
    done(&app, &world.case_manager, "updateCase", change(3, "wo"), "").await;
    let seen = sent.seen_by(&app, &world.intake, "person { ageBand language }").await;
    assert_eq!(seen["person"], json!({ "ageBand": "FROM_25_TO_39", "language": "wo" }), "as it is now");
    crate::support::seed::run(&app, "UPDATE consent SET expires_on = '2026-11-24'", vec![]).await;
    done(&app, &world.case_manager, "updateCase", change(4, "ff"), "").await;
    let seen = sent.seen_by(&app, &world.intake, "person { ageBand language }").await;
    assert_eq!(seen["person"], json!({ "ageBand": "FROM_25_TO_39", "language": null }), "nothing new");
}

on_both_engines!(
    nothing_is_sent_before_it_is_known_whether_the_person_is_a_child,
    what_is_not_given_stays_and_what_is_null_is_no_longer_known,
    a_government_changes_a_case_and_reads_no_return,
    what_changes_after_a_consent_expired_is_not_shown,
);
