//! What the public can't see in GraphQL is not shown here either, whoever asks.

use super::scene::{CONTACT, DISCREET, LISTS, PAUSE, PLACE, SECRET, Scene};
use crate::support::app::{Persona, TestApp, read};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::{run, waiting};
use crate::support::world::{add_member, gid};
use passerelle::domain::global_id::Kind;
use passerelle::domain::global_id::decode;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Everything the API tells, page by page, with how each came to be known.
async fn everything(scene: &Scene) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for list in LISTS {
        for more in [
            "&per_page=100",
            "&per_page=100&search=canary",
            "&per_page=100&search=hidden",
            "&per_page=100&search=trafficked",
        ] {
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
        for canary in
            [SECRET, CONTACT, PAUSE, DISCREET, PLACE, "CANARY-GOAL", "desk@example.org", "taken", "overbooking"]
        {
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

async fn a_discreet_organization_is_told_by_its_name(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let found = scene.contents("/hsds/organizations?per_page=100&search=trafficked").await;
    assert!(found.is_empty(), "what finds it would tell of it: {found:?}");
    let names: Vec<String> = scene
        .contents("/hsds/organizations?per_page=100")
        .await
        .iter()
        .map(|one| one["name"].as_str().unwrap().to_owned())
        .collect();
    assert!(names.contains(&"Unseen".to_owned()) && names.contains(&"Haven".to_owned()), "{names:?}");
    let query = "query($id: ID!) { organization(id: $id) { name description website identifiers { identifier } } }";
    let own = add_member(&scene.app, scene.discreet[0], "SUPERVISOR").await;
    for (who, is_own) in
        [(&Persona::public(), false), (&scene.world.outsider, false), (&scene.world.case_manager, false), (&own, true)]
    {
        for organization in scene.discreet {
            let id = json!({ "id": gid(Kind::Organization, organization) });
            let seen = scene.app.run(who, query, id).await["organization"].clone();
            assert!(["Unseen", "Haven"].contains(&seen["name"].as_str().unwrap()));
            assert_eq!(seen.to_string().contains(DISCREET), is_own && organization == scene.discreet[0], "{seen}");
        }
    }
    let place = "query($id: ID!) { service(by: { id: $id }) { locations { location { kind name } } } }";
    let id = json!({ "id": gid(Kind::Service, scene.shelter) });
    let seen = scene.app.run(&Persona::public(), place, id).await;
    assert_eq!(seen["service"]["locations"][0]["location"], json!({ "kind": "CONFIDENTIAL", "name": "" }));
}

/// What takes no referrals today is not told as if it did, whatever its entry says.
async fn what_is_closed_is_not_told_as_open(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let (app, service) = (&scene.app, scene.world.service);
    let told = async || {
        let told = scene.got(&format!("/hsds/services/{service}")).await;
        let all = told["attributes"].as_array().unwrap().clone();
        let takes = all.iter().find(|one| one["link_type"] == "referrals").unwrap()["taxonomy_term"]["code"].clone();
        (told["status"].as_str().unwrap().to_owned(), takes.as_str().unwrap().to_owned())
    };
    let takes = scene.term("TAKES_REFERRALS").await;
    let open = async || scene.keys(&format!("/hsds/services?per_page=100&taxonomy_term_id={takes}")).await;
    let rows = async || {
        String::from_utf8(
            passerelle::usecase::export::export(
                &app.app,
                passerelle::hsds::export::Form::ThreeW,
                &passerelle::hsds::export::Scope::default(),
                None,
            )
            .await
            .unwrap()
            .unwrap(),
        )
        .unwrap()
    };
    let ongoing = async || rows().await.lines().filter(|line| line.contains("\"ongoing\"")).count();
    assert_eq!(told().await, ("active".to_owned(), "TAKES_REFERRALS".to_owned()));
    assert!(open().await.contains(&service.to_string()));
    let before = ongoing().await;
    for (close, undo) in [
        ("funding_ends = '2026-11-24'", "funding_ends = NULL"),
        ("assured_on = '2026-01-01'", "assured_on = '2026-11-25'"),
    ] {
        run(app, &format!("UPDATE service SET {close} WHERE id = $1"), vec![service.into()]).await;
        assert_eq!(told().await, ("inactive".to_owned(), "NO_REFERRALS".to_owned()), "{close}");
        assert!(!open().await.contains(&service.to_string()), "{close}");
        assert_eq!(ongoing().await, before - 1, "{close}");
        run(app, &format!("UPDATE service SET {undo} WHERE id = $1"), vec![service.into()]).await;
    }
    run(app, "UPDATE service SET program_id = $1 WHERE id = $2", vec![scene.world.program.into(), service.into()])
        .await;
    let line = scene.got(&format!("/hsds/services/{service}")).await;
    let program = json!({ "id": scene.world.program, "name": "Program", "description": "Program" });
    assert_eq!((&line["program"], &line["program_id"]), (&program, &json!(scene.world.program)));
    let read = passerelle::hsds::ndjson::read_bytes(line.to_string().as_bytes()).unwrap();
    assert!(read.refused.iter().all(|row| row.taken), "an import reads it: {:?}", read.refused);
    assert!(rows().await.contains("\"Program\",") && rows().await.contains("\"2026-11-25\""));
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
    a_discreet_organization_is_told_by_its_name,
    what_is_closed_is_not_told_as_open,
    it_shows_just_the_services_that_the_public_finds_in_graphql,
    a_token_shows_no_more,
);
