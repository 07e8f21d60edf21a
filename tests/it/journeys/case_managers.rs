//! Those who hold cases: to send safely, to know what waits for whom, and to close what came true.

use crate::delivery::{anew, days};
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::Stage;
use crate::support::situations::consent::withdrawal;
use crate::support::situations::decision::answers;
use crate::support::verbs::{Story, done, key};
use crate::support::world::World;
use serde_json::{Value, json};

async fn a_case_manager_records_consent_field_by_field_and_resends_safely(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    let mut input = story.referral(world.service);
    input["idempotencyKey"] = json!(key());
    let select = "referral { id status }";
    let first = done(&app, &world.case_manager, "createReferral", input.clone(), select).await;
    let again = done(&app, &world.case_manager, "createReferral", input, select).await;
    assert_eq!(first, again, "a line that broke is no second referral");
    let inbox = "{ referrals { totalCount nodes { person { ageBand sex } } } }";
    let seen = app.run(&world.intake, inbox, json!({})).await;
    let one = json!({ "person": { "ageBand": "FROM_25_TO_39", "sex": null } });
    assert_eq!(seen["referrals"], json!({ "totalCount": 1, "nodes": [one] }), "only what was agreed to");
}

async fn a_case_manager_knows_who_acknowledged_who_is_late_and_what_to_do_next_in_one_list(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut world = World::fill(&app).await;
    let silent = Stage::set(&app, &world).await.sent().await.1;
    days(&app, 8);
    world.case_manager = anew(&app, &world.case_manager);
    world.intake = anew(&app, &world.intake);
    let stage = Stage::set(&app, &world).await;
    let (_, read) = stage.sent().await;
    let read = read.act(&app, &world.intake, "acknowledgeReferral", json!({})).await;
    let (_, asked) = stage.asked().await;

    let list = "{ referrals(filter: {direction: SENT, isLoopOpen: true}) { nodes { id isOverdue acknowledgedAt
                availableActions { mutation isAvailable } } } }";
    let seen = app.run(&world.case_manager, list, json!({})).await;
    let nodes = seen["referrals"]["nodes"].as_array().unwrap();
    let of = |id: &str| nodes.iter().find(|node| node["id"] == id).unwrap();
    let can = |node: &Value, mutation: &str| {
        let actions = node["availableActions"].as_array().unwrap();
        actions.iter().any(|action| action["mutation"] == mutation && action["isAvailable"] == true)
    };
    let late: Vec<&Value> = nodes.iter().filter(|node| node["isOverdue"] == true).map(|node| &node["id"]).collect();
    assert_eq!((nodes.len(), late), (3, vec![&json!(silent.id)]));
    assert_eq!(of(&silent.id)["acknowledgedAt"], Value::Null);
    assert_ne!(of(&read.id)["acknowledgedAt"], Value::Null);
    assert!(can(of(&asked.id), "answerReferralInfo") && !can(of(&read.id), "answerReferralInfo"));
    let answered = asked.act(&app, &world.case_manager, "answerReferralInfo", answers()).await;
    let seen = answered.seen_by(&app, &world.intake, "status infoRequests { answer }").await;
    assert_eq!(seen["status"], "ACKNOWLEDGED");
    assert_eq!(seen["infoRequests"][1]["answer"], "CANARY-ANSWER since May");
}

async fn a_case_manager_is_told_what_a_withdrawn_consent_does_to_other_referrals(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, sent) = stage.sent().await;
    let input = withdrawal(&stage, &story).await;
    let select = "referrals { referralId wasWithdrawn }";
    let told = done(&app, &world.case_manager, "withdrawConsent", input, select).await;
    assert_eq!(told["referrals"], json!([{ "referralId": sent.id, "wasWithdrawn": true }]));
    let seen = sent.seen_by(&app, &world.case_manager, "status reason").await;
    assert_eq!(seen, json!({ "status": "WITHDRAWN", "reason": "CONSENT_WITHDRAWN" }));
}

async fn a_case_manager_verifies_with_the_person_that_delivery_happened_then_closes(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, kept) = stage.completed().await;
    let closed = kept.act(&app, &world.case_manager, "closeReferralLoop", json!({ "meaning": "MET" })).await;
    let seen = closed.seen_by(&app, &world.case_manager, "verification loopMeaning").await;
    assert_eq!(seen, json!({ "verification": "SENDER_CONFIRMED", "loopMeaning": "MET" }));

    let (_, missed) = stage.completed().await;
    let why = json!({ "about": "NOT_RECEIVED" });
    let disputed = missed.act(&app, &world.case_manager, "disputeReferralOutcome", why).await;
    let decision = json!({ "decision": "UPHELD" });
    let decided = disputed.act(&app, &world.coordinator, "decideReferralDispute", decision).await;
    let closed = decided.act(&app, &world.case_manager, "closeReferralLoop", json!({ "meaning": "NOT_MET" })).await;
    let seen = closed.seen_by(&app, &world.case_manager, "status loopMeaning dispute { about decision }").await;
    let dispute = json!({ "about": "NOT_RECEIVED", "decision": "UPHELD" });
    assert_eq!(seen, json!({ "status": "COMPLETED", "loopMeaning": "NOT_MET", "dispute": dispute }));
}

on_both_engines!(
    a_case_manager_records_consent_field_by_field_and_resends_safely,
    a_case_manager_knows_who_acknowledged_who_is_late_and_what_to_do_next_in_one_list,
    a_case_manager_is_told_what_a_withdrawn_consent_does_to_other_referrals,
    a_case_manager_verifies_with_the_person_that_delivery_happened_then_closes,
);
