//! The waiting list: its published order, its reviews, and the places that are offered from it.

use super::{again, later, places};
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::run;
use crate::support::situations::{Stage, outcome};
use crate::support::verbs::{Referred, done, rule};
use crate::support::world::{World, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};
use uuid::Uuid;

const WAITING: &str =
    "status waiting { since expectedOn reviewDueAt position length } nextDueAt heldPlace { slotUntilAt
    offeredUntilAt offersLapsed outOfOrderReason } personView: person { contactThroughSender }";

/// A referral of this urgency that waits for a place of a service.
async fn listed(stage: &Stage<'_>, service: Uuid, urgency: &str) -> Referred {
    let story = stage.story().await;
    let set = "UPDATE need SET urgency = $1 WHERE case_id = $2";
    let (_, case) = passerelle::domain::global_id::decode(&story.case).unwrap();
    run(stage.app, set, vec![urgency.into(), case.into()]).await;
    let (manager, intake) = (again(stage.app, &stage.world.case_manager), again(stage.app, &stage.world.intake));
    let sent = story.refer_to(stage.app, &manager, service).await;
    sent.act(stage.app, &intake, "waitlistReferral", json!({ "reviewOn": "2026-12-20" })).await
}

async fn places_are_offered_in_the_published_order(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let service = stage.service_with_a_list(Some(3)).await;
    let first = listed(&stage, service, "ROUTINE").await;
    app.clock.advance(jiff::SignedDuration::from_mins(1));
    let second = listed(&stage, service, "ROUTINE").await;
    app.clock.advance(jiff::SignedDuration::from_mins(1));
    let urgent = listed(&stage, service, "URGENT").await;
    listed(&stage, stage.service_with_a_list(Some(1)).await, "EMERGENCY").await;
    let position = async |referral: &Referred| {
        referral.seen_by(&app, &world.case_manager, "waiting { position length }").await["waiting"].clone()
    };
    assert_eq!(position(&urgent).await, json!({ "position": 1, "length": 3 }));
    assert_eq!(position(&first).await, json!({ "position": 2, "length": 3 }));
    assert_eq!(position(&second).await, json!({ "position": 3, "length": 3 }));
    let order = "query($id: ID!) { service(by: {id: $id}) { keepsWaitingList waitingListOrder } }";
    let seen = app.run(&world.case_manager, order, json!({ "id": gid(Kind::Service, service) })).await;
    assert_eq!(seen["service"]["waitingListOrder"], json!(["URGENCY", "WAITING_SINCE"]));

    let supervisor = &world.provider_supervisor;
    assert_eq!(rule(&app, supervisor, "offerReferralPlace", second.input(json!({}))).await, "TEXT_REQUIRED");
    let why = json!({ "outOfOrderReason": "CANARY-REASON starts with the course on Monday" });
    let offered = second.act(&app, supervisor, "offerReferralPlace", why).await;
    let seen = offered.seen_by(&app, &world.intake, WAITING).await;
    assert_eq!(seen["heldPlace"]["outOfOrderReason"], json!("CANARY-REASON starts with the course on Monday"));
    let seen = offered.seen_by(&app, &world.case_manager, WAITING).await;
    assert_eq!((&seen["heldPlace"]["outOfOrderReason"], &seen["waiting"]), (&Value::Null, &Value::Null));
    assert_eq!(app.count("referral WHERE offer_note_sealed LIKE '%CANARY%'").await, 0);
    assert_eq!(position(&first).await, json!({ "position": 2, "length": 2 }));
    urgent.act(&app, supervisor, "offerReferralPlace", json!({})).await;
    first.act(&app, supervisor, "offerReferralPlace", json!({})).await;
    assert_eq!(places(&app, service).await, (0, 3));
}

