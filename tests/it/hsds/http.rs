//! How the reference API speaks HTTP: twins by POST, lines instead of pages, caches, other sites, faults.

use super::scene::{LISTS, Scene};
use crate::support::app::{Answer, TestApp, read};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::world::add_service;
use reqwest::Method;
use serde_json::{Value, json};

async fn a_post_gives_what_a_get_gives(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    for list in LISTS {
        let (path, query) = list.split_once('?').unwrap();
        let query = format!("{query}&per_page=3&page=1&search=e");
        let expected = scene.got(&format!("{path}?{query}")).await;
        let members: Value = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), serde_json::from_str(value).unwrap_or(json!(value))))
            .collect::<serde_json::Map<_, _>>()
            .into();
        let form = "application/x-www-form-urlencoded";
        for (address, media, body) in [
            (path.to_owned(), form, query.clone()),
            (path.to_owned(), "application/json; charset=utf-8", members.to_string()),
            (format!("{path}?{query}"), form, String::new()),
        ] {
            let sent = scene.app.request(Method::POST, &address).header("content-type", media).body(body);
            let answer = read(sent.send().await.unwrap()).await;
            assert_eq!((answer.status, &answer.body), (200, &expected), "{address} {media}");
            assert_eq!(answer.headers["cache-control"], "no-store");
        }
    }
}

async fn lines_hold_what_pages_hold(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    // More than one piece.
    for _ in 0..230 {
        add_service(&scene.app, scene.world.provider, scene.world.district, None).await;
    }
    let term = scene.term("ECO.IND.TVET").await;
    let more = ["/hsds/services?minimal=true".to_owned(), format!("/hsds/services?taxonomy_term_id={term}")];
    for list in LISTS.map(str::to_owned).into_iter().chain(more) {
        let mut whole = Vec::new();
        for page in 1.. {
            let told = scene.got(&format!("{list}&per_page=100&page={page}")).await;
            whole.extend(told["contents"].as_array().unwrap().clone());
            if told["last_page"] == true {
                break;
            }
        }
        let streamed = scene.get(&format!("{list}&format=ndjson&page=7")).await;
        assert_eq!(streamed.headers["content-type"], "application/x-ndjson");
        let text = match streamed.body {
            Value::String(text) => text,
            one => one.to_string(),
        };
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines, whole, "{list}");
    }
    let nothing = scene.get("/hsds/services?search=nowhere&format=ndjson").await;
    assert_eq!((nothing.status, nothing.body), (200, json!("")));
}

async fn ask(scene: &Scene, path: &str, header: &str, value: &str) -> Answer {
    read(scene.app.request(Method::GET, path).header(header, value).send().await.unwrap()).await
}

async fn what_has_not_changed_is_not_sent_again(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let one = format!("/hsds/services/{}", scene.rich);
    for path in ["/hsds", "/hsds/openapi.json", "/hsds/services", "/hsds/taxonomy_terms", one.as_str()] {
        let first = scene.get(path).await;
        let tag = first.headers["etag"].to_str().unwrap().to_owned();
        for tags in [tag.clone(), format!("\"x\", {}", tag.trim_start_matches("W/")), "*".to_owned()] {
            let again = ask(&scene, path, "if-none-match", &tags).await;
            assert_eq!((again.status, again.body), (304, json!("")), "{path}");
            assert_eq!(again.headers["etag"], tag.as_str());
            assert_eq!(again.headers["access-control-allow-origin"], "*");
        }
        assert_eq!(ask(&scene, path, "if-none-match", "\"x\"").await.status, 200);
    }
    let other = scene.in_language(&one, "en").await;
    assert_ne!(other.headers["etag"], scene.get(&one).await.headers["etag"]);
    let dated = scene.get(&one).await.headers["last-modified"].to_str().unwrap().to_owned();
    assert_eq!(ask(&scene, &one, "if-modified-since", &dated).await.status, 304);
    let listed = scene.get("/hsds/services").await.headers["last-modified"].to_str().unwrap().to_owned();
    assert_eq!(listed, dated, "the latest of the page");
    assert_eq!(
        ask(&scene, "/hsds/services", "if-modified-since", &dated).await.status,
        200,
        "things vanish from lists"
    );
    let set = "UPDATE service SET name = 'Other', updated_at = updated_at + 1000000 WHERE id = $1";
    crate::support::seed::run(&scene.app, set, vec![scene.rich.into()]).await;
    assert_eq!(ask(&scene, &one, "if-modified-since", &dated).await.status, 200);
}

