//! Agreements: seen by their parties, in force when all have confirmed, and their end told ahead.

use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::run as statement;
use crate::support::situations::taxonomy::local;
use crate::support::situations::{Stage, outcome};
use crate::support::verbs::{done, rule, text};
use crate::support::world::{World, gid};
use jiff::SignedDuration;
use passerelle::domain::global_id::{Kind, decode};
use passerelle::usecase::agreement::tell_expiring;
use serde_json::json;

async fn both_sides_must_agree_and_strangers_see_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let mut input = Stage::set(&app, &world).await.agreement(world.provider);
    input["validTo"] = json!("2027-01-20");
    let made = done(&app, &world.partner_supervisor, "registerAgreement", input, "agreement { id status }").await;
    assert_eq!(made["agreement"]["status"], "DRAFT");
    let which = json!({ "agreementId": made["agreement"]["id"], "expectedVersion": 1 });
    assert_eq!(rule(&app, &world.partner_supervisor, "confirmAgreement", which.clone()).await, "ALREADY_EXISTS");
    assert_eq!(rule(&app, &world.intake, "confirmAgreement", which.clone()).await, "NOT_PERMITTED");
    assert_eq!(rule(&app, &world.outsider, "confirmAgreement", which.clone()).await, "NOT_FOUND");
    let select = "agreement { status isInForce }";
    let confirmed = done(&app, &world.provider_supervisor, "confirmAgreement", which, select).await;
    assert_eq!(confirmed["agreement"], json!({ "status": "ACTIVE", "isInForce": true }));
    let list =
        "query($id: ID!) { agreements { totalCount nodes { id } } agreement(id: $id) { id } node(id: $id) { id } }";
    let id = json!({ "id": text(&made["agreement"]["id"]) });
    let seen = app.run(&world.outsider, list, id.clone()).await;
    assert_eq!(seen, json!({ "agreements": { "totalCount": 0, "nodes": [] }, "agreement": null, "node": null }));
    assert_eq!(app.run(&world.intake, list, id).await["agreements"]["totalCount"], 1);
}

async fn the_end_is_told_sixty_thirty_and_seven_days_ahead_once(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let mut input = Stage::set(&app, &world).await.agreement(world.provider);
    input["validTo"] = json!("2027-01-25");
    let made = done(&app, &world.partner_supervisor, "registerAgreement", input, "agreement { id }").await;
    let which = json!({ "agreementId": made["agreement"]["id"], "expectedVersion": 1 });
    done(&app, &world.provider_supervisor, "confirmAgreement", which, "").await;
    let mut told = Vec::new();
    for day in 0..63 {
        if tell_expiring(&app.app).await.unwrap() == 1 {
            told.push(61 - day);
        }
        assert_eq!(tell_expiring(&app.app).await.unwrap(), 0, "once only");
        app.clock.advance(SignedDuration::from_hours(24));
    }
    assert_eq!(told, [60, 30, 7]);
    assert_eq!(app.count("notification WHERE kind = 'AGREEMENT_EXPIRES' AND must_act").await, 6, "each party");
}

/// What becomes of sending a first name for a need of a category, where an agreement names others.
async fn sent_under(engine: Engine, named: &[&str], extends: bool) -> String {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let program = local(Some(gid(Kind::Program, world.program)));
    let made = done(&app, &world.coordinator, "addLocalCategory", program, "category { code }").await;
    let term = text(&made["category"]["code"]);
    let stage = Stage::set(&app, &world).await;
    let mut input = stage.agreement(world.provider);
    input["categoryCodes"] = named.iter().map(|code| if *code == "local" { term.as_str() } else { code }).collect();
    let made = done(&app, &world.partner_supervisor, "registerAgreement", input, "agreement { id }").await;
    let which = json!({ "agreementId": made["agreement"]["id"], "expectedVersion": 1 });
    done(&app, &world.provider_supervisor, "confirmAgreement", which, "").await;
    let story = stage.story().await;
    let consent = json!({ "caseId": story.case, "expectedVersion": 3, "method": "VERBAL", "language": "fr",
        "receiverId": gid(Kind::Organization, world.provider), "noticeVersion": "2026-1", "givenOn": "2026-11-25",
        "fields": ["CASE_IDENTIFIER", "NEED", "URGENCY", "GIVEN_NAME"] });
    let consent = done(&app, &world.case_manager, "recordConsent", consent, "consent { id }").await;
    if extends {
        let need = decode(&story.need).unwrap().1;
        statement(&app, "UPDATE need SET category_code = $1 WHERE id = $2", vec![term.into(), need.into()]).await;
    }
    let mut input = story.referral(stage.service);
    input["consentId"] = consent["consent"]["id"].clone();
    outcome(&app, &world.case_manager, "createReferral", input).await
}

async fn a_category_is_covered_by_what_lies_above_it(engine: Engine) {
    for (named, extends, expected) in [
        ("ECO.IND.TVET", false, "ok"),
        ("ARR", false, "AGREEMENT_MISSING"),
        ("ECO.IND", false, "ok"),
        ("ECO.IND", true, "ok"),
        ("ECO.IND.TVET", true, "ok"),
        ("local", true, "ok"),
        ("local", false, "AGREEMENT_MISSING"),
    ] {
        let got = sent_under(engine, &[named], extends).await;
        assert_eq!(got, expected, "{named}, for a term that extends: {extends}");
    }
}

on_both_engines!(
    a_category_is_covered_by_what_lies_above_it,
    both_sides_must_agree_and_strangers_see_nothing,
    the_end_is_told_sixty_thirty_and_seven_days_ahead_once,
);
