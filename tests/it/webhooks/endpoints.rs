//! Who manages webhooks, what they are told, and what others learn of it.

use super::receiver::Receiver;
use super::{endpoint, read};
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::verbs::{done, key, rule, text, tried};
use crate::support::world::{World, add_member, gid};
use passerelle::domain::global_id::Kind;
use serde_json::json;

async fn the_shared_secret_is_told_once_and_again_only_to_the_same_request(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let input = json!({ "url": "https://hooks.example.org/in", "signing": "SHARED_SECRET", "idempotencyKey": key() });
    let select = "endpoint { id keys { publicKey } } verificationKey";
    let made = done(&app, &world.provider_administrator, "createWebhookEndpoint", input.clone(), select).await;
    let secret = text(&made["verificationKey"]);
    assert!(secret.starts_with("whsec_") && secret.len() == 50, "{} characters", secret.len());
    assert_eq!(made["endpoint"]["keys"], json!([{ "publicKey": null }]));
    let again = done(&app, &world.provider_administrator, "createWebhookEndpoint", input, select).await;
    assert_eq!(again, made, "the same answer, and no second endpoint");
    assert_eq!(app.count("webhook_endpoint").await, 1);
    let rows = app.app.store.rows("SELECT secret_sealed FROM webhook_key", vec![]).await.unwrap();
    let sealed: String = rows[0].try_get("", "secret_sealed").unwrap();
    assert!(sealed.starts_with("v1.") && !sealed.contains(&secret[6..]), "it is sealed");
    for table in ["idempotency WHERE answer LIKE '%whsec%'", "audit WHERE outcome LIKE '%whsec%'"] {
        assert_eq!(app.count(table).await, 0, "{table}");
    }
}

async fn other_administrators_are_told_and_strangers_see_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let other = add_member(&app, world.provider, "ADMINISTRATOR").await;
    let receiver = Receiver::start().await;
    let (id, public) = endpoint(&app, &world, &receiver, "KEY_PAIR").await;
    assert!(public.starts_with("whpk_"));
    let query = "query($id: ID!, $organization: ID!) { node(id: $id) { id } organization(id: $organization) {
        webhookEndpoints { totalCount nodes { id } } webhookEndpoint(id: $id) { id } } }";
    let ids = json!({ "id": id, "organization": gid(Kind::Organization, world.provider) });
    let seen = app.run(&other, query, ids.clone()).await;
    assert_eq!(seen["organization"]["webhookEndpoint"]["id"], json!(id));
    let strange = add_member(&app, world.stranger, "ADMINISTRATOR").await;
    for who in [&world.outsider, &strange, &world.intake, &world.provider_supervisor, &world.app] {
        let seen = app.run(who, query, ids.clone()).await;
        let nothing = json!({ "node": null, "organization": {
            "webhookEndpoints": { "totalCount": 0, "nodes": [] }, "webhookEndpoint": null } });
        assert_eq!(seen, nothing);
    }
    let told = "{ viewer { notifications { nodes { event } } } }";
    let kinds = app.run(&other, told, json!({})).await;
    assert_eq!(kinds["viewer"]["notifications"]["nodes"], json!([{ "event": "createWebhookEndpoint" }]));
    let kinds = app.run(&world.intake, told, json!({})).await;
    assert_eq!(kinds["viewer"]["notifications"]["nodes"], json!([]));
    assert_eq!(app.count("event WHERE kind = 'createWebhookEndpoint'").await, 1);
}

async fn what_does_not_fit_is_refused(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let who = &world.provider_administrator;
    let create = |input| rule(&app, who, "createWebhookEndpoint", input);
    for url in [
        "https://10.0.0.1/in",
        "http://hooks.example.org/in",
        "https://user@hooks.example.org/",
        "https://vault.internal/",
    ] {
        assert_eq!(create(json!({ "url": url })).await, "INVALID", "{url}");
    }
    let twice =
        json!({ "url": "https://hooks.example.org/in", "topics": ["REFERRAL", "CONSENT_OVERRIDE", "REFERRAL"] });
    let told = tried(&app, who, "createWebhookEndpoint", twice, "").await;
    assert_eq!(told["userErrors"][0]["field"], json!(["topics", "1"]));
    assert_eq!(told["userErrors"][1]["code"], "ALREADY_EXISTS");
    let receiver = Receiver::start().await;
    let (id, _) = endpoint(&app, &world, &receiver, "KEY_PAIR").await;
    let which = json!({ "endpointId": id, "expectedVersion": 1 });
    assert_eq!(rule(&app, who, "resumeWebhookEndpoint", which.clone()).await, "NOT_NOW");
    let mut elsewhere = which.clone();
    elsewhere["url"] = json!("https://169.254.169.254/latest");
    assert_eq!(rule(&app, who, "changeWebhookEndpoint", elsewhere).await, "INVALID", "also when it is changed");
    done(&app, who, "pauseWebhookEndpoint", which.clone(), "").await;
    assert_eq!(rule(&app, who, "pauseWebhookEndpoint", which.clone()).await, "STALE_VERSION");
    let which = json!({ "endpointId": id, "expectedVersion": 2 });
    assert_eq!(rule(&app, who, "pauseWebhookEndpoint", which.clone()).await, "NOT_NOW");
    assert_eq!(rule(&app, who, "sendTestWebhook", json!({ "endpointId": id })).await, "NOT_NOW");
    let mut long = which.clone();
    long["overlapHours"] = json!(169);
    assert_eq!(rule(&app, who, "rotateWebhookSecret", long).await, "INVALID");
    let range = json!({ "endpointId": id, "from": "2026-10-25T00:00:00Z", "to": "2026-10-24T00:00:00Z" });
    let told = tried(&app, who, "replayWebhookDeliveries", range, "").await;
    let codes: Vec<_> = told["userErrors"].as_array().unwrap().iter().map(|told| told["code"].clone()).collect();
    assert_eq!(codes, ["DATE_OUT_OF_RANGE", "DATE_OUT_OF_RANGE", "NOT_NOW"]);
    done(&app, who, "deleteWebhookEndpoint", which, "deletedId").await;
    assert!(read(&app, &world, &id).await.is_null());
    for _ in 0..10 {
        endpoint(&app, &world, &receiver, "KEY_PAIR").await;
    }
    assert_eq!(create(json!({ "url": "https://hooks.example.org/in" })).await, "TOO_LONG", "ten at the most");
}

async fn every_topic_has_a_sample(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let found =
        app.run(&world.provider_administrator, "{ webhookTopics { topic eventTypes sample } }", json!({})).await;
    let topics = found["webhookTopics"].as_array().unwrap();
    let referral = topics.iter().find(|topic| topic["topic"] == "REFERRAL").unwrap();
    assert_eq!(referral["eventTypes"], json!(["referral.changed", "referral.removed"]));
    let sample: serde_json::Value = serde_json::from_str(referral["sample"].as_str().unwrap()).unwrap();
    assert_eq!(sample["type"], "referral.changed");
    assert_eq!(sample["data"]["version"], 1);
}

on_both_engines!(
    the_shared_secret_is_told_once_and_again_only_to_the_same_request,
    other_administrators_are_told_and_strangers_see_nothing,
    what_does_not_fit_is_refused,
    every_topic_has_a_sample,
);
