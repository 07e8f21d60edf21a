//! What one endpoint refuses keeps its own schedule, however much else it takes.

use super::receiver::{Behaves, Receiver, TAKES};
use super::{changed, courier, endpoint, work_off};
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::world::{World, gid};
use jiff::SignedDuration;
use passerelle::domain::global_id::Kind;
use uuid::Uuid;

async fn what_is_refused_beside_what_is_taken_keeps_its_schedule(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let receiver = Receiver::start().await;
    endpoint(&app, &world, &receiver, "KEY_PAIR").await;
    let mut courier = courier(&app);
    let poison = Uuid::now_v7();
    let name = gid(Kind::Referral, poison);
    receiver.refuse(&name);
    changed(&app, world.provider, 1, poison).await;
    // Ten minutes, and something else is taken every ten seconds.
    for step in 0..60 {
        changed(&app, world.provider, 2 + step, Uuid::now_v7()).await;
        work_off(&mut courier).await;
        app.clock.advance(SignedDuration::from_secs(10));
    }
    let tried = receiver.got().iter().filter(|got| got.json()["data"]["id"] == name.as_str()).count();
    assert_eq!(tried, 3, "at once, after 5 s and after 5 min");
    assert_eq!(app.count("webhook_delivery WHERE state = 'DELIVERED'").await, 60);
}

async fn after_an_outage_what_waits_goes_at_once_and_only_once(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let receiver = Receiver::start().await;
    endpoint(&app, &world, &receiver, "KEY_PAIR").await;
    let mut courier = courier(&app);
    receiver.behave(Behaves::HangsUp);
    let things: Vec<Uuid> = (0..3).map(|_| Uuid::now_v7()).collect();
    for (place, thing) in (1..).zip(&things) {
        changed(&app, world.provider, place, *thing).await;
    }
    for minutes in [0, 1, 10, 60, 180] {
        app.clock.advance(SignedDuration::from_mins(minutes));
        work_off(&mut courier).await;
    }
    let before = receiver.got().len();
    receiver.refuse(&gid(Kind::Referral, things[0]));
    receiver.behave(TAKES);
    changed(&app, world.provider, 9, Uuid::now_v7()).await;
    app.clock.advance(SignedDuration::from_secs(1));
    work_off(&mut courier).await;
    assert_eq!(receiver.got().len(), before + 4, "the new one, and all that had waited");
    changed(&app, world.provider, 10, Uuid::now_v7()).await;
    app.clock.advance(SignedDuration::from_secs(1));
    work_off(&mut courier).await;
    assert_eq!(receiver.got().len(), before + 5, "what was refused then waits for its turn");
}

on_both_engines!(
    what_is_refused_beside_what_is_taken_keeps_its_schedule,
    after_an_outage_what_waits_goes_at_once_and_only_once,
);
