//! Every object of every list on a real directory, which is not part of the repository, against the official schemas.

use super::scene::LISTS;
use super::schemas::{data, keeps_to, official, published};
use crate::support::app::{TestApp, read};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::imports::{map, options, take};
use crate::support::world::World;
use passerelle::hsds;
use passerelle::usecase::import::Options;
use reqwest::Method;
use serde_json::Value;
use std::io::Write as _;

const MAP: &str = include_str!("../../../api/data/category-maps/unhcr-jordan-2015.json");
const DOCUMENT: &str = include_str!("../../../api/docs/hsds/openapi.json");

async fn lines(app: &TestApp, path: &str) -> Vec<Value> {
    let answer = read(app.request(Method::GET, path).send().await.unwrap()).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    let text = answer.body.as_str().unwrap().to_owned();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

async fn every_object_of_a_real_directory_keeps_to_the_official_schemas(engine: Engine) {
    let Some(folder) = data() else {
        let _ = writeln!(std::io::stderr(), "SKIPPED, no real HSDS data: the reference API on the Jordan set");
        return;
    };
    let app = TestApp::start(engine).await;
    World::fill(&app).await;
    let directory = hsds::read(&folder.join("unhcr-jordan-2015/services_hsds-3.2.3.ndjson")).unwrap();
    let options = Options { language: "en".into(), ..options("jordan") };
    take(&app, &directory, &map(&app, MAP).await, &options).await;
    let document: Value = serde_json::from_str(DOCUMENT).unwrap();
    let count = app.app.store.rows("SELECT count(*) AS total FROM service WHERE visibility = 'PUBLIC'", vec![]);
    let public: i64 = count.await.unwrap()[0].try_get("", "total").unwrap();
    assert_eq!(public, 105, "123 of the set without 19 for partners, and one of the world");
    for list in LISTS {
        let path = list.split('?').next().unwrap();
        let collection = path.trim_start_matches("/hsds/");
        let (ours, (listed, full)) = (published(&document, collection), official(collection).unwrap());
        let objects = lines(&app, &format!("{list}&format=ndjson")).await;
        for object in &objects {
            keeps_to(&full, object, path);
            keeps_to(&ours, object, path);
        }
        let short = lines(&app, &format!("{path}?format=ndjson")).await;
        for object in &short {
            keeps_to(&listed, object, path);
        }
        assert_eq!(objects.len(), short.len());
        match collection {
            "services" => assert_eq!(objects.len(), 105),
            "organizations" => assert_eq!(objects.len(), 44 + 7),
            "service_at_locations" => assert!(objects.len() > 300, "{}", objects.len()),
            _ => assert!(objects.len() > 4),
        }
    }
}

on_both_engines!(every_object_of_a_real_directory_keeps_to_the_official_schemas);
