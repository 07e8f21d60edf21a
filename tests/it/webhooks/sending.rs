//! What is sent, in which order, how it is signed, and what follows from the answer.

use super::receiver::{Behaves, Receiver, TAKES};
use super::{changed, courier, endpoint, read, work_off};
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::verbs::{Story, done, text};
use crate::support::world::{World, gid};
use jiff::SignedDuration;
use passerelle::domain::clock::Clock as _;
use passerelle::domain::global_id::Kind;
use serde_json::json;
use uuid::Uuid;

async fn a_webhook_is_thin_signed_and_sent_once(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let receiver = Receiver::start().await;
    let (id, public) = endpoint(&app, &world, &receiver, "KEY_PAIR").await;
    let (_, secret) = endpoint(&app, &world, &receiver, "SHARED_SECRET").await;
    let subject = Uuid::now_v7();
    changed(&app, world.provider, 1, subject).await;
    changed(&app, world.partner, 2, Uuid::now_v7()).await;
    let mut courier = courier(&app);
    work_off(&mut courier).await;
    work_off(&mut courier).await;
    let got = receiver.got();
    assert_eq!(got.len(), 2, "once to each endpoint, and nothing of the partner's");
    assert_eq!(got.iter().filter(|got| got.is_signed_with(&public)).count(), 1);
    assert_eq!(got.iter().filter(|got| got.is_signed_with(&secret)).count(), 1);
    let body = got[0].json();
    assert_eq!(body["type"], "referral.removed");
    assert_eq!(body["data"]["id"], gid(Kind::Referral, subject));
    assert_eq!(body["data"]["kind"], "acceptReferral");
    assert_eq!(body["data"]["version"], 1);
    assert_eq!(body["data"].as_object().unwrap().len(), 5);
    assert_eq!(got[0].seconds, app.clock.now().as_second());
    let told = read(&app, &world, &id).await;
    assert_eq!(told["deliveries"]["nodes"][0]["state"], "DELIVERED");
    assert_eq!(told["deliveries"]["nodes"][0]["attempts"], json!([{ "outcome": "DELIVERED", "status": 204 }]));
}

async fn what_can_not_be_seen_any_more_is_told_as_gone(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let receiver = Receiver::start().await;
    endpoint(&app, &world, &receiver, "KEY_PAIR").await;
    let sent = Story::open(&app, &world).await.refer(&app, &world).await;
    let (_, referral) = passerelle::domain::global_id::decode(&sent.id).unwrap();
    for (place, subject) in [(1, referral), (2, Uuid::now_v7())] {
        changed(&app, world.provider, place, subject).await;
    }
    let tx = app.app.store.begin().await.unwrap();
    tx.run("UPDATE change SET change = 'UPSERT'", vec![]).await.unwrap();
    tx.commit().await.unwrap();
    work_off(&mut courier(&app)).await;
    let told: Vec<_> = receiver.got().iter().map(|got| got.json()).collect();
    let of = |id: &str| told.iter().find(|body| body["data"]["id"] == id).unwrap();
    let seen = of(&sent.id);
    assert_eq!((&seen["type"], &seen["data"]["change"]), (&json!("referral.changed"), &json!("UPSERT")));
    let gone = told.iter().find(|body| body["data"]["id"] != sent.id.as_str()).unwrap();
    assert_eq!((&gone["type"], &gone["data"]["change"]), (&json!("referral.removed"), &json!("TOMBSTONE")));
}

