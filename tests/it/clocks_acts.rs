//! What the clock itself does with a referral, one act after the other.

use crate::support::app::TestApp;
use crate::support::clocked::{age, run_clock, still, stored, told};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::run as statement;
use crate::support::situations::Stage;
use crate::support::verbs::Referred;
use crate::support::world::World;
use passerelle::domain::global_id::decode;
use serde_json::json;

async fn held_and_taken(app: &TestApp) -> (i64, i64) {
    let rows = app.app.store.rows("SELECT sum(held) AS held, sum(taken) AS taken FROM capacity", vec![]).await.unwrap();
    (rows[0].try_get("", "held").unwrap(), rows[0].try_get("", "taken").unwrap())
}

async fn acts(app: &TestApp, kind: &str) -> i64 {
    app.count(&format!("event WHERE kind = '{kind}' AND acting_role = 'CLOCK'")).await
}

fn has(seen: &[(String, String)], kind: &str, who: &str) -> bool {
    seen.iter().any(|(told, to)| told == kind && to == who)
}

async fn an_offer_that_nobody_takes_lapses_and_the_second_goes_to_the_sender(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, offered) = stage.offered().await;
    assert_eq!(held_and_taken(&app).await, (1, 0));
    age(&app, 71);
    run_clock(&app).await;
    assert_eq!(stored(&app, &offered).await, "OFFERED");
    age(&app, 1);
    run_clock(&app).await;
    assert_eq!((stored(&app, &offered).await.as_str(), acts(&app, "lapseReferralOffer").await), ("WAITLISTED", 1));
    assert_eq!(held_and_taken(&app).await, (0, 0));
    assert!(!has(&told(&app, &world, &offered).await, "OFFER_LAPSED_TWICE", "SW"));
    let again = Referred { version: offered.version + 1, ..offered };
    again.act(&app, &still(&app, &world.provider_supervisor), "offerReferralPlace", json!({})).await;
    age(&app, 72);
    run_clock(&app).await;
    assert_eq!(stored(&app, &again).await, "WAITLISTED");
    assert!(has(&told(&app, &world, &again).await, "OFFER_LAPSED_TWICE", "SW"));
}

async fn two_missed_reviews_end_a_wait(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (_, waiting) = Stage::set(&app, &world).await.waiting().await;
    age(&app, 16 * 24);
    run_clock(&app).await;
    assert_eq!(stored(&app, &waiting).await, "WAITLISTED");
    assert!(has(&told(&app, &world, &waiting).await, "WAITING_REVIEW_MISSED", "RS"));
    assert_eq!(app.count("referral WHERE reviews_missed = 1").await, 1);
    age(&app, 14 * 24);
    run_clock(&app).await;
    assert_eq!((stored(&app, &waiting).await.as_str(), acts(&app, "expireReferral").await), ("EXPIRED", 1));
    assert_eq!(app.count("access_grant WHERE until_at IS NULL").await, 0);
}

async fn an_emergency_on_a_waiting_list_is_the_coordinators(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (_, waiting) = Stage::set(&app, &world).await.waiting().await;
    statement(&app, "UPDATE referral SET urgency = 'EMERGENCY'", vec![]).await;
    for _ in 0..10 {
        age(&app, 14 * 24);
        run_clock(&app).await;
    }
    assert_eq!(stored(&app, &waiting).await, "WAITLISTED");
    assert!(has(&told(&app, &world, &waiting).await, "WAITING_REVIEW_MISSED", "CO"));
}

async fn an_interruption_past_its_review_goes_on_by_itself(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (_, held) = Stage::set(&app, &world).await.held().await;
    let rows = app.app.store.rows("SELECT review_due_at FROM referral WHERE status = 'ON_HOLD'", vec![]).await.unwrap();
    let review: i64 = rows[0].try_get("", "review_due_at").unwrap();
    age(&app, (review - app.app.now()) / 3_600_000_000 + 1);
    run_clock(&app).await;
    assert!(has(&told(&app, &world, &held).await, "HOLD_REVIEW_DUE", "RW"));
    assert_eq!(stored(&app, &held).await, "ON_HOLD");
    age(&app, 14 * 24);
    run_clock(&app).await;
    assert_eq!(acts(&app, "resumeReferral").await, 1);
    assert_ne!(stored(&app, &held).await, "ON_HOLD");
    assert_eq!(told(&app, &world, &held).await.iter().filter(|(kind, _)| kind == "HOLD_REVIEW_DUE").count(), 2);
}

