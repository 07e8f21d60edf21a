//! Whether somebody could be taken, asked before anything is sent.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::verbs::{Story, done, text};
use crate::support::world::{World, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

const CHECK: &str = "query($service: ID!, $person: PersonAttributesInput, $case: ID) {
    checkEligibility(serviceId: $service, person: $person, caseId: $case) {
        answer criteria { answer text criterion { key kind text } } } }";

/// A service of the provider with every kind of condition.
async fn published(app: &TestApp, world: &World, visibility: &str) -> String {
    let input = json!({
        "name": "Farming course", "language": "en", "visibility": visibility, "categoryCode": "ECO.IND.TVET",
        "eligibility": { "minimumAge": 18, "maximumAge": 40, "sex": "FEMALE", "returnTypes": ["AVRR"],
            "nonReturnees": false, "text": "Three months in the town",
            "criteria": [{ "key": "HAS_LAND", "text": "Has land", "translations": [{ "language": "fr", "text": "A un terrain" }] }] },
        "languages": ["fr"], "requiredDocuments": ["Identity card"],
        "servedAreaIds": [gid(Kind::Area, world.district)], "capacity": { "total": 1 },
    });
    text(&done(app, &world.provider_supervisor, "publishService", input, "service { id }").await["service"]["id"])
}

fn answers(check: &Value) -> Vec<(String, String)> {
    let all = check["criteria"].as_array().unwrap_or_else(|| panic!("{check}"));
    all.iter().map(|one| (text(&one["criterion"]["key"]), text(&one["answer"]))).collect()
}

fn of(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, answer)| ((*key).to_owned(), (*answer).to_owned())).collect()
}

async fn each_published_condition_is_answered_and_nothing_is_kept(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let service = published(&app, &world, "PUBLIC").await;
    let before = everything(&app).await;
    let person = json!({ "age": 17, "sex": "FEMALE", "returnType": "AVRR", "areaId": gid(Kind::Area, world.country),
        "languages": ["ar"], "documents": ["identity CARD"], "criteria": [{ "key": "HAS_LAND", "isMet": true }] });
    let asked = json!({ "service": service, "person": person });
    let check = app.run(&world.case_manager, CHECK, asked.clone()).await["checkEligibility"].clone();
    let mut expected = of(&[
        ("AGE", "FAIL"),
        ("SEX", "PASS"),
        ("RETURN_TYPE", "PASS"),
        ("RETURNEES", "PASS"),
        ("AREA", "UNKNOWN"),
        ("LANGUAGE", "FAIL"),
        ("DOCUMENTS", "PASS"),
        ("HAS_LAND", "PASS"),
        ("TEXT", "UNKNOWN"),
        ("PLACES", "PASS"),
        ("OPEN", "PASS"),
    ]);
    assert_eq!(answers(&check), expected);
    assert_eq!(check["answer"], "FAIL");
    assert_eq!(check["criteria"][0]["criterion"]["text"], "From 18 to 40 years of age");
    let public = app.run(&Persona::public(), CHECK, asked).await["checkEligibility"].clone();
    expected.remove(9);
    assert_eq!(answers(&public), expected, "places are not told to the public");
    assert_eq!(everything(&app).await, before, "nothing is kept");
}

/// How many rows of all that is ever written about what somebody did.
async fn everything(app: &TestApp) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in ["event", "audit", "outbox", "notification", "idempotency", "service_correction"] {
        counts.push(app.count(table).await);
    }
    counts
}

