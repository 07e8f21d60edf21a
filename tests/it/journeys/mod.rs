//! Whole stories, from the published service to the closed loop; one file for each audience, and each test named after
//! what somebody there wants.

mod case_managers;
mod donors;
mod implementing_partners;
mod key_messages;
mod local_government;
mod me_officers;
mod national_government;
mod program_managers;
mod service_providers;

use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::verbs::Story;
use crate::support::world::World;
use serde_json::json;

async fn the_loop_closes(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    let sent = story.refer(&app, &world).await;

    let inbox = app
        .run(
            &world.intake,
            "{ referrals(filter: {direction: RECEIVED, status: [SENT]}) { totalCount nodes { id status caseIdentifier background
               person { ageBand sex contactThroughSender } goals { text } service { name } sender { name } } } }",
            json!({}),
        )
        .await;
    let seen = &inbox["referrals"]["nodes"][0];
    assert_eq!(inbox["referrals"]["totalCount"], 1);
    assert_eq!(seen["caseIdentifier"], json!(story.identifier));
    assert_eq!(seen["person"], json!({"ageBand": "FROM_25_TO_39", "sex": null, "contactThroughSender": false}));
    assert_eq!(seen["goals"][0]["text"], json!(null), "goals are shown on acceptance");
    assert_eq!(seen["background"], json!("CANARY-BACKGROUND worked as an electrician"));

    let taken = sent.act(&app, &world.intake, "acknowledgeReferral", json!({})).await;
    let taken = taken.act(&app, &world.intake, "acceptReferral", json!({})).await;
    let seen = taken.seen_by(&app, &world.worker, "goals { text } person { contactThroughSender }").await;
    assert_eq!(seen["goals"][1]["text"], json!("CANARY-GOAL find a first customer"));
    assert_eq!(seen["person"]["contactThroughSender"], json!(true));

    let begun = taken.act(&app, &world.worker, "startReferralService", json!({"firstContactOn": "2026-11-25"})).await;
    let report = json!({"serviceOn": "2026-11-25", "outcomes": story.outcomes()});
    let completed = begun.act(&app, &world.worker, "completeReferral", report).await;

    let select = "status caseIdentifier background person { ageBand } goals { text result note } verification";
    let receiver = completed.seen_by(&app, &world.worker, select).await;
    assert_eq!(receiver["caseIdentifier"], json!(null), "the receiver's window has closed");
    assert_eq!(receiver["background"], json!(null));
    assert_eq!(receiver["goals"][0], json!({"text": null, "result": "ACHIEVED", "note": "CANARY-NOTE has a workshop"}));
    let sender = completed.seen_by(&app, &world.case_manager, select).await;
    assert_eq!(sender["goals"][0]["note"], json!("CANARY-NOTE has a workshop"));

    let closed = completed.act(&app, &world.case_manager, "closeReferralLoop", json!({"meaning": "MET"})).await;
    let select =
        "status loopMeaning verification loopClosedAt events { nodes { kind toStatus organization { name } } }";
    let seen = closed.seen_by(&app, &world.intake, select).await;
    assert_eq!(seen["loopMeaning"], json!("MET"));
    assert_eq!(seen["verification"], json!("SENDER_CONFIRMED"));
    let kinds: Vec<_> = seen["events"]["nodes"].as_array().unwrap().iter().map(|event| event["kind"].clone()).collect();
    let expected = [
        "createReferral",
        "acknowledgeReferral",
        "acceptReferral",
        "startReferralService",
        "completeReferral",
        "closeReferralLoop",
    ];
    assert_eq!(kinds, expected);

    let case = app
        .run(
            &world.case_manager,
            "query($i: String!) { case(by: {identifier: $i}) { needs { status } timeline(first: 50) { totalCount } referrals { totalCount } } }",
            json!({"i": story.identifier.to_lowercase().replace('-', " ")}),
        )
        .await;
    assert_eq!(case["case"]["needs"][0]["status"], json!("MET"));
    assert_eq!(case["case"]["timeline"]["totalCount"], json!(9));
    assert_eq!(app.count("outbox").await, 9, "one outbox row for each command");
    assert_eq!(app.count("audit").await, 9, "one audit row for each command");
}

on_both_engines!(the_loop_closes);
