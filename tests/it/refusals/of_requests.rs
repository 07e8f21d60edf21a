//! What a whole request, or one of its fields, can be refused for: one row for each code of `extensions.code`.

use super::traces::Traces;
use crate::support::app::{Persona, TestApp, read};
use crate::support::dependencies::repository;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::run;
use crate::support::situations::Stage;
use crate::support::verbs::{document, key};
use crate::support::world::{World, gid};
use passerelle::domain::case_identifier::CaseIdentifier;
use passerelle::domain::global_id::Kind;
use passerelle::http::Code;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A document with variables, asked by somebody, and the code that it is refused with.
type Row = (&'static str, Persona, String, Value);

/// The codes that a server over HTTP tells, as far as no broken server or impatient caller is needed for them.
fn documents(world: &World) -> Vec<Row> {
    let (public, worker) = (Persona::public(), world.worker.clone());
    let acts =
        |referral: Value| json!({ "input": { "referralId": referral, "expectedVersion": 1, "idempotencyKey": key() } });
    let nested = format!("{{ areas {{ nodes {} {{ id }} {} }} }}", "{ parent ".repeat(19), "}".repeat(19));
    let pages = "{ organizations(first: 100) { nodes { services(first: 100) { nodes { id } } } } }";
    let unknown = gid(Kind::Referral, Uuid::new_v4());
    vec![
        ("UNAUTHENTICATED", public.clone(), document("acceptReferral", ""), acts(json!(unknown))),
        ("BAD_USER_INPUT", worker.clone(), document("acceptReferral", ""), acts(json!({}))),
        ("PARSE_FAILED", worker.clone(), "{ viewer".to_owned(), json!({})),
        ("VALIDATION_FAILED", worker.clone(), "{ nothing }".to_owned(), json!({})),
        ("COST_LIMIT", worker.clone(), pages.to_owned(), json!({})),
        ("DEPTH_LIMIT", worker.clone(), nested, json!({})),
        ("DOCUMENT_LIMIT", worker.clone(), format!("{{ {}}}", "__typename ".repeat(19_000)), json!({})),
        ("PAGE_SIZE", public, "{ services(first: 101) { totalCount } }".to_owned(), json!({})),
    ]
}

/// Codes that need a server or a time of their own, and the test that reaches each.
const ELSEWHERE: [(&str, &str); 6] = [
    ("CURSOR_EXPIRED", "tests/it/changes.rs"),
    ("PERSISTED_DOCUMENT_NOT_FOUND", "tests/it/persisted.rs"),
    ("PERSISTED_DOCUMENT_REQUIRED", "tests/it/persisted.rs"),
    ("TIMEOUT", "api/src/http/door_tests/limits.rs"),
    ("UNAVAILABLE", "api/src/http/door_tests/limits.rs"),
    // Kept for what resolvers may say of a field; nothing of this server's says it of one.
    ("FORBIDDEN", "api/src/http/door_tests/requests.rs"),
];

async fn each_code_of_a_request_is_told_and_nothing_is_written(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, sent) = stage.sent().await;
    let spoil = "UPDATE referral SET background_sealed = 'CANARY-SPOILED'";
    run(&app, spoil, vec![]).await;
    let before = Traces::of(&app, engine).await;
    let mut reached: BTreeSet<&str> = ELSEWHERE.iter().map(|row| row.0).collect();
    for (code, who, query, variables) in documents(&world) {
        assert_eq!(app.refused(&who, &query, variables).await, code, "{query:.80}");
        reached.insert(code);
    }
    let spoiled = app
        .post(
            &world.case_manager,
            "query($id: ID!) { referral(by: { id: $id }) { background } }",
            json!({ "id": sent.id }),
        )
        .await;
    assert_eq!(spoiled.body["errors"][0]["extensions"]["code"], "INTERNAL", "{}", spoiled.body);
    assert!(!spoiled.body.to_string().contains("CANARY"), "{}", spoiled.body);
    assert_eq!(guess(&app, &world.case_manager).await, ["RATE_LIMITED"]);
    for (code, path, body) in [
        ("BAD_REQUEST", "/graphql", json!([]).to_string()),
        (
            "OPERATION_NOT_FOUND",
            "/graphql",
            json!({ "query": "query A { __typename }", "operationName": "B" }).to_string(),
        ),
    ] {
        assert_eq!(raw(&app, Method::POST, path, body).await, code);
        reached.insert(code);
    }
    let nowhere = format!("/maps/coverage?area={}", gid(Kind::Area, Uuid::new_v4()));
    assert_eq!(raw(&app, Method::GET, &nowhere, String::new()).await, "NOT_FOUND");
    reached.extend(["INTERNAL", "RATE_LIMITED", "NOT_FOUND"]);
    Traces::of(&app, engine).await.are_those_of(&before, "a request");
    assert_eq!(
        reached,
        Code::all().map(Code::as_str).collect(),
        "a code that nobody reaches; add a row, or take it out"
    );
}

/// What comes after more wrong guesses at identifiers of cases than anybody makes by mistake.
async fn guess(app: &TestApp, who: &Persona) -> Vec<String> {
    let mut codes = BTreeSet::new();
    for number in 0..25 {
        let query = "query($identifier: String!) { case(by: { identifier: $identifier }) { id } }";
        let answer = app.post(who, query, json!({ "identifier": CaseIdentifier::from_bits(number).as_str() })).await;
        let told = answer.body["errors"][0]["extensions"]["code"].as_str().map(str::to_owned);
        codes.extend(told);
    }
    codes.into_iter().collect()
}

async fn raw(app: &TestApp, method: Method, path: &str, body: String) -> String {
    let asked = app.request(method, path).header("content-type", "application/json").body(body);
    let answer = read(asked.send().await.unwrap()).await;
    answer.body["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
}

on_both_engines!(each_code_of_a_request_is_told_and_nothing_is_written);

#[test]
fn what_needs_a_server_of_its_own_is_reached_there() {
    for (code, file) in ELSEWHERE {
        let text = std::fs::read_to_string(repository().join(file)).unwrap();
        assert!(text.contains(&format!("\"{code}\"")), "{file} does not reach {code}");
    }
}
