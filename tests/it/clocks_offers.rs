//! The clock offers free places to those who wait, in the published order, where the provider leaves it to the clock.

use crate::support::app::{TestApp, new_database};
use crate::support::clocked::{age, run_clock, still, stored};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::{run, waiting};
use crate::support::situations::Stage;
use crate::support::verbs::Referred;
use crate::support::world::World;
use passerelle::domain::rule::Fault;
use passerelle::usecase::clock::{AGAIN, Runner, Sweep, run_all};
use serde_json::json;
use std::sync::atomic::{AtomicU32, Ordering};
use uuid::Uuid;

/// A service with places, and so many who wait for it, each a minute after the one before.
async fn a_list(app: &TestApp, world: &World, places: i32, waits: usize) -> (Uuid, Vec<Referred>) {
    let service = Stage::set(app, world).await.service_with_a_list(Some(0)).await;
    let mut list = Vec::new();
    for sent in waiting(app, world, service, waits).await {
        app.clock.advance(jiff::SignedDuration::from_mins(1));
        let until = json!({ "expectedOn": "2026-12-10" });
        list.push(sent.act(app, &still(app, &world.intake), "waitlistReferral", until).await);
    }
    let text = "UPDATE service SET offers_free_places = TRUE WHERE id = $1";
    run(app, text, vec![service.into()]).await;
    total(app, service, places).await;
    (service, list)
}

async fn total(app: &TestApp, service: Uuid, places: i32) {
    run(app, "UPDATE capacity SET total = $2 WHERE service_id = $1", vec![service.into(), places.into()]).await;
}

async fn statuses(app: &TestApp, list: &[Referred]) -> Vec<String> {
    let mut all = Vec::new();
    for referral in list {
        all.push(stored(app, referral).await);
    }
    all
}

async fn a_free_place_is_offered_to_whoever_is_next(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (service, list) = a_list(&app, &world, 0, 3).await;
    run_clock(&app).await;
    assert_eq!(statuses(&app, &list).await, ["WAITLISTED"; 3], "no place is free");
    // The last to come is the most urgent.
    let (_, last) = passerelle::domain::global_id::decode(&list[2].id).unwrap();
    run(&app, "UPDATE referral SET urgency = 'URGENT' WHERE id = $1", vec![last.into()]).await;
    total(&app, service, 2).await;
    run_clock(&app).await;
    assert_eq!(statuses(&app, &list).await, ["OFFERED", "WAITLISTED", "OFFERED"]);
    assert_eq!(app.count("event WHERE kind = 'offerReferralPlace' AND acting_role = 'CLOCK'").await, 2);
    assert_eq!(app.count("capacity WHERE held = 2 AND taken = 0").await, 1);
    let offered = Referred { version: list[2].version + 1, ..list[2].clone() };
    let select = "status nextDueAt availableActions { action }";
    let seen = offered.seen_by(&app, &still(&app, &world.case_manager), select).await;
    assert!(seen.to_string().contains("TAKE_REFERRAL_OFFER"), "{seen}");
    offered.act(&app, &still(&app, &world.case_manager), "takeReferralOffer", json!({})).await;
    // Nobody takes the other: it lapses, and is offered once more, and then the next is asked.
    for expected in [["OFFERED", "WAITLISTED"], ["WAITLISTED", "OFFERED"]] {
        age(&app, 72);
        run_clock(&app).await;
        assert_eq!(statuses(&app, &list[..2]).await, expected);
    }
}

async fn a_provider_that_keeps_the_offers_to_itself_makes_them(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (service, list) = a_list(&app, &world, 1, 1).await;
    for closed in ["offers_free_places = FALSE", "status = 'PAUSED', offers_free_places = TRUE"] {
        run(&app, &format!("UPDATE service SET {closed} WHERE id = $1"), vec![service.into()]).await;
        run_clock(&app).await;
        assert_eq!(statuses(&app, &list).await, ["WAITLISTED"], "{closed}");
    }
    run(&app, "UPDATE service SET status = 'PUBLISHED' WHERE id = $1", vec![service.into()]).await;
    run(&app, "UPDATE capacity SET total = NULL", vec![]).await;
    run_clock(&app).await;
    assert_eq!(statuses(&app, &list).await, ["WAITLISTED"], "nobody knows of a free place");
}

async fn two_nodes_offer_a_place_once(engine: Engine) {
    let (url, _folder) = new_database(engine).await;
    let (app, other) = (TestApp::over(&url).await, TestApp::over(&url).await);
    let world = World::fill(&app).await;
    let (_, list) = a_list(&app, &world, 4, 9).await;
    other.clock.advance(jiff::SignedDuration::from_mins(9));
    let (mut one, mut two) = (Runner::default(), Runner::default());
    let (ran, also) = tokio::join!(one.run(&app.app), two.run(&other.app));
    let steps: u64 = [ran.unwrap(), also.unwrap()].into_iter().flatten().map(|ran| ran.steps).sum();
    assert_eq!(steps, 4);
    let offered = statuses(&app, &list).await.iter().filter(|status| *status == "OFFERED").count();
    assert_eq!((offered, app.count("capacity WHERE held = 4").await), (4, 1));
    assert_eq!(statuses(&app, &list[..4]).await, ["OFFERED"; 4], "in their order");
}

static FAILED: AtomicU32 = AtomicU32::new(0);

/// What fails is tried again soon, by any node, and not only a day later.
async fn a_daily_task_that_failed_is_tried_again_soon(engine: Engine) {
    let app = TestApp::start(engine).await;
    let sweep = |name| Sweep {
        name,
        run: |_| {
            Box::pin(async {
                FAILED.fetch_add(1, Ordering::SeqCst);
                Err(Fault::Store("out of order".into()))
            })
        },
    };
    let sweeps = [sweep("sweep.of-a-test")];
    let before = FAILED.load(Ordering::SeqCst);
    let tried = async |app: &TestApp| {
        run_all(&app.app, Uuid::new_v4(), &sweeps).await;
        app.count("lease WHERE name = 'sweep.of-a-test'").await
    };
    assert_eq!(tried(&app).await, 1);
    let waits = format!("lease WHERE name = 'sweep.of-a-test' AND until_at = {}", app.app.now() + AGAIN);
    assert_eq!(app.count(&waits).await, 1);
    tried(&app).await;
    app.clock.advance(jiff::SignedDuration::from_micros(AGAIN));
    tried(&app).await;
    assert_eq!(app.count("lease WHERE name = 'sweep.of-a-test' AND token = 2").await, 1, "twice, not thrice");
    assert!(FAILED.load(Ordering::SeqCst) >= before + 2);
}

on_both_engines!(
    a_free_place_is_offered_to_whoever_is_next,
    a_provider_that_keeps_the_offers_to_itself_makes_them,
    two_nodes_offer_a_place_once,
    a_daily_task_that_failed_is_tried_again_soon,
);
