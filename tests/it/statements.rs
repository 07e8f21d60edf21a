//! How many statements an answer needs, whatever the size of the page.

use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::waiting;
use crate::support::verbs::Story;
use crate::support::world::World;
use serde_json::{Value, json};

/// The statement that finds out who asks.
const WHO: u64 = 1;

const INBOX: &str = "referrals(first: 50, filter: {direction: RECEIVED}) { totalCount
    nodes { id status caseIdentifier service { name } sender { name } receiver { name } goals { text } } }";

async fn count(app: &TestApp, world: &World, query: &str, variables: Value) -> (u64, Value) {
    app.statements(app.run(&world.intake, query, variables)).await
}

async fn an_inbox_is_one_statement(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let page = format!("{{ {INBOX} }}");
    waiting(&app, &world, world.service, 1).await;
    let (one, seen) = count(&app, &world, &page, json!({})).await;
    assert_eq!(seen["referrals"]["totalCount"], json!(1));
    waiting(&app, &world, world.service, 19).await;
    let (twenty, seen) = count(&app, &world, &page, json!({})).await;
    assert_eq!(seen["referrals"]["nodes"].as_array().unwrap().len(), 20);
    assert!(seen["referrals"]["nodes"][19]["caseIdentifier"].is_string());
    assert_eq!((one, twenty), (WHO + 1, WHO + 1));
    let (two, _) = count(&app, &world, &format!("{{ a: {INBOX} b: {INBOX} }}"), json!({})).await;
    assert_eq!(two, WHO + 2, "a statement for each list");
}

async fn the_cases_of_a_page_come_together(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let query = "{ referrals(first: 20) { nodes { case { id identifier } } } }";
    waiting(&app, &world, world.service, 1).await;
    let (one, _) = count(&app, &world, query, json!({})).await;
    waiting(&app, &world, world.service, 19).await;
    let (twenty, seen) = count(&app, &world, query, json!({})).await;
    assert!(seen["referrals"]["nodes"][19]["case"]["identifier"].is_string());
    assert_eq!((one, twenty), (WHO + 2, WHO + 2));
}

async fn a_case_with_its_referrals_is_two_statements(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    story.refer(&app, &world).await;
    let query =
        "query($i: String!) { case(by: {identifier: $i}) { identifier needs { goals { text } } consents { fields }
        referrals(first: 20) { totalCount nodes { status service { name } receiver { name } } } } }";
    // The first guess at an identifier takes a lease of guesses, which is good for the next.
    app.run(&world.case_manager, query, json!({ "i": story.identifier })).await;
    let asked = app.run(&world.case_manager, query, json!({ "i": story.identifier }));
    let (needed, seen) = app.statements(asked).await;
    assert_eq!(seen["case"]["referrals"]["totalCount"], json!(1));
    assert_eq!(needed, WHO + 2);
}

async fn a_page_of_cases_is_one_statement(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    waiting(&app, &world, world.service, 20).await;
    let query = "{ cases(first: 10) { totalCount nodes { identifier holder { name } needs { goals { text } } } } }";
    let (needed, seen) = app.statements(app.run(&world.case_manager, query, json!({}))).await;
    assert_eq!(seen["cases"]["nodes"].as_array().unwrap().len(), 10);
    assert_eq!(needed, WHO + 1);
}

on_both_engines!(
    an_inbox_is_one_statement,
    the_cases_of_a_page_come_together,
    a_case_with_its_referrals_is_two_statements,
    a_page_of_cases_is_one_statement,
);