async fn what_came_later_for_a_thing_waits_and_other_things_do_not(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let receiver = Receiver::start().await;
    let (id, _) = endpoint(&app, &world, &receiver, "KEY_PAIR").await;
    let (one, two) = (Uuid::now_v7(), Uuid::now_v7());
    let mut courier = courier(&app);
    receiver.behave(Behaves::Answers(500, ""));
    changed(&app, world.provider, 1, one).await;
    work_off(&mut courier).await;
    receiver.behave(TAKES);
    changed(&app, world.provider, 2, one).await;
    changed(&app, world.provider, 3, two).await;
    let tx = app.app.store.begin().await.unwrap();
    // The endpoint has recovered elsewhere: what waits is not hurried on, so that the order is what holds it back.
    tx.run("UPDATE webhook_endpoint SET failing_since = NULL", vec![]).await.unwrap();
    tx.commit().await.unwrap();
    work_off(&mut courier).await;
    let versions = receiver.versions();
    assert_eq!(versions[&gid(Kind::Referral, two)], [3]);
    assert_eq!(versions[&gid(Kind::Referral, one)], [1], "the second waits for the first, which is not due");
    app.clock.advance(SignedDuration::from_secs(7));
    work_off(&mut courier).await;
    assert_eq!(receiver.versions()[&gid(Kind::Referral, one)], [1, 2]);
    let ids: Vec<String> = receiver.got().into_iter().map(|got| got.id).collect();
    assert_eq!(ids[0], ids[2], "the identifier stays over attempts");
    assert!(read(&app, &world, &id).await["failingSince"].is_null());
}

async fn answers_mean_what_the_standard_says(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let receiver = Receiver::start().await;
    let (id, _) = endpoint(&app, &world, &receiver, "KEY_PAIR").await;
    let mut courier = courier(&app);
    let expected = [
        (Behaves::Answers(302, "location: http://127.0.0.1:1/\r\n"), "REDIRECTED"),
        (Behaves::HangsUp, "UNREACHABLE"),
        (Behaves::Hangs, "TIMED_OUT"),
        (Behaves::Answers(404, ""), "REFUSED"),
        (Behaves::Answers(429, "retry-after: 3600\r\n"), "SLOW_DOWN"),
    ];
    changed(&app, world.provider, 1, Uuid::now_v7()).await;
    for (place, (behaves, outcome)) in expected.into_iter().enumerate() {
        receiver.behave(behaves);
        work_off(&mut courier).await;
        assert_eq!(receiver.got().len(), place + 1);
        let told = read(&app, &world, &id).await;
        assert_eq!(told["deliveries"]["nodes"][0]["attempts"][0]["outcome"], outcome);
        app.clock.advance(SignedDuration::from_hours(6));
        if outcome == "SLOW_DOWN" {
            break;
        }
    }
    let spared = receiver.got().len();
    receiver.behave(Behaves::Answers(429, "retry-after: 36000\r\n"));
    work_off(&mut courier).await;
    changed(&app, world.provider, 2, Uuid::now_v7()).await;
    app.clock.advance(SignedDuration::from_hours(9));
    work_off(&mut courier).await;
    assert_eq!(receiver.got().len(), spared + 1, "nothing at all is sent while the receiver is spared");
    app.clock.advance(SignedDuration::from_hours(2));
    receiver.behave(Behaves::Answers(410, ""));
    work_off(&mut courier).await;
    let told = read(&app, &world, &id).await;
    assert_eq!((&told["state"], &told["disabledBecause"]), (&json!("DISABLED"), &json!("GONE")));
    assert_eq!(
        app.count("notification WHERE kind = 'WEBHOOK_DISABLED' AND role = 'ADMINISTRATOR' AND must_act").await,
        1
    );
    assert_eq!(app.count("event WHERE kind = 'disableWebhookEndpoint'").await, 1);
}

async fn while_a_key_is_replaced_both_verify(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let receiver = Receiver::start().await;
    let (id, old) = endpoint(&app, &world, &receiver, "SHARED_SECRET").await;
    let input = json!({ "endpointId": id, "expectedVersion": 1, "overlapHours": 12 });
    let made = done(&app, &world.provider_administrator, "rotateWebhookSecret", input, "verificationKey").await;
    let new = text(&made["verificationKey"]);
    let mut courier = courier(&app);
    let mut both = Vec::new();
    for (place, hours) in [(1, 0), (2, 11), (3, 2)] {
        app.clock.advance(SignedDuration::from_hours(hours));
        changed(&app, world.provider, place, Uuid::now_v7()).await;
        work_off(&mut courier).await;
        let got = receiver.got().pop().unwrap();
        both.push((got.is_signed_with(&old), got.is_signed_with(&new)));
    }
    assert_eq!(both, [(true, true), (true, true), (false, true)]);
}

