//! Few bytes on a bad line: documents by their hash, compressed bodies and answers.

use crate::support::app::{Answer, Persona, TestApp, new_database, read};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::waiting;
use crate::support::verbs::{done, rule};
use crate::support::world::{World, add_member, gid};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use jiff::SignedDuration;
use passerelle::domain::documents::hash_of;
use passerelle::domain::global_id::Kind;
use reqwest::Method;
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};

const PUBLIC: &str = "{ services(first: 1) { totalCount } }";

async fn send(app: &TestApp, who: &Persona, body: Value) -> Answer {
    let request =
        app.request(Method::POST, "/graphql").header("accept", "application/graphql-response+json").json(&body);
    let request = match &who.token {
        Some(token) => request.bearer_auth(token),
        None => request,
    };
    read(request.send().await.unwrap()).await
}

fn code(answer: &Answer) -> &str {
    answer.body["errors"][0]["extensions"]["code"].as_str().unwrap_or("none")
}

fn apollo(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

async fn a_document_is_sent_once_and_known_by_its_hash(engine: Engine) {
    let (url, folder) = new_database(engine).await;
    let app = TestApp::over(&url).await;
    let world = World::fill(&app).await;
    let query = "{ referrals(first: 1) { totalCount } }";
    let hash = hash_of(query);
    let by_id = json!({ "documentId": format!("sha256:{hash}") });
    let unknown = send(&app, &world.intake, by_id.clone()).await;
    assert_eq!((unknown.status, code(&unknown)), (404, "PERSISTED_DOCUMENT_NOT_FOUND"));
    let unknown = send(&app, &world.intake, json!({ "extensions": apollo(&hash) })).await;
    assert_eq!(unknown.body["errors"][0]["message"], json!("PersistedQueryNotFound"), "as Apollo's clients expect");
    let wrong = send(&app, &world.intake, json!({ "query": PUBLIC, "extensions": apollo(&hash) })).await;
    assert_eq!((wrong.status, app.count("persisted_document").await), (400, 0), "another hash is not kept");
    let broken = send(&app, &world.intake, json!({ "query": "{ (", "extensions": apollo(&hash_of("{ (")) })).await;
    assert_eq!((broken.status, app.count("persisted_document").await), (400, 0), "nor what can't run");
    let first = send(&app, &world.intake, json!({ "query": query, "extensions": apollo(&hash) })).await;
    assert_eq!(first.status, 200);
    assert_eq!(app.count("persisted_document").await, 1);
    // Another node has it, for the same organization and for nobody else.
    let other = TestApp::over(&url).await;
    let there = |who: &Persona| Persona {
        token: Some(other.token(who.id, who.organization, passerelle::token::Kind::Member, 0, 0)),
        ..who.clone()
    };
    assert_eq!(send(&other, &there(&world.worker), by_id.clone()).await.status, 200);
    assert_eq!(code(&send(&other, &there(&world.case_manager), by_id.clone()).await), "PERSISTED_DOCUMENT_NOT_FOUND");
    assert_eq!(code(&send(&other, &Persona::public(), by_id).await), "PERSISTED_DOCUMENT_NOT_FOUND");
    for id in ["sha256:short", "md5:1", ""] {
        assert_eq!(send(&app, &world.intake, json!({ "documentId": id })).await.status, 400, "{id}");
    }
    drop(other);
    drop(app);
    if let Some(folder) = folder {
        std::fs::remove_dir_all(folder).unwrap();
    }
}

/// An address may name a public document, and never one of somebody known.
#[tokio::test]
async fn a_get_by_hash_is_for_the_public() {
    let app = TestApp::start(Engine::Sqlite).await;
    let world = World::fill(&app).await;
    let query = "{ services(first: 1) { totalCount } }";
    let hash = hash_of(query);
    assert_eq!(
        send(&app, &Persona::public(), json!({ "query": query, "extensions": apollo(&hash) })).await.status,
        200
    );
    assert_eq!(app.count("persisted_document").await, 0, "what nobody known leaves is not stored");
    let address = format!("/graphql?documentId=sha256:{hash}");
    let got = read(app.request(Method::GET, &address).send().await.unwrap()).await;
    assert_eq!(got.body["data"]["services"]["totalCount"], json!(1));
    let token = world.intake.token.clone().unwrap();
    let known = read(app.request(Method::GET, &address).bearer_auth(token).send().await.unwrap()).await;
    assert_eq!(known.status, 405);
}

/// An application that is bound to its manifest runs that and nothing else, on all nodes within seconds.
async fn a_bound_application_runs_its_manifest_alone(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let administrator = add_member(&app, world.provider, "ADMINISTRATOR").await;
    let client = gid(Kind::ClientApplication, world.app.id);
    let free = json!({ "query": PUBLIC });
    assert_eq!(send(&app, &world.app, free.clone()).await.status, 200);
    let manifest = |version: i32, required: bool| {
        json!({ "clientId": client, "expectedVersion": version, "documents": ["{ referrals { totalCount } }"],
                "isRequired": required })
    };
    let stranger = add_member(&app, world.partner, "ADMINISTRATOR").await;
    assert_eq!(rule(&app, &stranger, "uploadDocumentManifest", manifest(0, true)).await, "NOT_FOUND");
    assert_eq!(rule(&app, &world.intake, "uploadDocumentManifest", manifest(0, true)).await, "NOT_PERMITTED");
    let select = "manifest { clientId isRequired documentCount version }";
    let put = done(&app, &administrator, "uploadDocumentManifest", manifest(0, true), select).await;
    let expected = json!({ "clientId": client, "isRequired": true, "documentCount": 1, "version": 1 });
    assert_eq!(put["manifest"], expected);
    assert_eq!(rule(&app, &administrator, "uploadDocumentManifest", manifest(0, true)).await, "STALE_VERSION");
    app.clock.advance(SignedDuration::from_secs(5));
    let refused = send(&app, &world.app, free.clone()).await;
    assert_eq!((refused.status, code(&refused)), (403, "PERSISTED_DOCUMENT_REQUIRED"));
    let hash = hash_of("{ referrals { totalCount } }");
    let id = format!("sha256:{hash}");
    for body in [
        json!({ "documentId": id }),
        json!({ "query": null, "documentId": id }),
        json!({ "query": "{ referrals { totalCount } }", "documentId": null }),
    ] {
        assert_eq!(send(&app, &world.app, body).await.status, 200);
    }
    assert_eq!(send(&app, &world.intake, free.clone()).await.status, 200, "people are not bound");
    done(&app, &administrator, "uploadDocumentManifest", manifest(1, false), select).await;
    app.clock.advance(SignedDuration::from_secs(5));
    assert_eq!(send(&app, &world.app, free).await.status, 200);
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_body_may_come_compressed_and_a_bomb_does_not_go_off() {
    let app = TestApp::start(Engine::Sqlite).await;
    let post = async |coding: &str, body: Vec<u8>| {
        let request = app.request(Method::POST, "/graphql").header("content-type", "application/json");
        read(request.header("content-encoding", coding).body(body).send().await.unwrap()).await
    };
    let body = json!({ "query": PUBLIC }).to_string();
    // Made before the first request: the server does not keep a connection open that long.
    let mut bomb = body.clone().into_bytes();
    bomb.resize(20 << 20, b' ');
    let bomb = packed(&bomb);
    assert_eq!(post("gzip", packed(body.as_bytes())).await.status, 200);
    assert!(bomb.len() < 200_000);
    assert_eq!(post("gzip", bomb).await.status, 413);
    assert_eq!(post("gzip", body.clone().into_bytes()).await.status, 400);
    assert_eq!(post("br", body.into_bytes()).await.status, 415);
}

/// A page of the inbox as the console asks for it is six kilobytes on the line at the most.
#[tokio::test]
async fn an_inbox_page_is_small_on_the_line() {
    let app = TestApp::start(Engine::Sqlite).await;
    let world = World::fill(&app).await;
    waiting(&app, &world, world.service, 30).await;
    let query = "{ referrals(first: 25, filter: { direction: RECEIVED }) { totalCount pageInfo { endCursor hasNextPage } \
        nodes { id version status statusLabel urgency sentAt caseIdentifier service { id name } sender { id name } \
        goals { text } availableActions { action isAvailable } } } }";
    let ask = async |coding: &str, query: &str| {
        let request = app.request(Method::POST, "/graphql").header("accept-encoding", coding);
        let request = request.bearer_auth(world.intake.token.clone().unwrap());
        request.json(&json!({ "query": query })).send().await.unwrap()
    };
    let response = ask("gzip", query).await;
    assert_eq!(response.headers()["content-encoding"], "gzip");
    let bytes = response.bytes().await.unwrap();
    let mut text = String::new();
    GzDecoder::new(bytes.as_ref()).read_to_string(&mut text).unwrap();
    let answer: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer["data"]["referrals"]["nodes"].as_array().map(Vec::len), Some(25), "{answer}");
    assert!(bytes.len() <= 6 * 1024, "{} bytes", bytes.len());
    // What is tiny goes as it is, and says nothing of a coding.
    let tiny = ask("gzip", PUBLIC).await;
    assert!(tiny.headers().get("content-encoding").is_none());
}

on_both_engines!(a_document_is_sent_once_and_known_by_its_hash, a_bound_application_runs_its_manifest_alone);
