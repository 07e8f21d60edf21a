//! Small things that a newcomer stumbles over first.

use crate::support::app::{Persona, TestApp, read};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::verbs::{Story, done, key};
use crate::support::world::{World, add_service, gid};
use passerelle::domain::global_id::Kind;
use passerelle::store::sealing::Sealer;
use serde_json::json;
use uuid::Uuid;

/// A database remembers under which key its texts are sealed, and knows no other.
async fn another_sealing_key_is_noticed(engine: Engine) {
    let app = TestApp::start(engine).await;
    assert!(app.app.holds_the_key().await.unwrap());
    assert!(app.app.holds_the_key().await.unwrap(), "and again");
    let other = Sealer::from_root("other", [8; 32]).unwrap().blind_index("key_check", Uuid::nil(), "sealing");
    assert!(!app.app.store.is_sealed_under(&other).await.unwrap());
}

/// An answer that was given before says so.
async fn a_replay_is_told_apart(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let query = "mutation($i: OpenCaseInput!) { openCase(input: $i) { case { id } } }";
    let input = json!({ "i": { "idempotencyKey": key(), "programId": gid(Kind::Program, world.program) } });
    let first = app.post(&world.case_manager, query, input.clone()).await.body;
    let again = app.post(&world.case_manager, query, input).await.body;
    assert_eq!(first["data"], again["data"]);
    assert!(first["extensions"].get("idempotentReplay").is_none());
    assert_eq!(again["extensions"]["idempotentReplay"], json!(true));
}

/// What can't be done now says why before anybody tries.
async fn an_action_that_would_fail_says_why(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let service = add_service(&app, world.provider, world.district, Some(1)).await;
    let first = Story::open(&app, &world).await.refer_to(&app, &world.case_manager, service).await;
    let second = Story::open(&app, &world).await.refer_to(&app, &world.case_manager, service).await;
    first.act(&app, &world.intake, "acceptReferral", json!({})).await;
    let select = "availableActions { action isAvailable unavailableBecause }";
    let seen = second.seen_by(&app, &world.intake, select).await;
    let of = |action: &str| {
        let all = seen["availableActions"].as_array().unwrap();
        all.iter().find(|found| found["action"] == action).map(|found| found["unavailableBecause"].clone()).unwrap()
    };
    assert_eq!(of("ACCEPT_REFERRAL"), json!("CAPACITY"));
    assert_eq!(of("DECLINE_REFERRAL"), json!(null));
    assert_eq!(of("COMPLETE_REFERRAL"), json!("PARTY"));
}

/// A draft to a service that has closed since says so.
async fn a_closed_service_says_so_on_the_draft(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    let made = done(&app, &world.case_manager, "createReferral", story.draft(world.service), "referral { id }").await;
    let pause = json!({ "serviceId": gid(Kind::Service, world.service), "expectedVersion": 1, "reason": "No money" });
    done(&app, &world.provider_supervisor, "pauseService", pause, "service { id }").await;
    let query = "query($id: ID!) { referral(by: {id: $id}) { availableActions { action unavailableBecause } } }";
    let seen = app.run(&world.case_manager, query, json!({ "id": made["referral"]["id"] })).await;
    let expected = json!({ "action": "SEND_REFERRAL", "unavailableBecause": "SERVICE" });
    assert!(seen["referral"]["availableActions"].as_array().unwrap().contains(&expected), "{seen}");
}

/// A text of signs alone finds nothing rather than everything.
async fn signs_alone_find_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    World::fill(&app).await;
    let query = "query($t: String!) { services(filter: {text: $t}) { totalCount } }";
    for (text, found) in [("%", 0), ("_", 0), ("  \\ ", 0), ("VOCATIONAL", 1)] {
        let answer = app.run(&Persona::public(), query, json!({ "t": text })).await;
        assert_eq!(answer["services"]["totalCount"], json!(found), "{text}");
    }
}

/// A cursor is good in the order it came from, and in no other.
async fn a_cursor_of_another_order_is_refused(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    add_service(&app, world.provider, world.district, None).await;
    let query = |field: &str, after: &str| {
        format!(
            "{{ services(first: 1, orderBy: {{field: {field}, direction: ASC}} {after}) {{ pageInfo {{ endCursor }} nodes {{ id }} }} }}"
        )
    };
    for (field, other) in [("NAME", "PUBLISHED_AT"), ("PUBLISHED_AT", "NAME")] {
        let first = app.run(&Persona::public(), &query(field, ""), json!({})).await;
        let after = format!("after: {}", first["services"]["pageInfo"]["endCursor"]);
        let second = app.run(&Persona::public(), &query(field, &after), json!({})).await;
        assert_ne!(first["services"]["nodes"], second["services"]["nodes"]);
        assert_eq!(app.refused(&Persona::public(), &query(other, &after), json!({})).await, "BAD_USER_INPUT");
    }
}

/// Whoever opens the bare address is led to the console.
async fn the_bare_address_leads_on(engine: Engine) {
    let app = TestApp::start(engine).await;
    let page = read(app.request(reqwest::Method::GET, "/").send().await.unwrap()).await;
    assert_eq!(page.status, 200);
    assert!(page.body.as_str().unwrap().contains("GraphiQL"));
}

on_both_engines!(
    another_sealing_key_is_noticed,
    a_replay_is_told_apart,
    an_action_that_would_fail_says_why,
    a_closed_service_says_so_on_the_draft,
    signs_alone_find_nothing,
    a_cursor_of_another_order_is_refused,
    the_bare_address_leads_on,
);