async fn who_waits_is_looked_at_again(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (intake, (_, sent)) = (&world.intake, stage.sent().await);
    let until = || json!({ "expectedOn": "2026-12-10" });
    assert_eq!(rule(&app, intake, "waitlistReferral", sent.input(until())).await, "NOT_OFFERED_BY_SERVICE");
    let select = "availableActions { mutation unavailableBecause }";
    let actions = sent.seen_by(&app, intake, select).await["availableActions"].clone();
    let told = actions.as_array().unwrap().iter().find(|action| action["mutation"] == "waitlistReferral").unwrap();
    assert_eq!(told["unavailableBecause"], json!("SERVICE"));
    let update =
        json!({ "serviceId": gid(Kind::Service, stage.service), "expectedVersion": 1, "keepsWaitingList": true });
    done(&app, &world.provider_supervisor, "updateService", update, "service { keepsWaitingList }").await;
    for (input, code) in [
        (json!({}), "REQUIRED"),
        (json!({ "reviewOn": "2026-11-25" }), "DATE_OUT_OF_RANGE"),
        (json!({ "reviewOn": "2027-02-24" }), "DATE_OUT_OF_RANGE"),
        (json!({ "expectedOn": "2026-11-24" }), "DATE_OUT_OF_RANGE"),
    ] {
        assert_eq!(rule(&app, intake, "waitlistReferral", sent.input(input)).await, code);
    }
    let waiting = sent.act(&app, intake, "waitlistReferral", until()).await;
    let seen = waiting.seen_by(&app, &world.case_manager, WAITING).await;
    let expected = json!({ "since": "2026-11-25T09:00:00Z", "expectedOn": "2026-12-10",
        "reviewDueAt": "2026-12-11T00:00:00Z", "position": 1, "length": 1 });
    assert_eq!((&seen["waiting"], &seen["nextDueAt"]), (&expected, &json!("2026-12-11T00:00:00Z")));
    run(&app, "UPDATE referral SET reviews_missed = 1, rung = 2", vec![]).await;
    let again = waiting.act(&app, intake, "reviewWaitingReferral", json!({ "reviewOn": "2026-12-20" })).await;
    let seen = again.seen_by(&app, &world.case_manager, WAITING).await;
    let expected = json!({ "since": "2026-11-25T09:00:00Z", "expectedOn": null,
        "reviewDueAt": "2026-12-21T00:00:00Z", "position": 1, "length": 1 });
    assert_eq!((&seen["waiting"], &seen["status"]), (&expected, &json!("WAITLISTED")), "the place on the list stays");
    assert_eq!(app.count("referral WHERE reviews_missed = 0 AND rung = 0").await, 1, "what was missed is forgiven");
    let needs = "query($id: ID!) { referral(by: {id: $id}) { case { needs { status } } } }";
    let seen = app.run(&world.case_manager, needs, json!({ "id": again.id })).await;
    assert_eq!(seen["referral"]["case"]["needs"][0]["status"], json!("OPEN"), "the need still counts as unmet");
}

async fn an_offered_place_is_held_and_taken(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let service = stage.service_with_a_list(Some(1)).await;
    let (first, second) = (listed(&stage, service, "URGENT").await, listed(&stage, service, "ROUTINE").await);
    let supervisor = &world.provider_supervisor;
    let offered = first.act(&app, supervisor, "offerReferralPlace", json!({})).await;
    let seen = offered.seen_by(&app, &world.case_manager, WAITING).await;
    assert_eq!((&seen["status"], &seen["nextDueAt"]), (&json!("OFFERED"), &json!("2026-11-28T09:00:00Z")));
    assert_eq!(seen["heldPlace"]["offeredUntilAt"], json!("2026-11-28T09:00:00Z"));
    assert_eq!(places(&app, service).await, (0, 1));
    let next = second.input(json!({}));
    assert_eq!(rule(&app, supervisor, "offerReferralPlace", next).await, "CAPACITY_TAKEN", "the one place is held");
    assert_eq!(second.seen_by(&app, supervisor, "status version").await["status"], json!("WAITLISTED"));
    let by_phone = json!({ "personChannel": "PHONE" });
    let taken = offered.act(&app, &world.case_manager, "takeReferralOffer", by_phone).await;
    assert_eq!(places(&app, service).await, (1, 0));
    let select = "status contactDueAt person { contactThroughSender } heldPlace { offeredUntilAt } events(last: 1) { nodes { actingRole } }";
    let seen = taken.seen_by(&app, &world.intake, select).await;
    let expected = json!({ "status": "ACCEPTED", "contactDueAt": "2026-11-28T09:00:00Z",
        "person": { "contactThroughSender": true }, "heldPlace": { "offeredUntilAt": null },
        "events": { "nodes": [{ "actingRole": "PERSON" }] } });
    assert_eq!(seen, expected);
}

