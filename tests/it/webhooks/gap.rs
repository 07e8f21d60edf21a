//! An endpoint that was off for longer than changes are kept is told to begin anew.

use super::receiver::Receiver;
use super::{FIRST, administrator, changed, courier, endpoint, work_off};
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::verbs::done;
use crate::support::world::World;
use jiff::SignedDuration;
use passerelle::usecase::webhook::forget_old;
use serde_json::{Value, json};
use uuid::Uuid;

/// Changes up to a place are forgotten, as they are after thirty days.
async fn forget(app: &TestApp, place: i64) {
    let tx = app.app.store.begin().await.unwrap();
    for (name, mark) in [("FORGOTTEN", place), ("PLACED", 10)] {
        let text = "UPDATE change_mark SET sequence = $1 WHERE name = $2";
        tx.run(text, vec![(FIRST + mark).into(), name.into()]).await.unwrap();
    }
    tx.run("DELETE FROM change WHERE sequence <= $1", vec![(FIRST + place).into()]).await.unwrap();
    tx.commit().await.unwrap();
}

async fn whoever_was_off_for_too_long_is_told_to_begin_anew(engine: Engine) {
    for (days, is_gap) in [(29, false), (31, true)] {
        let app = TestApp::start(engine).await;
        let world = World::fill(&app).await;
        let receiver = Receiver::start().await;
        let (id, _) = endpoint(&app, &world, &receiver, "KEY_PAIR").await;
        let mut courier = courier(&app);
        changed(&app, world.provider, 1, Uuid::now_v7()).await;
        courier.round().await.unwrap();
        courier.settle().await;
        let pause = json!({ "endpointId": id, "expectedVersion": 1 });
        done(&app, &world.provider_administrator, "pauseWebhookEndpoint", pause, "").await;
        app.clock.advance(SignedDuration::from_hours(24 * days));
        changed(&app, world.provider, 2, Uuid::now_v7()).await;
        changed(&app, world.provider, 3, Uuid::now_v7()).await;
        if is_gap {
            forget(&app, 2).await;
        }
        let before = receiver.got().len();
        let resume = json!({ "endpointId": id, "expectedVersion": 2 });
        done(&app, &administrator(&app, &world), "resumeWebhookEndpoint", resume, "").await;
        work_off(&mut courier).await;
        let told: Vec<Value> = receiver.got()[before..].iter().map(|got| got.json()).collect();
        let anew = told.iter().filter(|body| body["type"] == "webhook.begin_anew").count();
        assert_eq!((anew, told.len()), (usize::from(is_gap), 2), "{days} days: {told:?}");
        let notices = app.count("notification WHERE kind = 'WEBHOOK_BEGINS_ANEW' AND role = 'ADMINISTRATOR'").await;
        assert_eq!(notices, i64::from(is_gap));
        if is_gap {
            let anew = told.iter().find(|body| body["type"] == "webhook.begin_anew").unwrap();
            assert_eq!(anew["data"]["id"], json!(id));
            let query = "query($after: Cursor) { changes(after: $after) { nodes { cursor } } }";
            app.run(&administrator(&app, &world), query, json!({ "after": anew["data"]["cursor"] })).await;
        }
    }
}

async fn what_waits_at_a_paused_endpoint_is_not_forgotten(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let receiver = Receiver::start().await;
    let (id, _) = endpoint(&app, &world, &receiver, "KEY_PAIR").await;
    receiver.behave(super::receiver::Behaves::Answers(500, ""));
    let mut courier = courier(&app);
    changed(&app, world.provider, 1, Uuid::now_v7()).await;
    work_off(&mut courier).await;
    let pause = json!({ "endpointId": id, "expectedVersion": 1 });
    done(&app, &world.provider_administrator, "pauseWebhookEndpoint", pause, "").await;
    app.clock.advance(SignedDuration::from_hours(24 * 31));
    assert_eq!(forget_old(&app.app).await.unwrap(), 0);
    assert_eq!(app.count("webhook_delivery WHERE state = 'PENDING'").await, 1);
}

on_both_engines!(whoever_was_off_for_too_long_is_told_to_begin_anew, what_waits_at_a_paused_endpoint_is_not_forgotten,);