async fn a_pause_loses_nothing_and_what_arrived_can_be_replayed(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let receiver = Receiver::start().await;
    let (id, public) = endpoint(&app, &world, &receiver, "KEY_PAIR").await;
    let who = &world.provider_administrator;
    let mut courier = courier(&app);
    done(&app, who, "pauseWebhookEndpoint", json!({ "endpointId": id, "expectedVersion": 1 }), "").await;
    changed(&app, world.provider, 1, Uuid::now_v7()).await;
    changed(&app, world.provider, 2, Uuid::now_v7()).await;
    work_off(&mut courier).await;
    assert_eq!(receiver.got().len(), 0);
    done(&app, who, "resumeWebhookEndpoint", json!({ "endpointId": id, "expectedVersion": 2 }), "").await;
    work_off(&mut courier).await;
    let first: Vec<String> = receiver.got().into_iter().map(|got| got.id).collect();
    assert_eq!(first.len(), 2);
    let newest = read(&app, &world, &id).await["deliveries"]["nodes"][0]["id"].clone();
    let again =
        done(&app, who, "replayWebhookDelivery", json!({ "deliveryId": newest }), "delivery { state webhookId }").await;
    assert_eq!(again["delivery"]["state"], "PENDING");
    work_off(&mut courier).await;
    assert_eq!(receiver.got()[2].id, text(&again["delivery"]["webhookId"]), "under the same identifier");
    let mut range = json!({ "endpointId": id, "from": "2026-11-25T08:00:00Z", "to": "2026-11-25T09:30:00Z" });
    let replayed = done(&app, who, "replayWebhookDeliveries", range.clone(), "replayedCount").await;
    assert_eq!(replayed["replayedCount"], 2);
    work_off(&mut courier).await;
    assert_eq!(receiver.got().len(), 5);
    range["onlyFailed"] = json!(true);
    let replayed = done(&app, who, "replayWebhookDeliveries", range, "replayedCount").await;
    assert_eq!(replayed["replayedCount"], 0);
    done(&app, who, "sendTestWebhook", json!({ "endpointId": id }), "delivery { id }").await;
    work_off(&mut courier).await;
    let test = receiver.got().pop().unwrap();
    assert!(test.is_signed_with(&public));
    assert_eq!((&test.json()["type"], &test.json()["data"]["id"]), (&json!("webhook.test"), &json!(id)));
}

async fn only_the_topics_asked_for_are_told_and_old_deliveries_are_forgotten(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let receiver = Receiver::start().await;
    let (id, _) = endpoint(&app, &world, &receiver, "KEY_PAIR").await;
    let input = json!({ "endpointId": id, "expectedVersion": 1, "topics": ["SERVICE"] });
    done(&app, &world.provider_administrator, "changeWebhookEndpoint", input, "").await;
    for place in 1..=450 {
        changed(&app, world.provider, place, Uuid::now_v7()).await;
    }
    let tx = app.app.store.begin().await.unwrap();
    tx.run(
        "UPDATE change SET subject_kind = 'Service', organization_id = $1 WHERE version = 450",
        vec![Uuid::nil().into()],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let mut courier = courier(&app);
    work_off(&mut courier).await;
    let told: Vec<_> = receiver.got().iter().map(|got| got.json()["type"].clone()).collect();
    assert_eq!(told, ["service.removed"], "that of the directory, which everybody is told, behind two full batches");
    app.clock.advance(SignedDuration::from_hours(29 * 24));
    assert_eq!(passerelle::usecase::webhook::forget_old(&app.app).await.unwrap(), 0);
    app.clock.advance(SignedDuration::from_hours(25));
    assert_eq!(passerelle::usecase::webhook::forget_old(&app.app).await.unwrap(), 1);
    assert_eq!(app.count("webhook_attempt").await, 0);
}

on_both_engines!(
    a_webhook_is_thin_signed_and_sent_once,
    what_can_not_be_seen_any_more_is_told_as_gone,
    what_came_later_for_a_thing_waits_and_other_things_do_not,
    answers_mean_what_the_standard_says,
    while_a_key_is_replaced_both_verify,
    a_pause_loses_nothing_and_what_arrived_can_be_replayed,
    only_the_topics_asked_for_are_told_and_old_deliveries_are_forgotten,
);