async fn a_place_is_let_go_and_the_second_time_the_sender_decides(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let service = stage.service_with_a_list(Some(1)).await;
    let mut waiting = listed(&stage, service, "ROUTINE").await;
    let twice = "notification WHERE kind = 'OFFER_LAPSED_TWICE' AND role = 'CASE_MANAGER' AND must_act";
    for lapsed in 1..=2 {
        let offered = waiting.act(&app, &world.provider_supervisor, "offerReferralPlace", json!({})).await;
        assert_eq!(places(&app, service).await, (0, 1));
        waiting = offered.act(&app, &world.case_manager, "lapseReferralOffer", json!({})).await;
        assert_eq!(places(&app, service).await, (0, 0));
        let seen = waiting.seen_by(&app, &world.case_manager, WAITING).await;
        assert_eq!((&seen["status"], &seen["heldPlace"]["offersLapsed"]), (&json!("WAITLISTED"), &json!(lapsed)));
        assert_eq!(seen["nextDueAt"], json!("2026-12-21T00:00:00Z"), "the review is due as it was");
        assert_eq!(app.count(twice).await, i64::from(lapsed == 2));
    }
    // What is offered and then withdrawn is let go too.
    let offered = waiting.act(&app, &world.provider_supervisor, "offerReferralPlace", json!({})).await;
    offered.act(&app, &world.case_manager, "withdrawReferral", json!({ "reason": "PERSON_MOVED" })).await;
    assert_eq!(places(&app, service).await, (0, 0));
}

async fn an_offer_is_taken_while_it_is_held(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let service = stage.service_with_a_list(Some(1)).await;
    let waiting = listed(&stage, service, "ROUTINE").await;
    let offered = waiting.act(&app, &world.provider_supervisor, "offerReferralPlace", json!({})).await;
    let [manager] = later(&app, 73, [&world.case_manager]);
    assert_eq!(rule(&app, &manager, "takeReferralOffer", offered.input(json!({}))).await, "TOO_LATE");
    let select = "availableActions { mutation unavailableBecause }";
    let actions = offered.seen_by(&app, &manager, select).await["availableActions"].clone();
    let told = actions.as_array().unwrap().iter().find(|action| action["mutation"] == "takeReferralOffer").unwrap();
    assert_eq!(told["unavailableBecause"], json!("TIME"));
    assert_eq!(outcome(&app, &manager, "lapseReferralOffer", offered.input(json!({}))).await, "ok");
}

/// Of two who decide about an offer at the same moment, one does; the place follows.
async fn an_offer_is_taken_or_let_go_and_not_both(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    for _ in 0..6 {
        let service = stage.service_with_a_list(Some(1)).await;
        let waiting = listed(&stage, service, "ROUTINE").await;
        let offered = waiting.act(&app, &world.provider_supervisor, "offerReferralPlace", json!({})).await;
        let (take, lapse) = (offered.input(json!({})), offered.input(json!({})));
        let (take, lapse) = futures_util::future::join(
            outcome(&app, &world.case_manager, "takeReferralOffer", take),
            outcome(&app, &world.partner_supervisor, "lapseReferralOffer", lapse),
        )
        .await;
        let expected = match (take.as_str(), lapse.as_str()) {
            ("ok", "STALE_VERSION") => (1, 0),
            ("STALE_VERSION", "ok") => (0, 0),
            other => panic!("{other:?}"),
        };
        assert_eq!(places(&app, service).await, expected);
    }
}

on_both_engines!(
    an_offer_is_taken_or_let_go_and_not_both,
    places_are_offered_in_the_published_order,
    who_waits_is_looked_at_again,
    an_offered_place_is_held_and_taken,
    a_place_is_let_go_and_the_second_time_the_sender_decides,
    an_offer_is_taken_while_it_is_held,
);