/// What a provider does not say of people who never migrated is no condition: they are found, and have to be asked about.
async fn nobody_fails_by_a_condition_that_nobody_published(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let publish = async |name: &str, eligibility: Value| {
        let input = json!({ "name": name, "language": "en", "visibility": "PUBLIC", "categoryCode": "ECO.IND.TVET",
            "eligibility": eligibility });
        text(&done(&app, &world.provider_supervisor, "publishService", input, "service { id }").await["service"]["id"])
    };
    let silent = publish("Silent", json!({ "minimumAge": 18 })).await;
    let closed = publish("Closed", json!({ "nonReturnees": false })).await;
    let open = publish("Open", json!({ "nonReturnees": true })).await;
    let answer = async |service: &String, is_returnee: bool| {
        let asked = json!({ "service": service, "person": { "isReturnee": is_returnee, "age": 30 } });
        app.run(&world.case_manager, CHECK, asked).await["checkEligibility"].clone()
    };
    for (service, never, returned) in [(&silent, "UNKNOWN", "PASS"), (&closed, "FAIL", "PASS"), (&open, "PASS", "PASS")]
    {
        assert_eq!(answer(service, false).await["answer"], never);
        assert_eq!(answer(service, true).await["answer"], returned);
    }
    let criteria = "query($id: ID!) { service(by: { id: $id }) { criteria { key } } }";
    let told = app.run(&world.case_manager, criteria, json!({ "id": silent })).await;
    assert_eq!(told["service"]["criteria"], json!([{ "key": "AGE" }]), "nothing is published of them");
    passerelle::usecase::directory::search_due(&app.app).await.unwrap();
    let found = "{ services(filter: { person: { isReturnee: false } }, orderBy: { field: NAME, direction: ASC }) { nodes { name } } }";
    let found = app.run(&world.case_manager, found, json!({})).await;
    let names: Vec<String> =
        found["services"]["nodes"].as_array().unwrap().iter().map(|node| text(&node["name"])).collect();
    assert!(names.contains(&"Silent".to_owned()) && names.contains(&"Open".to_owned()), "{names:?}");
    assert!(!names.contains(&"Closed".to_owned()), "{names:?}");
}

async fn a_holder_asks_with_the_cases_own_data_and_nobody_else_does(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let service = published(&app, &world, "PARTNERS").await;
    let story = Story::open(&app, &world).await;
    let told = app.count("notification").await;
    let asked = json!({ "service": service, "case": story.case, "person": { "documents": [] } });
    let check = app.run(&world.case_manager, CHECK, asked.clone()).await["checkEligibility"].clone();
    let expected = of(&[
        ("AGE", "PASS"),
        ("SEX", "PASS"),
        ("RETURN_TYPE", "PASS"),
        ("RETURNEES", "PASS"),
        ("AREA", "PASS"),
        ("LANGUAGE", "PASS"),
        ("DOCUMENTS", "FAIL"),
        ("HAS_LAND", "UNKNOWN"),
        ("TEXT", "UNKNOWN"),
        ("PLACES", "PASS"),
        ("OPEN", "PASS"),
    ]);
    assert_eq!(answers(&check), expected);
    for who in [&world.editor, &world.outsider, &world.intake, &world.official, &world.evaluator, &world.coordinator] {
        let seen = app.run(who, CHECK, asked.clone()).await;
        assert_eq!(seen, json!({ "checkEligibility": null }), "the case is the partner's");
    }
    assert_eq!(app.run(&Persona::public(), CHECK, asked).await, json!({ "checkEligibility": null }));
    assert_eq!(app.count("notification").await, told, "the provider is not told");
    let hidden = published(&app, &world, "OWN").await;
    let asked = json!({ "service": hidden });
    assert_eq!(app.run(&world.case_manager, CHECK, asked).await, json!({ "checkEligibility": null }));
}

async fn a_government_learns_nothing_of_how_somebody_returned(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let service = published(&app, &world, "PUBLIC").await;
    let story = Story::open_by(&app, &world, &world.official, world.provider).await;
    let asked = json!({ "service": service, "case": story.case });
    let check = app.run(&world.official, CHECK, asked).await["checkEligibility"].clone();
    assert_eq!(answers(&check)[2], ("RETURN_TYPE".to_owned(), "UNKNOWN".to_owned()));
}

on_both_engines!(
    nobody_fails_by_a_condition_that_nobody_published,
    each_published_condition_is_answered_and_nothing_is_kept,
    a_holder_asks_with_the_cases_own_data_and_nobody_else_does,
    a_government_learns_nothing_of_how_somebody_returned,
);
