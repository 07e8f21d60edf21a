//! Those who hold cases: to send safely, to know what waits for whom, and to close what came true.

use crate::delivery::{anew, days};
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::Stage;
use crate::support::situations::consent::withdrawal;
use crate::support::situations::decision::answers;
use crate::support::verbs::{Referred, Story, done, key, text};
use crate::support::world::{World, add_member, add_service, gid};
use passerelle::domain::global_id::Kind;
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

/// The partner's case has a second need, and a consent of the municipality's for these fields.
async fn second_need(app: &TestApp, world: &World, story: &Story, fields: Value) -> (String, String) {
    let need = json!({ "caseId": story.case, "expectedVersion": 3, "categoryCode": "ECO.IND.TVET", "dimension": "ECONOMIC",
        "level": "INDIVIDUAL", "urgency": "ROUTINE", "delivery": "REFERRAL", "goals": ["CANARY-GOAL sew"] });
    let need = done(app, &world.case_manager, "addNeed", need, "need { id }").await;
    let consent = json!({ "caseId": story.case, "expectedVersion": 4, "fields": fields, "method": "VERBAL",
        "receiverId": gid(Kind::Organization, world.municipality), "language": "fr", "noticeVersion": "2026-1",
        "givenOn": "2026-11-25" });
    let consent = done(app, &world.case_manager, "recordConsent", consent, "consent { id }").await;
    (text(&need["need"]["id"]), text(&consent["consent"]["id"]))
}

async fn a_case_manager_sees_help_already_given_or_asked_elsewhere_to_avoid_duplicates(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let clerk = add_member(&app, world.municipality, "INTAKE").await;
    let hall = add_service(&app, world.municipality, world.district, None).await;
    let (needed, more) = (json!(["CASE_IDENTIFIER", "NEED", "URGENCY"]), "PRIOR_HELP");
    let mut with = needed.clone();
    with.as_array_mut().unwrap().push(json!(more));
    let asked = json!([{ "categoryCode": "ECO.IND.TVET", "source": "REFERRAL", "standing": "ASKED" }]);
    let select = "details { priorHelp { categoryCode source standing } }";
    for (fields, shown) in [(needed, Value::Null), (with, asked.clone())] {
        let (story, first) = stage.sent().await;
        let (need, consent) = second_need(&app, &world, &story, fields).await;
        let mut input = story.draft(hall);
        (input["needId"], input["consentId"]) = (json!(need), json!(consent));
        let made = done(&app, &world.case_manager, "createReferral", input, "referral { id }").await;
        let draft = Referred { id: text(&made["referral"]["id"]), version: 1 };
        let seen = draft.seen_by(&app, &world.case_manager, select).await;
        assert_eq!(seen["details"]["priorHelp"], asked, "before anything is sent");
        let sent = draft.act(&app, &world.case_manager, "sendReferral", json!({ "personInformed": true })).await;
        assert_eq!(sent.seen_by(&app, &clerk, select).await["details"]["priorHelp"], shown, "as the person agreed");
        first.act(&app, &world.intake, "acceptReferral", json!({})).await;
        let seen = sent.seen_by(&app, &world.case_manager, select).await;
        assert_eq!(seen["details"]["priorHelp"], asked, "what was sent is frozen");
    }
}

async fn nobody_is_told_of_help_by_a_service_that_is_not_public(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, _) = stage.sent().await;
    let tx = app.app.store.begin().await.unwrap();
    let hidden = "UPDATE service SET visibility = 'PARTNERS' WHERE id = $1";
    tx.run(hidden, vec![stage.service.into()]).await.unwrap();
    tx.commit().await.unwrap();
    let mut input = story.draft(world.service);
    input["needId"] = json!(second_need(&app, &world, &story, json!(["CASE_IDENTIFIER", "NEED", "URGENCY"])).await.0);
    let select = "referral { details { priorHelp { categoryCode } } }";
    let made = done(&app, &world.case_manager, "createReferral", input, select).await;
    assert_eq!(made["referral"]["details"]["priorHelp"], json!([]), "that it was asked already tells something");
}

on_both_engines!(
    a_case_manager_sees_help_already_given_or_asked_elsewhere_to_avoid_duplicates,
    nobody_is_told_of_help_by_a_service_that_is_not_public,
    a_case_manager_records_consent_field_by_field_and_resends_safely,
    a_case_manager_knows_who_acknowledged_who_is_late_and_what_to_do_next_in_one_list,
    a_case_manager_is_told_what_a_withdrawn_consent_does_to_other_referrals,
    a_case_manager_verifies_with_the_person_that_delivery_happened_then_closes,
);
