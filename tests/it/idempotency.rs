//! One key, one effect: duplicates, conflicts, owners of keys, and two who decide at once.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::waiting;
use crate::support::situations::{answer, code};
use crate::support::verbs::{Story, document, done, key, rule, tried};
use crate::support::world::{World, add_member, gid};
use futures_util::future::join_all;
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};
use tokio::sync::Barrier;

fn opening(world: &World, key: &str) -> Value {
    json!({ "idempotencyKey": key, "programId": gid(Kind::Program, world.program), "sex": "FEMALE" })
}

async fn fifty_duplicates_have_one_effect(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let input = opening(&world, "one-key");
    let barrier = Barrier::new(50);
    let asked = (0..50).map(async |_| {
        barrier.wait().await;
        tried(&app, &world.case_manager, "openCase", input.clone(), "case { id identifier version openedAt }").await
    });
    let answers = join_all(asked).await;
    assert_eq!(answers[0]["userErrors"], json!([]));
    assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:?}");
    for table in ["case_file", "event", "audit", "outbox", "idempotency"] {
        assert_eq!(app.count(table).await, 1, "{table}");
    }
}

async fn fifty_duplicates_of_a_decision_take_one_place(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let sent = waiting(&app, &world, world.service, 1).await.remove(0);
    let input = sent.input(json!({ "idempotencyKey": "one-key" }));
    let asked = (0..50).map(|_| {
        tried(&app, &world.intake, "acceptReferral", input.clone(), "referral { id status version decidedAt }")
    });
    let answers = join_all(asked).await;
    assert_eq!(answers[0]["referral"]["status"], json!("ACCEPTED"));
    assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:?}");
    assert_eq!(crate::support::seed::taken(&app, world.service, None).await, 1);
    assert_eq!(app.count("event").await, 1);
}

async fn a_key_belongs_to_its_input_its_mutation_and_its_principal(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let manager = &world.case_manager;
    let input = opening(&world, "one-key");
    let first = done(&app, manager, "openCase", input.clone(), "case { id }").await;
    let mut other = input.clone();
    other["sex"] = json!("MALE");
    assert_eq!(rule(&app, manager, "openCase", other).await, "IDEMPOTENCY_CONFLICT");
    let colleague = add_member(&app, world.partner, "CASE_MANAGER").await;
    for (name, who) in [("a colleague", &colleague), ("the ministry", &world.official)] {
        let theirs = done(&app, who, "openCase", input.clone(), "case { id }").await;
        assert_ne!(theirs, first, "{name}'s key is another key");
    }
    let number = json!({ "idempotencyKey": "one-key", "caseId": first["case"]["id"], "scheme": "s", "value": "7" });
    done(&app, manager, "addCaseAlias", number, "").await;
    assert_eq!(app.count("case_file").await, 3);
    let again = done(&app, manager, "openCase", input, "case { id }").await;
    assert_eq!(again, first, "and it still answers");
}

/// A refusal keeps nothing: once it is put right, the same key with the same input goes through.
async fn a_refused_write_does_not_use_up_its_key(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    let mut input = story.referral(world.service);
    input["idempotencyKey"] = json!("one-key");
    let pause = |status: &'static str| {
        let text = "UPDATE service SET status = $1 WHERE id = $2";
        crate::support::seed::run(&app, text, vec![status.into(), world.service.into()])
    };
    pause("PAUSED").await;
    assert_eq!(rule(&app, &world.case_manager, "createReferral", input.clone()).await, "SERVICE_CLOSED");
    assert_eq!(app.count("referral").await, 0);
    pause("PUBLISHED").await;
    done(&app, &world.case_manager, "createReferral", input, "").await;
}

async fn a_replay_answers_with_what_stands_now(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let sent = waiting(&app, &world, world.service, 1).await.remove(0);
    let acknowledging = sent.input(json!({ "idempotencyKey": "one-key" }));
    let select = "referral { id status version }";
    let first = done(&app, &world.intake, "acknowledgeReferral", acknowledging.clone(), select).await;
    assert_eq!(first["referral"]["status"], json!("ACKNOWLEDGED"));
    let next = json!({ "referralId": sent.id, "expectedVersion": 3 });
    done(&app, &world.intake, "acceptReferral", next, "").await;
    let again = done(&app, &world.intake, "acknowledgeReferral", acknowledging, select).await;
    assert_eq!(again["referral"], json!({ "id": sent.id, "status": "ACCEPTED", "version": 4 }));
    assert_eq!(app.count("event").await, 2, "a replay is no event");
    assert_eq!(app.count("audit").await, 2, "and no refusal");
}

async fn of_two_decisions_one_wins(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    for sent in waiting(&app, &world, world.service, 8).await {
        let barrier = Barrier::new(2);
        let decide = async |who: &Persona, mutation: &str, more: Value| {
            barrier.wait().await;
            code(&answer(&app, who, mutation, sent.input(more)).await, mutation)
        };
        let (accepted, declined) = futures_util::future::join(
            decide(&world.intake, "acceptReferral", json!({})),
            decide(&world.provider_supervisor, "declineReferral", json!({ "reason": "NO_CAPACITY" })),
        )
        .await;
        let expected = if accepted == "ok" { ("ok", "STALE_VERSION") } else { ("STALE_VERSION", "ok") };
        assert_eq!((accepted.as_str(), declined.as_str()), expected);
    }
    assert_eq!(app.count("event").await, 8);
}

#[tokio::test]
async fn a_key_is_printable_and_short() {
    let app = TestApp::start(Engine::Sqlite).await;
    let world = World::fill(&app).await;
    let longest = "k".repeat(255);
    for wrong in ["", " ", "a b", "tab\tkey", "clé", "k\u{202e}k", &"k".repeat(256)] {
        let code = rule(&app, &world.case_manager, "openCase", opening(&world, wrong)).await;
        assert_eq!(code, "INVALID", "{wrong:?}");
    }
    for right in ["!", "~", longest.as_str(), key().as_str()] {
        done(&app, &world.case_manager, "openCase", opening(&world, right), "").await;
    }
    let mut without = opening(&world, "k");
    without.as_object_mut().unwrap().remove("idempotencyKey");
    let said = app.refused(&world.case_manager, &document("openCase", ""), json!({ "input": without })).await;
    assert_eq!(said, "BAD_USER_INPUT");
}

/// A key is remembered for thirty days and forgotten afterwards.
async fn a_key_is_remembered_for_thirty_days(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    done(&app, &world.case_manager, "openCase", opening(&world, "kept"), "case { id }").await;
    for (days, forgotten) in [(30, 0), (1, 1)] {
        app.clock.advance(jiff::SignedDuration::from_hours(24 * days));
        assert_eq!(passerelle::usecase::work::forget_old_keys(&app.app).await.unwrap(), forgotten);
    }
    assert_eq!((app.count("idempotency").await, app.count("case_file").await), (0, 1));
}

on_both_engines!(
    fifty_duplicates_have_one_effect,
    fifty_duplicates_of_a_decision_take_one_place,
    a_key_belongs_to_its_input_its_mutation_and_its_principal,
    a_refused_write_does_not_use_up_its_key,
    a_replay_answers_with_what_stands_now,
    of_two_decisions_one_wins,
    a_key_is_remembered_for_thirty_days,
);
