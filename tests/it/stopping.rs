//! Stopping a service that runs: asked for, agreed to, objected to, decided.

use crate::delivery::{anew, days, grants, must_act};
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::{run, taken};
use crate::support::situations::delivery::{interruption, objection};
use crate::support::situations::{Stage, report};
use crate::support::verbs::rule;
use crate::support::world::World;
use serde_json::{Value, json};

async fn a_receiver_agrees_to_stop_and_says_what_was_delivered(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    stage.accepted().await; // Another's place, which stays taken.
    let (story, asked) = stage.asked_to_stop().await;
    let select = "status nextDueAt cancellation { askedAt by reason note dueAt contestedAt }";
    let seen = asked.seen_by(&app, &world.case_manager, select).await;
    let told = json!({ "askedAt": "2026-11-25T09:00:00Z", "by": "SENDER_WORKER", "reason": "OTHER",
        "note": "CANARY-CANCEL moves away", "dueAt": "2026-11-28T09:00:00Z", "contestedAt": null });
    assert_eq!((&seen["cancellation"], &seen["nextDueAt"]), (&told, &told["dueAt"]));
    let seen = asked.seen_by(&app, &world.worker, "cancellation { reason note }").await;
    assert_eq!(seen["cancellation"], json!({ "reason": "OTHER", "note": null }), "the text is the sender's");
    let worker = &world.worker;
    let confirm = |more: Value| rule(&app, worker, "confirmReferralCancellation", asked.input(more));
    assert_eq!(confirm(json!({})).await, "OUTCOME_MISSING");
    let both = json!({ "nothingDelivered": true, "outcomes": report(&story)["outcomes"] });
    assert_eq!(confirm(both).await, "INVALID");
    assert_eq!(rule(&app, worker, "completeReferral", asked.input(report(&story))).await, "WRONG_STATE");
    let delivered = json!({ "outcomes": report(&story)["outcomes"] });
    let ended = asked.act(&app, worker, "confirmReferralCancellation", delivered).await;
    assert_eq!((taken(&app, stage.service, None).await, grants(&app, &ended).await), (1, 0));
    let select = "status reason goals { result } events(last: 1) { nodes { kind reason } }";
    let seen = ended.seen_by(&app, &world.case_manager, select).await;
    let last = json!([{ "kind": "confirmReferralCancellation", "reason": "OTHER" }]);
    assert_eq!(
        (&seen["status"], &seen["reason"], &seen["events"]["nodes"]),
        (&json!("WITHDRAWN"), &json!("OTHER"), &last)
    );
    ended.act(&app, &world.case_manager, "closeReferralLoop", json!({ "meaning": "PARTLY_MET" })).await;
}

async fn a_person_may_ask_to_stop_and_nothing_may_have_been_delivered(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, accepted) = stage.accepted().await;
    let why = json!({ "reason": "PERSON_DECLINED", "personChannel": "PHONE" });
    let asked = accepted.act(&app, &world.case_manager, "requestReferralCancellation", why).await;
    let seen = asked.seen_by(&app, &world.coordinator, "cancellation { by }").await;
    assert_eq!(seen["cancellation"]["by"], "PERSON");
    let channels = app.count("event WHERE channel = 'PHONE' AND acting_role = 'PERSON'").await;
    assert_eq!(channels, 1);
    let none = json!({ "nothingDelivered": true });
    let ended = asked.act(&app, &world.worker, "confirmReferralCancellation", none).await;
    let met = ended.input(json!({ "meaning": "MET" }));
    assert_eq!(rule(&app, &world.case_manager, "closeReferralLoop", met).await, "INVALID", "nothing was delivered");
    assert_eq!((taken(&app, stage.service, None).await, grants(&app, &ended).await), (0, 0));
}

