//! Endpoints that hang delay nobody else.

use super::receiver::{Behaves, Receiver};
use super::{add_change, endpoint};
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::verbs::done;
use crate::support::world::{World, add_member};
use passerelle::usecase::webhook::{Courier, Pace};
use serde_json::json;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout};
use uuid::Uuid;

/// How many changes each organization is told of.
const CHANGES: i64 = 15;
/// How many endpoints each has.
const ENDPOINTS: usize = 10;

async fn healthy_endpoints_are_not_delayed_while_as_many_hang(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let other = add_member(&app, world.stranger, "ADMINISTRATOR").await;
    let (mut hanging, mut healthy) = (Vec::new(), Vec::new());
    for _ in 0..ENDPOINTS {
        let receiver = Receiver::start().await;
        receiver.behave(Behaves::Hangs);
        endpoint(&app, &world, &receiver, "SHARED_SECRET").await;
        hanging.push(receiver);
        let receiver = Receiver::start().await;
        let input = json!({ "url": receiver.url(), "signing": "SHARED_SECRET" });
        done(&app, &other, "createWebhookEndpoint", input, "").await;
        healthy.push(receiver);
    }
    let pace = Pace { longest: Duration::from_secs(15), ..Pace::default() };
    let mut courier = Courier::new(Arc::clone(&app.app), pace).unwrap();
    let began = Instant::now();
    let tx = app.app.store.begin().await.unwrap();
    for place in 1..=CHANGES {
        for organization in [world.provider, world.stranger] {
            add_change(&tx, app.app.now(), organization, place, Uuid::now_v7()).await;
        }
    }
    tx.commit().await.unwrap();
    let all = usize::try_from(CHANGES).unwrap();
    let work = async {
        while healthy.iter().any(|receiver| receiver.got().len() < all) {
            courier.round().await.unwrap();
            courier.wait(Duration::from_millis(100)).await;
        }
    };
    assert!(timeout(Duration::from_secs(14), work).await.is_ok(), "healthy endpoints wait for those that hang");
    let mut took: Vec<Duration> =
        healthy.iter().flat_map(|receiver| receiver.got()).map(|got| got.arrived - began).collect();
    took.sort();
    let (p50, p99) = (took[took.len() / 2], took[took.len() * 99 / 100]);
    let hang: usize = hanging.iter().map(|receiver| receiver.got().len()).sum();
    let _ = writeln!(
        std::io::stderr(),
        "fairness, {engine:?}: {} webhooks to {ENDPOINTS} endpoints while {ENDPOINTS} hang for 15 s: p50 {} ms, p99 {} ms",
        took.len(),
        p50.as_millis(),
        p99.as_millis()
    );
    assert!(hang <= ENDPOINTS * 4, "{hang}: no endpoint has more than its share under way");
    assert!(courier.under_way() >= ENDPOINTS, "they hang indeed");
}

on_both_engines!(healthy_endpoints_are_not_delayed_while_as_many_hang);
