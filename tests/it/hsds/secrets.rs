//! What the public can't see in GraphQL is not shown here either, whoever asks.

use super::scene::{CONTACT, LISTS, PAUSE, SECRET, Scene};
use crate::support::app::{Persona, TestApp, read};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::waiting;
use passerelle::domain::global_id::decode;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Everything the API tells, page by page, with how each came to be known.
async fn everything(scene: &Scene) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for list in LISTS {
        for more in ["&per_page=100", "&per_page=100&search=canary", "&per_page=100&search=hidden"] {
            let path = format!("{list}{more}");
            let told = scene.got(&path).await;
            all.push((path, told));
        }
    }
    for path in ["/hsds", "/hsds/services", "/hsds/services?minimal=true", "/hsds/organizations"] {
        all.push((path.to_owned(), scene.got(path).await));
    }
    all
}

fn no_null(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => items.iter().all(no_null),
        Value::Object(members) => members.values().all(no_null),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

async fn nothing_hidden_is_told(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    waiting(&scene.app, &scene.world, scene.world.service, 2).await;
    let people = scene.world.everybody();
    for (path, told) in everything(&scene).await {
        let text = told.to_string();
        for canary in [SECRET, CONTACT, PAUSE, "CANARY-GOAL", "desk@example.org", "taken", "overbooking"] {
            assert!(!text.contains(canary), "{canary} in {path}");
        }
        for key in &scene.hidden {
            assert!(!text.contains(&key.to_string()), "a hidden service in {path}");
        }
        for (name, person) in &people {
            assert!(person.id.is_nil() || !text.contains(&person.id.to_string()), "{name} in {path}");
        }
        assert!(no_null(&told) || told["contents"] == json!([]), "{path}");
    }
    for key in &scene.hidden {
        let found =
            scene.app.app.store.rows("SELECT id FROM service_at_location WHERE service_id = $1", vec![(*key).into()]);
        let at: uuid::Uuid = found.await.unwrap()[0].try_get("", "id").unwrap();
        for path in [format!("/hsds/services/{key}"), format!("/hsds/service_at_locations/{at}")] {
            let (hidden, unknown) =
                (scene.get(&path).await, scene.get("/hsds/services/00000000-0000-4000-8000-000000000000").await);
            let told = |mut body: Value| {
                body["error"]["requestId"] = json!("");
                body
            };
            assert_eq!((hidden.status, told(hidden.body)), (404, told(unknown.body)), "as what does not exist");
        }
    }
}

async fn it_shows_just_the_services_that_the_public_finds_in_graphql(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let query = "{ services(first: 100) { nodes { id locations { id } } } organizations(first: 100) { nodes { id } } }";
    let seen = scene.app.run(&Persona::public(), query, json!({})).await;
    let key = |node: &Value| decode(node["id"].as_str().unwrap()).unwrap().1.to_string();
    let all = |nodes: &Value| -> BTreeSet<String> { nodes.as_array().unwrap().iter().map(key).collect() };
    assert_eq!(scene.keys("/hsds/services").await, all(&seen["services"]["nodes"]));
    assert_eq!(scene.keys("/hsds/organizations").await, all(&seen["organizations"]["nodes"]));
    let places: BTreeSet<String> =
        seen["services"]["nodes"].as_array().unwrap().iter().flat_map(|node| all(&node["locations"])).collect();
    assert_eq!(scene.keys("/hsds/service_at_locations").await, places);
}

async fn a_token_shows_no_more(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    for list in LISTS {
        let plain = scene.got(list).await;
        for (name, person) in scene.world.everybody() {
            let Some(token) = &person.token else { continue };
            let asked = scene.app.request(Method::GET, list).bearer_auth(token);
            assert_eq!(read(asked.send().await.unwrap()).await.body, plain, "{name} {list}");
        }
    }
}

on_both_engines!(
    nothing_hidden_is_told,
    it_shows_just_the_services_that_the_public_finds_in_graphql,
    a_token_shows_no_more,
);