async fn a_contested_interruption_comes_back_to_where_it_was(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, begun) = stage.begun().await;
    let held = begun.act(&app, &world.worker, "holdReferral", interruption()).await;
    let why = json!({ "reason": "REMIGRATED" });
    let asked = held.act(&app, &world.coordinator, "requestReferralCancellation", why.clone()).await;
    let seen = asked.seen_by(&app, &world.worker, "hold { resumesTo }").await;
    assert_eq!(seen["hold"]["resumesTo"], "IN_SERVICE");
    days(&app, 1);
    let (supervisor, coordinator) = (anew(&app, &world.provider_supervisor), anew(&app, &world.coordinator));
    let contested = asked.act(&app, &supervisor, "contestReferralCancellation", objection()).await;
    let select = "status nextDueAt hold { resumesTo } cancellation { contestedAt statement dueAt }";
    let seen = contested.seen_by(&app, &supervisor, select).await;
    assert_eq!((&seen["status"], &seen["hold"]["resumesTo"]), (&json!("ON_HOLD"), &json!("IN_SERVICE")));
    assert_eq!(seen["nextDueAt"], "2026-12-10T00:00:00Z", "the review is due again");
    let told = json!({ "contestedAt": "2026-11-26T09:00:00Z", "dueAt": "2026-12-01T09:00:00Z",
        "statement": "CANARY-STATEMENT wants to finish the course" });
    assert_eq!(seen["cancellation"], told);
    let acts = must_act(&app, &coordinator).await;
    assert_eq!(acts, [("CANCELLATION_CONTESTED".to_owned(), "COORDINATOR".to_owned())]);
    let again = rule(&app, &coordinator, "requestReferralCancellation", contested.input(why)).await;
    assert_eq!(again, "WRONG_STATE", "first the coordinator decides");
    let going_on = json!({ "decision": "CONTINUE" });
    let decided = contested.act(&app, &coordinator, "decideReferralContest", going_on).await;
    let seen = decided.seen_by(&app, &supervisor, select).await;
    assert_eq!((&seen["status"], &seen["cancellation"]["contestedAt"]), (&json!("ON_HOLD"), &Value::Null));
    let resumed = decided.act(&app, &supervisor, "resumeReferral", json!({})).await;
    let seen = resumed.seen_by(&app, &supervisor, select).await;
    assert_eq!((&seen["status"], &seen["hold"]), (&json!("IN_SERVICE"), &Value::Null));
    assert_eq!(seen["nextDueAt"], "2027-02-24T09:00:00Z", "moved by the whole interruption");
    assert_eq!((taken(&app, stage.service, None).await, grants(&app, &resumed).await), (1, 1));
}

async fn a_coordinator_may_stop_what_is_contested(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    stage.accepted().await; // Another's place, which stays taken.
    let (story, contested) = stage.contested().await;
    let stop = contested.input(json!({ "decision": "STOP" }));
    assert_eq!(rule(&app, &world.coordinator, "decideReferralContest", stop).await, "OUTCOME_MISSING");
    let stop = json!({ "decision": "STOP", "outcomes": report(&story)["outcomes"] });
    let ended = contested.act(&app, &world.coordinator, "decideReferralContest", stop).await;
    let seen = ended.seen_by(&app, &world.worker, "status reason cancellation { dueAt }").await;
    assert_eq!(seen, json!({ "status": "ENDED_EARLY", "reason": "OTHER", "cancellation": { "dueAt": null } }));
    assert_eq!((taken(&app, stage.service, None).await, grants(&app, &ended).await), (1, 0));
}

async fn nothing_is_contested_without_consent(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (_, asked) = Stage::set(&app, &world).await.asked_to_stop().await;
    let supervisor = &world.provider_supervisor;
    let mute = asked.input(json!({ "statement": " " }));
    assert_eq!(rule(&app, supervisor, "contestReferralCancellation", mute).await, "REQUIRED");
    run(&app, "UPDATE consent SET ended_at = 1", vec![]).await;
    let input = asked.input(objection());
    assert_eq!(rule(&app, supervisor, "contestReferralCancellation", input).await, "CONSENT_MISSING");
    asked.act(&app, &world.worker, "confirmReferralCancellation", json!({ "nothingDelivered": true })).await;
}

on_both_engines!(
    a_receiver_agrees_to_stop_and_says_what_was_delivered,
    a_person_may_ask_to_stop_and_nothing_may_have_been_delivered,
    a_contested_interruption_comes_back_to_where_it_was,
    a_coordinator_may_stop_what_is_contested,
    nothing_is_contested_without_consent,
);
