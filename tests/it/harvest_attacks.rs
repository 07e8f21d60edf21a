//! The doors without a token, as somebody with bad intentions tries them: nothing breaks, nothing that was sent comes back
//! in a header or a text, nothing is kept by caches for somebody else, and no circle finds a secret place.

use crate::hsds::scene::Scene;
use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::world::gid;
use passerelle::domain::global_id::Kind;
use reqwest::Method;
use serde_json::Value;

/// What is put behind the name of a parameter.
const VALUES: [&str; 22] = [
    "%00",
    "a%00b",
    "%ff%fe",
    "%c0%af",
    "%E2%80%AE",
    "%0d%0aSet-Cookie:%20canary=1",
    "..%2f..%2fetc%2fpasswd",
    "%25%27%22%3b--",
    "'%20OR%20'1'='1",
    "%7B%7B7*7%7D%7D",
    "$1",
    "-1",
    "9223372036854775808",
    "1e309",
    "-0",
    "0x10",
    "%F0%9F%8F%A0%F0%9F%8F%A0",
    "%D8%A7%D9%84%D8%B3%D9%83%D9%86",
    "2026-02-30",
    "-9999-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "%",
];

const PATHS: [(&str, &[&str]); 10] = [
    ("/hsds/services", &["search", "page", "per_page", "modified_after", "taxonomy_id", "organization_id", "format"]),
    ("/hsds/organizations", &["search", "full_service", "taxonomy_term_id"]),
    ("/hsds/service_at_locations", &["search", "postcode", "proximity", "latitude", "modified_after"]),
    ("/hsds/taxonomies", &["search", "page"]),
    ("/hsds/taxonomy_terms", &["search", "parent_id", "top_only"]),
    ("/exports/services.ndjson", &["area", "organization"]),
    ("/exports/hsds.zip", &["area", "organization"]),
    ("/exports/3w.csv", &["area", "organization"]),
    ("/maps/coverage", &["area", "levels", "category"]),
    ("/maps/unmet-needs", &["area", "quarter", "category"]),
];

async fn nothing_that_is_sent_breaks_a_door(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let country = gid(Kind::Area, scene.world.country);
    let mut asked = Vec::new();
    for (path, parameters) in PATHS {
        let around = if path.starts_with("/maps") { format!("area={country}&") } else { String::new() };
        for name in parameters {
            let before = if *name == "area" { "" } else { &around };
            asked.extend(VALUES.map(|value| format!("{path}?{before}{name}={value}")));
        }
        asked.push(format!("{path}?{}=1", "%00"));
        asked.push(format!("{path}?{}", "&".repeat(1_000)));
        asked.push(format!("{path}?search={}", "a".repeat(17_000)));
        asked.push(format!("{path}%00"));
        asked.push(format!("{path}/../../etc/passwd"));
        asked.push(format!("{path}//"));
    }
    for pole in ["90", "-90"] {
        asked.push(format!("/hsds/service_at_locations?latitude={pole}&longitude=180&proximity=20040000"));
    }
    asked.push("/hsds/services?page=1000000&per_page=18446744073709551615".to_owned());
    for path in asked {
        let answer = scene.app.request(Method::GET, &path).send().await.unwrap();
        let status = answer.status().as_u16();
        assert!(status < 500, "{path}: {status} {}", answer.text().await.unwrap());
        assert!(!answer.headers().contains_key("set-cookie"), "{path}");
        let text = answer.text().await.unwrap();
        assert!(!text.contains("canary") && !text.contains("passwd"), "{path} comes back: {text}");
    }
}

async fn what_a_header_says_comes_back_in_nothing(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let headers = [
        ("x-request-id", "canary-of-the-lake"),
        ("accept-language", "canary, *;q=0"),
        ("x-forwarded-host", "canary.example"),
        ("x-forwarded-proto", "canary"),
        ("forwarded", "host=canary.example"),
        ("host", "canary.example/<script>"),
        ("if-none-match", "canary"),
        ("if-modified-since", "canary"),
        ("range", "bytes=0-0"),
        ("accept-encoding", "canary"),
        ("content-type", "canary"),
        ("origin", "https://canary.example"),
        ("authorization", "Basic canary"),
    ];
    for path in ["/hsds", "/hsds/services", "/hsds/profile", "/exports/services.ndjson", "/exports/nothing"] {
        for (name, value) in headers {
            let sent = scene.app.request(Method::GET, path).header(name, value).send().await;
            let Ok(answer) = sent else { continue };
            assert!(answer.status().as_u16() < 500, "{path} {name}");
            let told = format!("{:?}", answer.headers());
            let text = answer.text().await.unwrap();
            assert!(!told.contains("canary") && !text.contains("canary"), "{path} {name}: {told} {text}");
        }
    }
}

