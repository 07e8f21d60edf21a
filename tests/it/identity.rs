//! Access ends with the request after it was taken away, and the answer does not tell why.

use crate::support::app::{Answer, Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::run;
use crate::support::world::{World, add_member};
use passerelle::token::Kind;
use serde_json::json;
use uuid::Uuid;

const QUERY: &str = "{ cases { totalCount } }";

/// Status and body without the request's id.
fn told(answer: &Answer) -> String {
    let mut body = answer.body.clone();
    body["errors"][0]["extensions"]["requestId"] = json!("");
    format!("{} {body} {:?}", answer.status, answer.headers.get("www-authenticate"))
}

async fn access_ends_with_the_next_request(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let mut answers = Vec::new();
    for (what, text) in [
        ("a deactivated member", "UPDATE member SET is_active = FALSE WHERE id = $1"),
        ("a member whose epoch was raised", "UPDATE member SET epoch = epoch + 1 WHERE id = $1"),
    ] {
        let who = add_member(&app, world.partner, "CASE_MANAGER").await;
        app.run(&who, QUERY, json!({})).await;
        run(&app, text, vec![who.id.into()]).await;
        answers.push((what, app.post(&who, QUERY, json!({})).await));
    }
    for (what, text) in [
        ("a deactivated application", "UPDATE client_application SET is_active = FALSE WHERE id = $1"),
        ("an application whose epoch was raised", "UPDATE client_application SET epoch = epoch + 1 WHERE id = $1"),
    ] {
        app.run(&world.app, QUERY, json!({})).await;
        run(&app, text, vec![world.app.id.into()]).await;
        answers.push((what, app.post(&world.app, QUERY, json!({})).await));
        let mend = "UPDATE client_application SET is_active = TRUE, epoch = 0 WHERE id = $1";
        run(&app, mend, vec![world.app.id.into()]).await;
    }
    app.run(&world.outsider, QUERY, json!({})).await;
    run(&app, "UPDATE organization SET epoch = epoch + 1 WHERE id = $1", vec![world.stranger.into()]).await;
    answers.push((
        "a member of an organization whose epoch was raised",
        app.post(&world.outsider, QUERY, json!({})).await,
    ));
    let forged = |id: Uuid, organization: Uuid| Persona {
        token: Some(app.token(id, organization, Kind::Member, 0, 0)),
        id,
        organization,
    };
    for (what, who) in [
        ("the wrong organization", forged(world.case_manager.id, world.provider)),
        ("an unknown member", forged(Uuid::now_v7(), world.partner)),
        ("an unknown organization", forged(world.case_manager.id, Uuid::now_v7())),
    ] {
        answers.push((what, app.post(&who, QUERY, json!({})).await));
    }
    for (what, answer) in &answers {
        assert_eq!(answer.status, 401, "{what}");
        assert_eq!(told(answer), told(&answers[0].1), "{what}");
    }
    // A token that is none is turned away before the operation is priced; what is told is the same.
    let none = Persona { token: Some("e30.e30.e30".into()), ..world.case_manager.clone() };
    let mut answer = app.post(&none, QUERY, json!({})).await;
    answer.body["extensions"] = answers[0].1.body["extensions"].clone();
    assert_eq!(told(&answer), told(&answers[0].1));
    app.run(&world.case_manager, QUERY, json!({})).await;
}

async fn a_newer_token_opens_again(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let who = &world.case_manager;
    run(&app, "UPDATE member SET epoch = 3 WHERE id = $1", vec![who.id.into()]).await;
    assert_eq!(app.post(who, QUERY, json!({})).await.status, 401);
    let newer = Persona { token: Some(app.token(who.id, who.organization, Kind::Member, 3, 0)), ..who.clone() };
    app.run(&newer, QUERY, json!({})).await;
}

#[tokio::test]
async fn a_role_taken_away_is_gone_with_the_next_request() {
    let app = TestApp::start(Engine::Sqlite).await;
    let world = World::fill(&app).await;
    crate::support::verbs::Story::open(&app, &world).await;
    assert_eq!(app.run(&world.case_manager, QUERY, json!({})).await["cases"]["totalCount"], json!(1));
    run(&app, "UPDATE member SET roles = '[]' WHERE id = $1", vec![world.case_manager.id.into()]).await;
    assert_eq!(app.run(&world.case_manager, QUERY, json!({})).await["cases"]["totalCount"], json!(0));
}

#[tokio::test]
async fn nobody_known_gets_no_list() {
    let app = TestApp::start(Engine::Sqlite).await;
    World::fill(&app).await;
    for query in [QUERY, "{ referrals { totalCount } }", "{ case(by: {identifier: \"7K3Q-9XWT-4HD2\"}) { id } }"] {
        let code = app.refused(&Persona::public(), query, json!({})).await;
        assert_eq!(code, "UNAUTHENTICATED", "{query}");
    }
    let rules = app.run(&Persona::public(), "{ referralTransitions { mutation } }", json!({})).await;
    assert!(rules["referralTransitions"].as_array().unwrap().len() > 30, "how the machine works is public");
}

on_both_engines!(access_ends_with_the_next_request, a_newer_token_opens_again);