async fn every_site_may_read_it(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    for (path, status) in [
        ("/hsds", 200),
        ("/hsds/profile", 200),
        ("/hsds/services", 200),
        ("/hsds/services?format=ndjson", 200),
        ("/hsds/services?page=0", 400),
        ("/hsds/nothing", 404),
    ] {
        let answer = ask(&scene, path, "origin", "https://elsewhere.example").await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.headers["access-control-allow-origin"], "*", "{path}");
        assert!(answer.headers.contains_key("x-request-id"));
        assert!(!answer.headers.contains_key("set-cookie"));
    }
    let asked = scene.app.request(Method::OPTIONS, "/hsds/services").header("origin", "https://elsewhere.example");
    let before = read(asked.header("access-control-request-method", "POST").send().await.unwrap()).await;
    assert_eq!(before.status, 204);
    assert!(before.headers["access-control-allow-methods"].to_str().unwrap().contains("POST"));
    assert!(before.headers["access-control-allow-headers"].to_str().unwrap().contains("Content-Type"));
    let head = scene.app.request(Method::HEAD, "/hsds/services").send().await.unwrap();
    assert_eq!(head.status(), 200);
    assert!(head.headers().contains_key("etag"));
    assert_eq!(head.text().await.unwrap(), "");
}

async fn what_makes_no_sense_is_told_with_a_code(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    for (query, parameter) in [
        ("services?page=0", "page"),
        ("services?page=x", "page"),
        ("services?page=99999999999999999999", "page"),
        ("services?per_page=0", "per_page"),
        ("services?per_page=-1", "per_page"),
        ("services?format=xml", "format"),
        ("services?full=maybe", "full"),
        ("services?full=true&minimal=true", "minimal"),
        ("services?taxonomy_term_id=x", "taxonomy_term_id"),
        ("services?organization_id=1", "organization_id"),
        ("services?modified_after=yesterday", "modified_after"),
        ("services?search=a&search=b", "search"),
        ("services?search=a%00", "search"),
        ("service_at_locations?proximity=10", "proximity"),
        ("service_at_locations?latitude=1&longitude=1", "latitude"),
        ("service_at_locations?latitude=1&proximity=10", "latitude"),
        ("service_at_locations?latitude=91&longitude=1&proximity=10", "latitude"),
        ("service_at_locations?latitude=NaN&longitude=1&proximity=10", "latitude"),
        ("service_at_locations?latitude=1&longitude=181&proximity=10", "longitude"),
        ("service_at_locations?latitude=1&longitude=1&proximity=inf", "proximity"),
        ("taxonomy_terms?top_only=2", "top_only"),
        ("taxonomy_terms?parent_id=2", "parent_id"),
        ("organizations?full_service=2", "full_service"),
    ] {
        let (needed, answer) = scene.app.statements(scene.get(&format!("/hsds/{query}"))).await;
        let error = &answer.body["error"];
        assert_eq!((answer.status, needed), (400, 0), "{query}");
        assert_eq!((&error["code"], &error["parameter"]), (&json!("BAD_USER_INPUT"), &json!(parameter)), "{query}");
        assert_eq!(error["requestId"], answer.headers["x-request-id"].to_str().unwrap());
    }
    let unknown = scene.get("/hsds/services?canary4711=1").await;
    assert_eq!((unknown.status, &unknown.body["error"]["code"]), (400, &json!("BAD_USER_INPUT")));
    assert!(!unknown.body.to_string().contains("canary4711"), "what was sent is not repeated");
    for path in ["/hsds/services/1", "/hsds/services/x/y", "/hsds/x", "/hsds/openapi.json/x", "/hsds/taxonomies/x"] {
        let answer = scene.get(path).await;
        assert_eq!((answer.status, &answer.body["error"]["code"]), (404, &json!("NOT_FOUND")), "{path}");
    }
    let big = scene.got("/hsds/taxonomy_terms?per_page=100000").await;
    assert!(big["size"].as_u64().unwrap() <= 100);
}

async fn only_reading_is_served(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let one = format!("/hsds/services/{}", scene.rich);
    for (method, path) in [
        (Method::PUT, "/hsds/services"),
        (Method::DELETE, one.as_str()),
        (Method::POST, one.as_str()),
        (Method::PATCH, one.as_str()),
        (Method::POST, "/hsds"),
    ] {
        let answer = read(scene.app.request(method.clone(), path).send().await.unwrap()).await;
        assert_eq!(answer.status, 405, "{method} {path}");
        assert!(answer.headers["allow"].to_str().unwrap().starts_with("GET, HEAD"), "{method} {path}");
    }
    for (media, body, status) in [
        ("application/xml", "<a/>".to_owned(), 415),
        ("application/json", "[]".to_owned(), 400),
        ("application/json", "{\"search\":[1]}".to_owned(), 400),
        ("application/x-www-form-urlencoded", format!("search={}", "a".repeat(20_000)), 413),
    ] {
        let sent = scene.app.request(Method::POST, "/hsds/services").header("content-type", media).body(body);
        assert_eq!(read(sent.send().await.unwrap()).await.status, status, "{media}");
    }
}

on_both_engines!(
    a_post_gives_what_a_get_gives,
    lines_hold_what_pages_hold,
    what_has_not_changed_is_not_sent_again,
    every_site_may_read_it,
    what_makes_no_sense_is_told_with_a_code,
    only_reading_is_served,
);
