//! All that stands in the way of sending is told at once, when sending and before.

use crate::delivery::{anew, days};
use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::Stage;
use crate::support::verbs::{Referred, Story, done, text, tried};
use crate::support::world::{World, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

/// Codes, fields and what is missing, of errors.
fn told(errors: &Value) -> Vec<(String, Value, Value)> {
    let one = |error: &Value| (text(&error["code"]), error["field"].clone(), error["missing"].clone());
    errors.as_array().unwrap_or_else(|| panic!("{errors}")).iter().map(one).collect()
}

/// What somebody is told before sending.
async fn ahead(app: &TestApp, who: &Persona, draft: &Referred, how: Value) -> Value {
    let query = "query($id: ID!, $how: SendingInput) { referral(by: {id: $id}) { sendBlockers(how: $how) {
                 code field ... on IncompleteError { missing } } } }";
    app.run(who, query, json!({ "id": draft.id, "how": how })).await["referral"]["sendBlockers"].clone()
}

fn row(code: &str, field: &str, missing: Value) -> (String, Value, Value) {
    (code.to_owned(), if field.is_empty() { Value::Null } else { json!([field]) }, missing)
}

async fn one_try_tells_everything_that_stands_in_the_way(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let service = Stage::set(&app, &world).await.service;
    let story = Story::open_by(&app, &world, &world.case_manager, world.municipality).await;
    let made = done(&app, &world.case_manager, "createReferral", story.draft(service), "referral { id }").await;
    let draft = Referred { id: text(&made["referral"]["id"]), version: 1 };
    days(&app, 100);
    let manager = anew(&app, &world.case_manager);
    let expected = [
        row("SERVICE_STALE", "serviceId", Value::Null),
        row("NOT_OFFERED_BY_SERVICE", "holdPlace", Value::Null),
        row("INCOMPLETE", "", json!(["PERSON_INFORMED"])),
        row("CONSENT_MISSING", "consentId", json!(["CASE_IDENTIFIER", "NEED", "URGENCY"])),
    ];
    let how = json!({ "personInformed": false, "holdPlace": true });
    assert_eq!(told(&ahead(&app, &manager, &draft, how.clone()).await), expected, "before");
    let sent = tried(&app, &manager, "sendReferral", draft.input(how), "").await;
    assert_eq!(told(&sent["userErrors"]), expected, "on sending a draft");
    let place = crate::support::world::add_service(&app, world.provider, world.district, None).await;
    let mut at_once = story.referral(place);
    (at_once["holdPlace"], at_once["personInformed"]) = (json!(true), json!(false));
    let fresh = tried(&app, &manager, "createReferral", at_once, "").await;
    assert_eq!(told(&fresh["userErrors"]), expected, "on sending at once");
    assert_eq!((app.count("referral").await, app.count("access_grant").await), (1, 0));
}

async fn what_no_agreement_allows_is_told_with_the_rest(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, draft) = stage.draft().await;
    let consent = json!({ "caseId": story.case, "expectedVersion": 3, "method": "VERBAL", "language": "fr",
        "receiverId": gid(Kind::Organization, world.provider), "noticeVersion": "2026-1", "givenOn": "2026-11-25",
        "fields": ["CASE_IDENTIFIER", "NEED", "URGENCY", "GIVEN_NAME", "PHONE"] });
    let recorded = done(&app, &world.case_manager, "recordConsent", consent, "consent { id }").await;
    let consent = &recorded["consent"]["id"];
    days(&app, 100);
    let manager = anew(&app, &world.case_manager);
    let expected = [
        row("SERVICE_STALE", "serviceId", Value::Null),
        row("AGREEMENT_MISSING", "consentId", json!(["GIVEN_NAME", "PHONE"])),
    ];
    assert_eq!(told(&ahead(&app, &manager, &draft, json!({ "consentId": consent })).await), expected);
    let input = draft.input(json!({ "personInformed": true, "consentId": consent }));
    let sent = tried(&app, &manager, "sendReferral", input, "").await;
    assert_eq!(told(&sent["userErrors"]), expected);
}

async fn what_is_told_before_is_for_whom_may_send(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (_, draft) = Stage::set(&app, &world).await.draft().await;
    for who in [&world.case_manager, &world.partner_supervisor] {
        assert_eq!(ahead(&app, who, &draft, Value::Null).await, json!([]), "nothing stands in the way");
    }
    for (name, who) in world.everybody().into_iter().filter(|(_, who)| who.token.is_some()) {
        if who.id != world.case_manager.id && who.id != world.partner_supervisor.id {
            assert_eq!(ahead(&app, &who, &draft, Value::Null).await, Value::Null, "{name}");
        }
    }
    let sent = draft.act(&app, &world.case_manager, "sendReferral", json!({ "personInformed": true })).await;
    assert_eq!(ahead(&app, &world.case_manager, &sent, Value::Null).await, Value::Null, "it is no draft any more");
}

on_both_engines!(
    one_try_tells_everything_that_stands_in_the_way,
    what_no_agreement_allows_is_told_with_the_rest,
    what_is_told_before_is_for_whom_may_send,
);
