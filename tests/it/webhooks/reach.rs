//! A receiver whose own system has been silent for too long is out of reach: the sender is told at once.

use super::receiver::{Behaves, Receiver, TAKES};
use super::{changed, courier, endpoint, work_off};
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::verbs::Story;
use crate::support::world::World;
use jiff::SignedDuration;
use passerelle::usecase::clock::Runner;
use uuid::Uuid;

/// How often senders were told that a receiver is out of reach.
async fn told(app: &TestApp) -> i64 {
    app.count("notification WHERE kind = 'RECEIVER_UNREACHABLE'").await
}

async fn after_a_day_of_failing_the_sender_is_told_and_after_two_hours_when_it_is_urgent(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let receiver = Receiver::start().await;
    endpoint(&app, &world, &receiver, "KEY_PAIR").await;
    let (routine, urgent) = (Story::open(&app, &world).await, Story::open(&app, &world).await);
    let routine = routine.refer(&app, &world).await;
    let urgent = urgent.refer(&app, &world).await;
    let (_, key) = passerelle::domain::global_id::decode(&urgent.id).unwrap();
    let tx = app.app.store.begin().await.unwrap();
    tx.run("UPDATE referral SET urgency = 'URGENT' WHERE id = $1", vec![key.into()]).await.unwrap();
    tx.commit().await.unwrap();
    let (mut courier, mut clock) = (courier(&app), Runner::default());
    receiver.behave(Behaves::HangsUp);
    changed(&app, world.provider, 1, Uuid::now_v7()).await;
    work_off(&mut courier).await;
    let mut by_hour = Vec::new();
    for _ in 0..25 {
        clock.run(&app.app).await.unwrap();
        by_hour.push(told(&app).await);
        app.clock.advance(SignedDuration::from_hours(1));
        work_off(&mut courier).await;
    }
    assert_eq!((by_hour[1], by_hour[2], by_hour[23], by_hour[24]), (0, 1, 1, 2), "{by_hour:?}");
    receiver.behave(TAKES);
    app.clock.advance(SignedDuration::from_hours(24));
    work_off(&mut courier).await;
    clock.run(&app.app).await.unwrap();
    let unreachable = "referral WHERE unreachable_at IS NOT NULL AND status = 'SENT'";
    assert_eq!(app.count(unreachable).await, 0, "it takes what it is sent again");
    drop(routine);
}

on_both_engines!(after_a_day_of_failing_the_sender_is_told_and_after_two_hours_when_it_is_urgent);