async fn a_request_to_stop_that_nobody_answers_stops(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (_, asked) = Stage::set(&app, &world).await.asked_to_stop().await;
    assert_eq!(held_and_taken(&app).await.1, 1);
    age(&app, 71);
    run_clock(&app).await;
    assert_eq!(stored(&app, &asked).await, "CANCEL_REQUESTED");
    age(&app, 1);
    run_clock(&app).await;
    assert_eq!(stored(&app, &asked).await, "WITHDRAWN");
    assert_eq!(acts(&app, "confirmReferralCancellation").await, 1);
    assert_eq!(held_and_taken(&app).await.1, 0);
    assert_eq!(app.count("access_grant WHERE until_at IS NULL").await, 0);
    let reason = "SELECT r.reason, r.cancel_reason FROM referral r WHERE r.id = $1";
    let rows = app.app.store.rows(reason, vec![decode(&asked.id).unwrap().1.into()]).await.unwrap();
    let (kept, wanted): (String, String) =
        (rows[0].try_get("", "reason").unwrap(), rows[0].try_get("", "cancel_reason").unwrap());
    assert_eq!(kept, wanted);
}

async fn an_objection_that_nobody_decides_is_told_to_the_coordinator_again(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (_, contested) = Stage::set(&app, &world).await.contested().await;
    age(&app, 5 * 24);
    run_clock(&app).await;
    run_clock(&app).await;
    let seen = told(&app, &world, &contested).await;
    assert_eq!(seen.iter().filter(|(kind, who)| kind == "OBJECTION_UNDECIDED" && who == "CO").count(), 1);
}

async fn a_loop_that_nobody_closes_is_closed_unseen_and_a_dispute_is_not(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, completed) = stage.completed().await;
    let (_, disputed) = stage.disputed().await;
    let (_, withdrawn) = stage.sent().await;
    let reason = json!({ "reason": "PERSON_MOVED" });
    withdrawn.act(&app, &world.case_manager, "withdrawReferral", reason).await;
    let needs = app.count("need WHERE status = 'OPEN'").await;
    age(&app, 30 * 24 - 1);
    run_clock(&app).await;
    assert_eq!(acts(&app, "closeReferralLoop").await, 0);
    age(&app, 1);
    run_clock(&app).await;
    assert_eq!(acts(&app, "closeReferralLoop").await, 2, "of the completed and of the withdrawn one");
    let unseen = "referral WHERE loop_unseen AND loop_meaning IS NULL AND loop_closed_at IS NOT NULL";
    assert_eq!(app.count(unseen).await, 2);
    assert_eq!(app.count("need WHERE status = 'OPEN'").await, needs, "the need stays as it was");
    assert_eq!(app.count("referral WHERE disputed_at IS NOT NULL AND loop_closed_at IS NULL").await, 1);
    assert!(has(&told(&app, &world, &disputed).await, "DISPUTE_UNDECIDED", "CO"));
    assert!(has(&told(&app, &world, &completed).await, "closeReferralLoop", "S"));
}

async fn a_held_place_is_let_go_when_the_decision_is_late(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let service = stage.service_with_a_list(Some(2)).await;
    let story = stage.story().await;
    let draft = story.draft(service);
    let made = crate::support::verbs::done(&app, &world.case_manager, "createReferral", draft, "referral { id }").await;
    let draft = Referred { id: crate::support::verbs::text(&made["referral"]["id"]), version: 1 };
    let held = json!({ "personInformed": true, "holdPlace": true });
    let sent = draft.act(&app, &world.case_manager, "sendReferral", held).await;
    assert_eq!(held_and_taken(&app).await.0, 1);
    age(&app, 14 * 24);
    run_clock(&app).await;
    assert_eq!((stored(&app, &sent).await.as_str(), held_and_taken(&app).await.0), ("SENT", 0));
    assert_eq!(acts(&app, "releaseReferralPlace").await, 1);
    let late = Referred { version: sent.version + 1, ..sent };
    late.act(&app, &still(&app, &world.intake), "acceptReferral", json!({})).await;
    assert_eq!(held_and_taken(&app).await, (0, 1), "what was let go is not let go again");
}

on_both_engines!(
    an_offer_that_nobody_takes_lapses_and_the_second_goes_to_the_sender,
    two_missed_reviews_end_a_wait,
    an_emergency_on_a_waiting_list_is_the_coordinators,
    an_interruption_past_its_review_goes_on_by_itself,
    a_request_to_stop_that_nobody_answers_stops,
    an_objection_that_nobody_decides_is_told_to_the_coordinator_again,
    a_loop_that_nobody_closes_is_closed_unseen_and_a_dispute_is_not,
    a_held_place_is_let_go_when_the_decision_is_late,
);