async fn nobody_is_served_what_was_kept_for_somebody_else(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let map = format!("/maps/coverage?area={}&levels=1", gid(Kind::Area, scene.world.country));
    let ask = async |path: &str, who: &Persona, language: Option<&str>| {
        let mut asked = scene.app.request(Method::GET, path);
        asked = who.token.iter().fold(asked, |asked, token| asked.bearer_auth(token));
        let asked = language.into_iter().fold(asked, |asked, language| asked.header("accept-language", language));
        let answer = asked.send().await.unwrap();
        (answer.headers().clone(), answer.text().await.unwrap())
    };
    let header = |headers: &reqwest::header::HeaderMap, name: &str| {
        headers.get(name).map(|value| value.to_str().unwrap().to_lowercase()).unwrap_or_default()
    };
    let (public, plain) = ask(&map, &Persona::public(), None).await;
    let (own, known) = ask(&map, &scene.world.coordinator, None).await;
    assert_ne!(plain, known);
    for headers in [&public, &own] {
        assert!(header(headers, "vary").contains("authorization"));
    }
    assert_eq!(header(&own, "cache-control"), "no-store");
    for path in ["/hsds/services?full=true", "/exports/services.ndjson", "/exports/3w.csv"] {
        let (french, _) = ask(path, &Persona::public(), Some("fr")).await;
        let (english, _) = ask(path, &Persona::public(), Some("en")).await;
        assert_ne!(header(&french, "etag"), header(&english, "etag"), "{path}");
        let (again, _) = ask(path, &scene.world.provider_supervisor, Some("fr")).await;
        assert_eq!(header(&again, "etag"), header(&french, "etag"), "a token changes nothing");
        for headers in [&french, &again] {
            assert!(header(headers, "vary").contains("accept-language"), "{path}");
            assert!(["no-cache", "no-store"].contains(&header(headers, "cache-control").as_str()), "{path}");
        }
    }
}

async fn no_circle_and_no_date_finds_what_is_hidden(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let shelter = scene.shelter.to_string();
    let mut paths = vec!["postcode=4711&proximity=20040000".to_owned()];
    for (latitude, longitude) in [(0, 0), (90, 0), (-90, 180), (14, -17)] {
        paths.push(format!("latitude={latitude}&longitude={longitude}&proximity=20040000"));
    }
    for query in paths {
        let page = scene.got(&format!("/hsds/service_at_locations?per_page=100&{query}")).await;
        let found = page["contents"].as_array().unwrap();
        assert!(!found.is_empty() && found.iter().all(|at| at["service_id"] != shelter.as_str()), "{query}");
    }
    // When a hidden service changed is no news of a list.
    for key in &scene.hidden {
        let set = "UPDATE service SET updated_at = 4000000000000000 WHERE id = $1";
        crate::support::seed::run(&scene.app, set, vec![(*key).into()]).await;
    }
    for list in ["services", "service_at_locations", "services?minimal=true"] {
        let sign = if list.contains('?') { '&' } else { '?' };
        let answer = scene.get(&format!("/hsds/{list}{sign}modified_after=2090-01-01")).await;
        assert_eq!(answer.body["contents"], Value::Array(vec![]), "{list}");
        let whole = scene.get(&format!("/hsds/{list}")).await;
        assert!(!whole.headers["last-modified"].to_str().unwrap().contains("209"), "{list}");
    }
}

on_both_engines!(
    nothing_that_is_sent_breaks_a_door,
    what_a_header_says_comes_back_in_nothing,
    nobody_is_served_what_was_kept_for_somebody_else,
    no_circle_and_no_date_finds_what_is_hidden,
);
