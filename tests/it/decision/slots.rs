//! A place that is held from sending on.

use super::places;
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::decision::{answers, questions};
use crate::support::situations::{Stage, answer, code};
use crate::support::verbs::{Referred, done, rule, text};
use crate::support::world::{World, gid};
use futures_util::future::join_all;
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tokio::sync::Barrier;
use uuid::Uuid;

/// The input that sends a referral of a new case and asks for a place to be held.
async fn holding(stage: &Stage<'_>, service: Uuid) -> Value {
    let mut input = stage.story().await.referral(service);
    input["holdPlace"] = json!(true);
    input
}

async fn held(stage: &Stage<'_>, service: Uuid) -> Referred {
    let input = holding(stage, service).await;
    let made = done(stage.app, &stage.world.case_manager, "createReferral", input, "referral { id version }").await;
    Referred { id: text(&made["referral"]["id"]), version: made["referral"]["version"].as_i64().unwrap() }
}

async fn a_held_place_is_there_when_all_others_are_taken(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let service = stage.service_with_a_list(Some(1)).await;
    let first = held(&stage, service).await;
    let seen = first.seen_by(&app, &world.case_manager, "heldPlace { slotUntilAt } decideDueAt").await;
    assert_eq!(seen["heldPlace"]["slotUntilAt"], seen["decideDueAt"]);
    assert_eq!(places(&app, service).await, (0, 1));
    let (manager, intake) = (&world.case_manager, &world.intake);
    assert_eq!(rule(&app, manager, "createReferral", holding(&stage, service).await).await, "CAPACITY_TAKEN");
    let other = stage.story().await.refer_to(&app, manager, service).await;
    assert_eq!(rule(&app, intake, "acceptReferral", other.input(json!({}))).await, "CAPACITY_TAKEN");
    let select = "availableActions { mutation isAvailable }";
    let actions = first.seen_by(&app, intake, select).await["availableActions"].clone();
    let told = actions.as_array().unwrap().iter().find(|action| action["mutation"] == "acceptReferral").unwrap();
    assert_eq!(told["isAvailable"], json!(true), "its own place is free for it");
    let taken = first.act(&app, intake, "acceptReferral", json!({})).await;
    assert_eq!(places(&app, service).await, (1, 0));
    let seen = taken.seen_by(&app, manager, "heldPlace { slotUntilAt } isOverbooked").await;
    assert_eq!(seen, json!({ "heldPlace": { "slotUntilAt": null }, "isOverbooked": false }));
}

async fn every_no_lets_the_held_place_go(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let service = stage.service_with_a_list(Some(1)).await;
    let better = json!({ "betterServiceId": gid(Kind::Service, world.service) });
    for (who, command, more) in [
        (&world.intake, "declineReferral", json!({ "reason": "NO_CAPACITY" })),
        (&world.case_manager, "withdrawReferral", json!({ "reason": "PERSON_DECLINED" })),
        (&world.intake, "redirectReferral", better),
        (&world.intake, "waitlistReferral", json!({ "expectedOn": "2026-12-10" })),
    ] {
        let sent = held(&stage, service).await;
        assert_eq!(places(&app, service).await, (0, 1));
        let ended = sent.act(&app, who, command, more).await;
        assert_eq!(places(&app, service).await, (0, 0), "{command}");
        let seen = ended.seen_by(&app, &world.case_manager, "heldPlace { slotUntilAt }").await;
        assert_eq!(seen["heldPlace"]["slotUntilAt"], Value::Null, "{command}");
    }
    let sent = held(&stage, service).await;
    let asked = sent.act(&app, &world.intake, "requestReferralInfo", questions()).await;
    assert_eq!(places(&app, service).await, (0, 1), "a question keeps it");
    asked.act(&app, &world.intake, "declineReferral", json!({ "reason": "NO_CAPACITY" })).await;
    assert_eq!(places(&app, service).await, (0, 0));
}

async fn a_place_is_held_only_where_the_service_does_so(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let input = holding(&stage, world.service).await;
    assert_eq!(rule(&app, &world.case_manager, "createReferral", input).await, "NOT_OFFERED_BY_SERVICE");
    assert_eq!(app.count("referral").await, 0);
    let publish =
        json!({ "name": "Hearing aid", "language": "en", "visibility": "PUBLIC", "holdsPlacesAtSending": true });
    let select = "service { holdsPlacesAtSending keepsWaitingList waitingListOrder }";
    let made = done(&app, &world.editor, "publishService", publish, select).await;
    let expected = json!({ "holdsPlacesAtSending": true, "keepsWaitingList": false, "waitingListOrder": null });
    assert_eq!(made["service"], expected);
}

/// A draft that is sent later can have its place held too, and a pause keeps it until the moved decision.
async fn a_pause_keeps_the_place_until_the_decision(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let service = stage.service_with_a_list(Some(1)).await;
    let mut input = holding(&stage, service).await;
    input["send"] = json!(false);
    let made = done(&app, &world.case_manager, "createReferral", input, "referral { id }").await;
    assert_eq!(places(&app, service).await, (0, 0), "a draft holds nothing");
    let draft = Referred { id: text(&made["referral"]["id"]), version: 1 };
    let send = json!({ "personInformed": true, "holdPlace": true });
    let sent = draft.act(&app, &world.case_manager, "sendReferral", send).await;
    assert_eq!(places(&app, service).await, (0, 1));
    let asked = sent.act(&app, &world.intake, "requestReferralInfo", questions()).await;
    let [manager] = super::later(&app, 24, [&world.case_manager]);
    let answered = asked.act(&app, &manager, "answerReferralInfo", answers()).await;
    let seen = answered.seen_by(&app, &manager, "heldPlace { slotUntilAt } decideDueAt").await;
    let day = json!("2026-12-10T09:00:00Z");
    assert_eq!((&seen["heldPlace"]["slotUntilAt"], &seen["decideDueAt"]), (&day, &day));
}

/// Twelve who want the last place at once: some to hold it, some to accept another referral.
async fn the_last_place_is_given_once(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let service = stage.service_with_a_list(Some(1)).await;
    let mut asked = Vec::new();
    for at in 0..12 {
        asked.push(if at % 2 == 0 {
            (&world.case_manager, "createReferral", holding(&stage, service).await)
        } else {
            let sent = stage.story().await.refer_to(&app, &world.case_manager, service).await;
            (&world.intake, "acceptReferral", sent.input(json!({})))
        });
    }
    let barrier = Barrier::new(asked.len());
    let tried = asked.into_iter().map(async |(who, command, input)| {
        barrier.wait().await;
        code(&answer(&app, who, command, input).await, command)
    });
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    for code in join_all(tried).await {
        *codes.entry(code).or_default() += 1;
    }
    assert_eq!(codes, BTreeMap::from([("CAPACITY_TAKEN".to_owned(), 11), ("ok".to_owned(), 1)]));
    let (taken, held) = places(&app, service).await;
    assert_eq!(taken + held, 1);
}

on_both_engines!(
    a_held_place_is_there_when_all_others_are_taken,
    every_no_lets_the_held_place_go,
    a_place_is_held_only_where_the_service_does_so,
    a_pause_keeps_the_place_until_the_decision,
    the_last_place_is_given_once,
);
