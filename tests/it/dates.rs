//! When help was given: never before it was asked for, and as its giver says last.

use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::Stage;
use crate::support::situations::plan::helping;
use crate::support::verbs::{done, tried};
use crate::support::world::World;
use serde_json::{Value, json};

async fn nothing_was_given_before_the_referral_was_sent(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, accepted) = stage.accepted().await;
    let (early, today) = ("2026-11-24", "2026-11-25");
    let refused = async |command: &str, more: Value| {
        let payload = tried(&app, &world.worker, command, accepted.input(more), "").await;
        let errors = payload["userErrors"].as_array().unwrap().clone();
        assert!(errors.iter().all(|error| error["code"] == "DATE_OUT_OF_RANGE"), "{errors:?}");
        errors.into_iter().map(|error| error["field"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(refused("startReferralService", json!({ "firstContactOn": early })).await, [json!(["firstContactOn"])]);
    let report = |contact: &str, service: &str, achieved: &str| {
        let mut outcomes = story.outcomes();
        outcomes[1]["achievedOn"] = json!(achieved);
        json!({ "serviceOn": service, "firstContactOn": contact, "outcomes": outcomes })
    };
    for (contact, service, achieved, fields) in [
        (early, today, today, vec![json!(["firstContactOn"])]),
        (early, early, today, vec![json!(["firstContactOn"]), json!(["serviceOn"])]),
        (today, today, early, vec![json!(["outcomes", "1", "achievedOn"])]),
    ] {
        assert_eq!(refused("completeReferral", report(contact, service, achieved)).await, fields);
    }
    accepted.act(&app, &world.worker, "completeReferral", report(today, today, today)).await;
}

async fn what_is_said_last_of_the_first_contact_stands(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, accepted) = stage.accepted().await;
    app.clock.advance(jiff::SignedDuration::from_hours(48));
    let worker = crate::support::clocked::still(&app, &world.worker);
    let begun = accepted.act(&app, &worker, "startReferralService", json!({ "firstContactOn": "2026-11-27" })).await;
    let early = json!({ "serviceOn": "2026-11-26", "outcomes": story.outcomes() });
    let refused = tried(&app, &worker, "completeReferral", begun.input(early), "").await;
    assert_eq!(refused["userErrors"][0]["field"], json!(["serviceOn"]), "before the contact that was recorded");
    let report = json!({ "serviceOn": "2026-11-27", "firstContactOn": "2026-11-26", "outcomes": story.outcomes() });
    let completed = begun.act(&app, &worker, "completeReferral", report).await;
    let seen = completed.seen_by(&app, &worker, "firstContactOn serviceOn").await;
    assert_eq!(seen, json!({ "firstContactOn": "2026-11-26", "serviceOn": "2026-11-27" }));
}

async fn help_given_directly_is_one_result_among_all(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, completed) = stage.completed().await;
    completed.act(&app, &world.case_manager, "closeReferralLoop", json!({ "meaning": "PARTLY_MET" })).await;
    let mut help = helping(&story);
    help["meaning"] = json!("NOT_MET");
    done(&app, &world.case_manager, "recordDirectService", help, "").await;
    let query = "query($id: ID!) { case(by: { id: $id }) { needs { status } } }";
    let case = app.run(&world.case_manager, query, json!({ "id": story.case })).await;
    assert_eq!(case["case"]["needs"][0]["status"], "PARTLY_MET", "what met it in part is not undone");
    let mut help = helping(&story);
    help["meaning"] = json!("MET");
    done(&app, &world.case_manager, "recordDirectService", help, "").await;
    let case = app.run(&world.case_manager, query, json!({ "id": story.case })).await;
    assert_eq!(case["case"]["needs"][0]["status"], "MET");
}

on_both_engines!(
    nothing_was_given_before_the_referral_was_sent,
    what_is_said_last_of_the_first_contact_stands,
    help_given_directly_is_one_result_among_all,
);
