//! What each address gives: the objects, the page around them, and how many statements they need.

use super::scene::{LISTS, Scene, keys};
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use serde_json::{Value, json};

async fn the_root_says_where_its_description_lies(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    for path in ["/hsds", "/hsds/"] {
        let root = scene.got(path).await;
        assert_eq!(root["version"], "3.2.3");
        for (member, media) in [("openapi_url", "application/json"), ("profile", "text/html; charset=utf-8")] {
            let address = root[member].as_str().unwrap();
            let path = address.strip_prefix(&scene.app.url).unwrap();
            let found = scene.get(path).await;
            assert_eq!((found.status, found.headers["content-type"].to_str().unwrap()), (200, media));
        }
    }
    let profile = scene.get("/hsds/profile").await;
    assert!(profile.headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    let text = profile.body.as_str().unwrap();
    assert!(!text.contains("<script") && !text.contains("style"), "nothing that the policy forbids");
}

async fn a_service_is_told_in_full(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let told = scene.got(&format!("/hsds/services/{}", scene.rich)).await;
    let provider = scene.world.provider.to_string();
    assert_eq!(told["organization_id"], json!(provider));
    assert_eq!(told["organization"]["name"], "Provider");
    assert_eq!(told["organization"]["website"], "https://example.org/x");
    assert_eq!((&told["name"], &told["status"]), (&json!("Groupe de parole"), &json!("active")));
    assert_eq!((&told["minimum_age"], &told["maximum_age"]), (&json!(18), &json!(60)));
    assert_eq!(told["eligibility_description"], "Mères");
    assert_eq!(told["application_process"], "Venir le samedi");
    assert_eq!(told["fees_description"], "Free of charge");
    assert_eq!(told["assured_date"], "2026-11-25");
    assert_eq!((&told["languages"][1]["code"], &told["languages"][1]["note"]), (&json!("ar"), &json!("ar-MA")));
    assert_eq!(told["required_documents"][0]["document"], "Passeport");
    assert_eq!(told["service_areas"][0]["name"], "Far District");
    let at = &told["service_at_locations"][0]["location"];
    assert_eq!((&at["latitude"], &at["longitude"]), (&json!(14.5), &json!(-17.25)));
    assert_eq!((&at["location_type"], &at["description"]), (&json!("physical"), &json!("1 Main Street, District")));
    assert_eq!((&at["external_identifier"], at.get("addresses")), (&json!("XX01"), None));
    let terms: Vec<(&Value, &Value)> = told["attributes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attribute| (&attribute["link_type"], &attribute["taxonomy_term"]["code"]))
        .collect();
    let expected = [
        ("category", "PSY.IND.PEER_SUPPORT"),
        ("dimension", "PSYCHOSOCIAL"),
        ("level", "INDIVIDUAL"),
        ("eligibility", "AVRR"),
        ("eligibility", "FEMALE"),
        ("eligibility", "NON_RETURNEES"),
        ("referrals", "NO_REFERRALS"),
    ];
    let expected: Vec<(Value, Value)> = expected.into_iter().map(|(link, code)| (json!(link), json!(code))).collect();
    assert_eq!(terms, expected.iter().map(|(link, code)| (link, code)).collect::<Vec<_>>());
    let paused = scene.got(&format!("/hsds/services/{}", scene.paused)).await;
    assert_eq!((&paused["status"], &paused["fees_description"]), (&json!("temporarily closed"), &json!("10 a month")));
}

async fn texts_come_in_the_language_asked_for(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let path = format!("/hsds/services/{}", scene.rich);
    let plain = scene.get(&path).await;
    assert!(plain.headers.get("content-language").is_none(), "in their own language when nobody asks");
    for (language, name, organization, level) in [
        ("en", "Peer group", "Provider", "Individual"),
        ("fr-CH, en;q=0.5", "Groupe de parole", "Prestataire", "Individuel"),
        ("ar", "Groupe de parole", "Provider", "فردي"),
    ] {
        let told = scene.in_language(&path, language).await;
        assert_eq!(told.headers["content-language"], language[..2]);
        assert!(told.headers["vary"].to_str().unwrap().to_ascii_lowercase().contains("accept-language"));
        assert_eq!((&told.body["name"], &told.body["organization"]["name"]), (&json!(name), &json!(organization)));
        let level_told = &told.body["attributes"][2]["taxonomy_term"]["name"];
        assert!(level_told.as_str().unwrap().starts_with(&level[..4]), "{level_told}");
    }
}

async fn a_confidential_place_has_no_point_and_no_address(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let told = scene.got(&format!("/hsds/services/{}", scene.shelter)).await;
    let at = &told["service_at_locations"][0];
    let members: Vec<&String> = at["location"].as_object().unwrap().keys().collect();
    assert_eq!(members, ["external_identifier", "external_identifier_type", "id", "location_type"]);
    assert_eq!(at["location"]["location_type"], "virtual");
    let alone = scene.got(&format!("/hsds/service_at_locations/{}", at["id"].as_str().unwrap())).await;
    assert_eq!(alone["location"], at["location"]);
    let near = "/hsds/service_at_locations?latitude=14.5&longitude=-17.25&proximity=20040000";
    assert!(!scene.keys(near).await.contains(at["id"].as_str().unwrap()));
}

async fn a_point_that_slipped_into_a_confidential_place_is_not_told(engine: Engine) {
    // The database refuses such a row on both engines; what is told must not hang on that.
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let set = "UPDATE location SET latitude = 1 WHERE kind = 'CONFIDENTIAL'";
    let tx = scene.app.app.store.begin().await.unwrap();
    assert!(tx.run(set, vec![]).await.is_err());
}

async fn an_organization_brings_its_public_services(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let provider = scene.world.provider;
    let told = scene.got(&format!("/hsds/organizations/{provider}")).await;
    assert_eq!((&told["name"], &told["description"]), (&json!("Provider"), &json!("Gives help")));
    let own = keys(told["services"].as_array().unwrap());
    assert_eq!(own, [scene.world.service, scene.rich, scene.shelter].map(|key| key.to_string()).into());
    assert!(told["services"][0].get("service_at_locations").is_none());
    let whole = scene.got(&format!("/hsds/organizations/{provider}?full_service=true")).await;
    assert!(whole["services"][0]["service_at_locations"][0]["location"].is_object());
    assert_eq!(told["attributes"][0]["taxonomy_term"]["code"], "SERVICE_PROVIDER");
    let listed = scene.contents("/hsds/organizations").await;
    let listed = listed.iter().find(|each| each["id"] == json!(provider)).unwrap();
    assert!(listed.get("services").is_none() && listed.get("attributes").is_none());
    let partner = scene.got(&format!("/hsds/organizations/{}", scene.world.partner)).await;
    assert_eq!(partner["description"], "Implementing partner (XX)", "one is derived where there is none");
}

async fn every_object_of_a_list_has_an_address_that_gives_the_same(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    for list in LISTS {
        let path = list.split('?').next().unwrap();
        let full = if path == "/hsds/organizations" { "?full_service=true" } else { "" };
        for object in scene.contents(&format!("{list}&per_page=100")).await {
            let id = object["id"].as_str().unwrap();
            assert_eq!(scene.got(&format!("{path}/{id}{full}")).await, object, "{path}");
        }
    }
}

async fn pages_hold_each_object_once_in_one_order(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    for list in LISTS {
        let whole = scene.contents(&format!("{list}&per_page=100")).await;
        assert!(whole.len() > 3, "{list}");
        for size in [1, 3, whole.len()] {
            let pages = whole.len().div_ceil(size);
            let mut seen = Vec::new();
            for page in 1..=pages {
                let told = scene.got(&format!("{list}&per_page={size}&page={page}")).await;
                let contents = told["contents"].as_array().unwrap();
                let expected = json!({
                    "total_items": whole.len(), "total_pages": pages, "page_number": page, "size": contents.len(),
                    "first_page": page == 1, "last_page": page == pages, "empty": false, "contents": contents,
                });
                assert_eq!(told, expected, "{list}");
                seen.extend(contents.iter().cloned());
            }
            assert_eq!(seen, whole, "{list} by {size}");
        }
        let beyond = scene.got(&format!("{list}&page=1000")).await;
        let expected = json!({ "page_number": 1000, "size": 0, "first_page": false, "last_page": true, "empty": true,
            "contents": [], "total_items": whole.len(), "total_pages": whole.len().div_ceil(20) });
        assert_eq!(beyond, expected, "{list}");
    }
    let nothing = scene.got("/hsds/services?search=nowhere").await;
    let expected = json!({ "total_items": 0, "total_pages": 0, "page_number": 1, "size": 0, "first_page": true,
        "last_page": true, "empty": true, "contents": [] });
    assert_eq!(nothing, expected);
}

async fn minimal_tells_key_and_change_only(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let told = scene.contents("/hsds/services?minimal=true").await;
    assert_eq!(keys(&told), scene.public());
    let full = scene.contents("/hsds/services").await;
    for (minimal, full) in told.iter().zip(&full) {
        assert_eq!(*minimal, json!({ "id": full["id"], "last_modified": full["last_modified"] }));
    }
}

async fn a_page_is_one_statement_and_two_with_terms_or_a_circle(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let term = scene.term("PSYCHOSOCIAL").await;
    let mut rows = vec![
        ("/hsds/services/".to_owned() + &scene.rich.to_string(), 1),
        (format!("/hsds/services?taxonomy_term_id={term}&full=true"), 2),
        ("/hsds/service_at_locations?latitude=14.5&longitude=-17.25&proximity=1000".to_owned(), 2),
        ("/hsds/service_at_locations?postcode=4711&proximity=1000".to_owned(), 3),
        ("/hsds/services?search=nowhere".to_owned(), 1),
        ("/hsds/taxonomies".to_owned(), 0),
        ("/hsds/taxonomy_terms".to_owned(), 1),
    ];
    rows.extend(LISTS[..3].iter().flat_map(|list| [1, 100].map(|size| (format!("{list}&per_page={size}"), 1))));
    for (path, expected) in rows {
        let (needed, _) = scene.app.statements(scene.got(&path)).await;
        assert_eq!(needed, expected, "{path}");
    }
}

on_both_engines!(
    the_root_says_where_its_description_lies,
    a_service_is_told_in_full,
    texts_come_in_the_language_asked_for,
    a_confidential_place_has_no_point_and_no_address,
    a_point_that_slipped_into_a_confidential_place_is_not_told,
    an_organization_brings_its_public_services,
    every_object_of_a_list_has_an_address_that_gives_the_same,
    pages_hold_each_object_once_in_one_order,
    minimal_tells_key_and_change_only,
    a_page_is_one_statement_and_two_with_terms_or_a_circle,
);
