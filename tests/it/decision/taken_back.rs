//! An acceptance taken back: within a day, and as if it had not been.

use super::{again, later, places};
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::Stage;
use crate::support::verbs::rule;
use crate::support::world::World;
use serde_json::{Value, json};

const SEEN: &str = "status decidedAt contactDueAt decideDueAt nextDueAt reason goals { text } background
    caseIdentifier person { ageBand contactThroughSender }";

async fn an_acceptance_is_taken_back_within_a_day(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let service = stage.service_with_a_list(Some(1)).await;
    let (manager, intake) = (&world.case_manager, &world.intake);
    let sent = stage.story().await.refer_to(&app, manager, service).await;
    let before = sent.seen_by(&app, intake, SEEN).await;
    let accepted = sent.act(&app, intake, "acceptReferral", json!({})).await;
    assert_ne!(accepted.seen_by(&app, intake, "goals { text }").await["goals"][0]["text"], Value::Null);
    let [intake, manager] = later(&app, 5, [intake, manager]);
    let why = json!({ "reason": "NO_CAPACITY", "note": "CANARY-REASON counted wrongly" });
    let open = accepted.act(&app, &intake, "unacceptReferral", why).await;
    assert_eq!(places(&app, service).await, (0, 0));
    let mut expected = before;
    expected["status"] = json!("ACKNOWLEDGED");
    // Five hours in which no decision was due.
    expected["decideDueAt"] = json!("2026-12-09T14:00:00Z");
    expected["nextDueAt"] = json!("2026-12-09T14:00:00Z");
    assert_eq!(open.seen_by(&app, &intake, SEEN).await, expected, "what was shown on acceptance is hidden again");
    let select = "note acknowledgedAt events(last: 1) { nodes { kind reason toStatus } }";
    let seen = open.seen_by(&app, &manager, select).await;
    let expected = json!({ "note": "CANARY-REASON counted wrongly", "acknowledgedAt": "2026-11-25T09:00:00Z",
        "events": { "nodes": [{ "kind": "unacceptReferral", "reason": "NO_CAPACITY", "toStatus": "ACKNOWLEDGED" }] } });
    assert_eq!(seen, expected);
    let again = open.act(&app, &intake, "acceptReferral", json!({})).await;
    assert_ne!(again.seen_by(&app, &intake, "goals { text }").await["goals"][0]["text"], Value::Null);
    assert_eq!(places(&app, service).await, (1, 0));
}

async fn after_a_day_or_the_first_contact_it_stands(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let why = || json!({ "reason": "NO_CAPACITY" });
    let (_, accepted) = stage.accepted().await;
    let (_, served) = stage.accepted().await;
    let served =
        served.act(&app, &world.worker, "startReferralService", json!({ "firstContactOn": "2026-11-25" })).await;
    assert_eq!(rule(&app, &world.intake, "unacceptReferral", served.input(why())).await, "WRONG_STATE");
    for (reason, code) in [("NO_RESPONSE", "REASON_NOT_ALLOWED"), ("OTHER", "TEXT_REQUIRED")] {
        let input = accepted.input(json!({ "reason": reason }));
        assert_eq!(rule(&app, &world.intake, "unacceptReferral", input).await, code);
    }
    app.clock.advance(jiff::SignedDuration::from_secs(24 * 3_600 + 1));
    let intake = again(&app, &world.intake);
    assert_eq!(rule(&app, &intake, "unacceptReferral", accepted.input(why())).await, "TOO_LATE");
    let select = "status availableActions { mutation unavailableBecause }";
    let seen = accepted.seen_by(&app, &intake, select).await;
    let actions = seen["availableActions"].as_array().unwrap();
    let told = actions.iter().find(|action| action["mutation"] == "unacceptReferral").unwrap();
    assert_eq!((&seen["status"], &told["unavailableBecause"]), (&json!("ACCEPTED"), &json!("TIME")));
}

/// Who was on the waiting list had a decision: the clock stood still from then on.
async fn the_clock_goes_on_from_where_the_waiting_list_stopped_it(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let service = stage.service_with_a_list(Some(1)).await;
    let sent = stage.story().await.refer_to(&app, &world.case_manager, service).await;
    let [intake] = later(&app, 24, [&world.intake]);
    let waiting = sent.act(&app, &intake, "waitlistReferral", json!({ "reviewOn": "2027-01-20" })).await;
    let [supervisor, manager] = later(&app, 24 * 30, [&world.provider_supervisor, &world.case_manager]);
    let offered = waiting.act(&app, &supervisor, "offerReferralPlace", json!({})).await;
    let taken = offered.act(&app, &manager, "takeReferralOffer", json!({})).await;
    let open = taken.act(&app, &supervisor, "unacceptReferral", json!({ "reason": "FUNDING_ENDED" })).await;
    let seen = open.seen_by(&app, &manager, "decideDueAt waiting { position }").await;
    assert_eq!(seen, json!({ "decideDueAt": "2027-01-08T09:00:00Z", "waiting": null }), "thirteen days are left");
    assert_eq!(places(&app, service).await, (0, 0));
}

on_both_engines!(
    an_acceptance_is_taken_back_within_a_day,
    after_a_day_or_the_first_contact_it_stands,
    the_clock_goes_on_from_where_the_waiting_list_stopped_it,
);
