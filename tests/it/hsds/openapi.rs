//! The OpenAPI document says what is served: every address, every parameter, every property.

use super::scene::{LISTS, Scene};
use super::schemas::{keeps_to, official, published};
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use passerelle::hsds::directory::Collection;
use passerelle::http::hsds::parameters::{of_list, of_one};
use serde_json::Value;
use std::collections::BTreeSet;

const DOCUMENT: &str = include_str!("../../../api/docs/hsds/openapi.json");

fn document() -> Value {
    serde_json::from_str(DOCUMENT).unwrap()
}

fn names(document: &Value, operation: &Value) -> BTreeSet<String> {
    let name = |parameter: &Value| {
        let found = parameter["$ref"]
            .as_str()
            .map_or(parameter, |reference| document.pointer(reference.trim_start_matches('#')).unwrap());
        found["name"].as_str().unwrap().to_owned()
    };
    operation["parameters"].as_array().unwrap().iter().map(name).collect()
}

#[test]
fn every_address_and_parameter_is_described() {
    let document = document();
    let mut addresses: BTreeSet<String> = ["/", "/openapi.json", "/profile"].map(str::to_owned).into();
    for collection in Collection::ALL {
        let (list, one) = (format!("/{}", collection.name()), format!("/{}/{{id}}", collection.name()));
        let expected: BTreeSet<String> = of_list(collection).into_iter().map(str::to_owned).collect();
        for method in ["get", "post"] {
            assert_eq!(names(&document, &document["paths"][&list][method]), expected, "{method} {list}");
        }
        for media in ["application/json", "application/x-www-form-urlencoded"] {
            let body = &document["paths"][&list]["post"]["requestBody"]["content"][media]["schema"]["properties"];
            assert_eq!(body.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>(), expected, "{media} {list}");
        }
        let expected: BTreeSet<String> = of_one(collection).into_iter().map(str::to_owned).collect();
        assert_eq!(names(&document, &document["paths"][&one]["get"]), expected, "{one}");
        addresses.extend([list, one]);
    }
    let described: BTreeSet<String> = document["paths"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(described, addresses);
    let used: BTreeSet<&str> = Collection::ALL.into_iter().flat_map(of_list).collect();
    let declared = document["components"]["parameters"].as_object().unwrap();
    assert_eq!(declared.keys().map(String::as_str).collect::<BTreeSet<_>>(), used);
}

#[test]
fn every_parameter_of_the_standard_is_served() {
    let Some(folder) = super::schemas::data() else { return };
    let text = std::fs::read_to_string(folder.join("schemas-3.2.3/openapi.json")).unwrap();
    let standard: Value = serde_json::from_str(&text).unwrap();
    let ours = document();
    for (path, item) in standard["paths"].as_object().unwrap() {
        for method in ["get", "post"].into_iter().filter(|method| item.get(*method).is_some()) {
            let operation = &ours["paths"][path][method];
            assert!(operation.is_object(), "{method} {path}");
            if item[method].get("parameters").is_some() {
                let (wanted, served) = (names(&standard, &item[method]), names(&ours, operation));
                assert!(wanted.is_subset(&served), "{method} {path}: {wanted:?} {served:?}");
            }
        }
    }
}

async fn what_is_served_is_what_is_committed(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    assert_eq!(scene.got("/hsds/openapi.json").await, document());
}

async fn every_object_keeps_to_the_schemas(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let document = document();
    for list in LISTS {
        let path = list.split('?').next().unwrap();
        let collection = path.trim_start_matches("/hsds/");
        let (ours, standard) = (published(&document, collection), official(collection));
        for object in scene.contents(&format!("{list}&per_page=100")).await {
            keeps_to(&ours, &object, path);
            if let Some((_, full)) = &standard {
                keeps_to(full, &object, path);
            }
        }
        for object in scene.contents(&format!("{path}?per_page=100")).await {
            keeps_to(&ours, &object, path);
            if let Some((listed, _)) = &standard {
                keeps_to(listed, &object, path);
            }
        }
    }
}

on_both_engines!(what_is_served_is_what_is_committed, every_object_keeps_to_the_schemas);
