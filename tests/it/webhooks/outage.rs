//! A receiver that is down for days misses nothing, and is not given up without a word.

use super::receiver::{Behaves, Receiver, TAKES};
use super::{administrator, changed, courier, endpoint, read, work_off};
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::verbs::done;
use crate::support::world::World;
use jiff::SignedDuration;
use passerelle::domain::webhook::schedule::{AT_LEAST, PAUSES};
use serde_json::json;
use std::io::Write as _;
use uuid::Uuid;

async fn after_72_hours_all_of_it_arrives_in_order(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let receiver = Receiver::start().await;
    let (id, _) = endpoint(&app, &world, &receiver, "KEY_PAIR").await;
    let mut courier = courier(&app);
    let subjects: Vec<Uuid> = (0..12).map(|_| Uuid::now_v7()).collect();
    receiver.behave(Behaves::HangsUp);
    let mut place = 0;
    for half_hour in 0..144 {
        if half_hour % 2 == 0 {
            place += 1;
            changed(&app, world.provider, place, subjects[usize::try_from(place).unwrap() % subjects.len()]).await;
        }
        work_off(&mut courier).await;
        app.clock.advance(SignedDuration::from_mins(30));
    }
    let tried = receiver.got().len();
    receiver.behave(TAKES);
    let mut hours = 0;
    while read(&app, &world, &id).await["waiting"] != json!(0) {
        app.clock.advance(SignedDuration::from_mins(30));
        work_off(&mut courier).await;
        hours += 1;
        assert!(hours < 60, "30 hours after its return not all has arrived");
    }
    let versions = receiver.versions();
    let arrived: usize = app.count("webhook_delivery WHERE state = 'DELIVERED'").await.try_into().unwrap();
    assert_eq!((versions.len(), arrived), (12, 72), "all of it");
    for versions in versions.values() {
        assert!(versions.is_sorted() && versions.len() == 6, "{versions:?}");
    }
    assert_eq!(read(&app, &world, &id).await["state"], "ENABLED");
    assert_eq!(app.count("notification WHERE kind = 'WEBHOOK_FAILING'").await, 1, "told once");
    let _ = writeln!(
        std::io::stderr(),
        "outage, {engine:?}: {tried} attempts in 72 h, all 72 arrived {} min after the return",
        hours * 30
    );
}

async fn ten_attempts_or_more_are_made_each_when_it_is_due(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let receiver = Receiver::start().await;
    let (id, _) = endpoint(&app, &world, &receiver, "KEY_PAIR").await;
    let mut courier = courier(&app);
    receiver.behave(Behaves::Answers(500, ""));
    changed(&app, world.provider, 1, Uuid::now_v7()).await;
    work_off(&mut courier).await;
    let (mut total, mut attempt) = (0, 1);
    while app.count("webhook_delivery WHERE state = 'PENDING'").await == 1 {
        assert_eq!(receiver.got().len(), attempt);
        let pause = PAUSES[attempt.min(PAUSES.len() - 1)];
        let rows = app.app.store.rows("SELECT next_at FROM webhook_delivery", vec![]).await.unwrap();
        let wait = rows[0].try_get::<i64>("", "next_at").unwrap() - app.app.now();
        assert!(wait * 5 >= pause * 4 && wait * 5 <= pause * 6, "{attempt}: {wait}");
        total += wait;
        app.clock.advance(SignedDuration::from_micros(wait - 1));
        work_off(&mut courier).await;
        assert_eq!(receiver.got().len(), attempt, "not a microsecond earlier");
        app.clock.advance(SignedDuration::from_micros(1));
        work_off(&mut courier).await;
        attempt += 1;
    }
    assert!((10..=11).contains(&attempt) && receiver.got().len() == attempt, "{attempt}");
    assert!(total >= AT_LEAST, "{total}");
    let told = read(&app, &world, &id).await;
    assert_eq!(told["deliveries"]["nodes"][0]["state"], "FAILED");
    assert!(told["deliveries"]["nodes"][0]["nextAttemptAt"].is_null());
    app.clock.advance(SignedDuration::from_hours(48));
    work_off(&mut courier).await;
    assert_eq!(receiver.got().len(), attempt, "it is given up, and can be replayed");
}

async fn only_after_five_days_and_a_warning_it_is_switched_off(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let receiver = Receiver::start().await;
    let (id, _) = endpoint(&app, &world, &receiver, "KEY_PAIR").await;
    let mut courier = courier(&app);
    receiver.behave(Behaves::Answers(503, ""));
    let mut told = Vec::new();
    for hour in 0..130 {
        changed(&app, world.provider, hour + 1, Uuid::now_v7()).await;
        work_off(&mut courier).await;
        let count = async |kind: &str| app.count(&format!("notification WHERE kind = '{kind}'")).await;
        told.push((
            count("WEBHOOK_FAILING").await,
            count("WEBHOOK_ABOUT_TO_BE_DISABLED").await,
            count("WEBHOOK_DISABLED").await,
        ));
        app.clock.advance(SignedDuration::from_hours(1));
    }
    assert_eq!((told[23], told[24], told[95], told[96]), ((0, 0, 0), (1, 0, 0), (1, 0, 0), (1, 1, 0)));
    assert_eq!((told[119], told[120], told[129]), ((1, 1, 0), (1, 1, 1), (1, 1, 1)));
    let off = read(&app, &world, &id).await;
    assert_eq!((&off["state"], &off["disabledBecause"]), (&json!("DISABLED"), &json!("FAILED_FOR_DAYS")));
    receiver.behave(TAKES);
    let which = json!({ "endpointId": id, "expectedVersion": off["version"] });
    done(&app, &administrator(&app, &world), "resumeWebhookEndpoint", which, "").await;
    work_off(&mut courier).await;
    let failed = app.count("webhook_delivery WHERE state = 'FAILED'").await;
    assert_eq!(
        app.count("webhook_delivery WHERE state = 'DELIVERED'").await,
        130 - failed,
        "what waited and what came meanwhile"
    );
    assert_eq!(failed, app.count("webhook_delivery WHERE state <> 'DELIVERED'").await);
}

on_both_engines!(
    after_72_hours_all_of_it_arrives_in_order,
    ten_attempts_or_more_are_made_each_when_it_is_due,
    only_after_five_days_and_a_warning_it_is_switched_off,
);
