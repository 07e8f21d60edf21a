//! Who can see a case, why, and what whoever must act next is told.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::{Stage, report};
use crate::support::verbs::{done, text};
use crate::support::world::World;
use serde_json::{Value, json};

const ACCESS: &str = "query($case: ID!, $ended: Boolean!) { caseAccess(caseId: $case, includeEnded: $ended) { totalCount nodes { \
    because becauseLabel fields referralId consentId basis since until organization { name } } } }";

async fn lines(app: &TestApp, who: &Persona, case: &str, ended: bool) -> Vec<Value> {
    let seen = app.run(who, ACCESS, json!({ "case": case, "ended": ended })).await;
    let nodes = seen["caseAccess"]["nodes"].as_array().unwrap().clone();
    assert_eq!(seen["caseAccess"]["totalCount"], json!(nodes.len()));
    nodes
}

async fn one_list_says_who_can_see_a_case(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, sent) = stage.sent().await;
    let because = |lines: &[Value]| lines.iter().map(|line| text(&line["because"])).collect::<Vec<_>>();

    let seen = lines(&app, &world.case_manager, &story.case, false).await;
    let mut reasons = because(&seen);
    reasons.sort();
    assert_eq!(reasons, ["COORDINATION", "HOLDER", "REFERRAL"]);
    let granted = seen.iter().find(|line| line["because"] == "REFERRAL").unwrap();
    assert_eq!(granted["fields"], json!(["CASE_IDENTIFIER", "NEED", "URGENCY", "AGE_BAND", "LANGUAGE"]));
    assert_eq!((&granted["referralId"], &granted["basis"]), (&json!(sent.id), &json!("CONSENT")));
    assert_eq!(granted["until"], json!(null));

    let accepted = sent.act(&app, &world.intake, "acceptReferral", json!({})).await;
    accepted.act(&app, &world.worker, "completeReferral", report(&story)).await;
    let running = lines(&app, &world.case_manager, &story.case, false).await;
    assert!(!because(&running).contains(&"REFERRAL".to_owned()), "the window has closed");
    let ended = lines(&app, &world.case_manager, &story.case, true).await;
    let ended = ended.iter().find(|line| line["because"] == "REFERRAL").unwrap();
    assert_ne!(ended["until"], json!(null));
    assert!(ended["fields"].as_array().unwrap().contains(&json!("GOALS")), "what it saw at last stays told");

    for (name, who) in world.everybody() {
        if who.token.is_none() || who.organization == world.partner {
            continue;
        }
        assert_eq!(lines(&app, &who, &story.case, true).await, Vec::<Value>::new(), "{name}");
    }
}

async fn everybody_learns_why_they_see_what_they_see(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, sent) = stage.sent().await;
    let query = "query($id: ID!) { whyCanISee(id: $id) { because party fields referralId powers } }";
    let why = async |who: &Persona, id: &str| app.run(who, query, json!({ "id": id })).await["whyCanISee"].clone();

    assert_eq!(why(&world.case_manager, &story.case).await[0]["because"], json!("HOLDER"));
    let intake = why(&world.intake, &story.case).await;
    assert_eq!((&intake[0]["because"], &intake[0]["referralId"]), (&json!("REFERRAL"), &json!(sent.id)));
    assert_eq!(intake[0]["powers"], json!(["REPORT_CAPACITY", "READ_REFERRALS", "DECIDE_REFERRALS"]));
    let referral = why(&world.worker, &sent.id).await;
    assert_eq!((&referral[0]["party"], &referral[0]["because"]), (&json!("RECEIVER_WORKER"), &json!("REFERRAL")));
    assert_eq!(referral[0]["fields"].as_array().unwrap().len(), 5);
    let led = why(&world.coordinator, &sent.id).await;
    assert_eq!((&led[0]["party"], &led[0]["because"]), (&json!("COORDINATOR"), &json!("COORDINATION")));
    assert_eq!(led[0]["fields"], json!([]));
    assert_eq!(why(&world.coordinator, &story.case).await, json!(null), "a coordinator sees no case");
    for who in [&world.outsider, &world.donor_officer, &world.official] {
        for id in [&story.case, &sent.id] {
            assert_eq!(why(who, id).await, json!(null), "unknown and forbidden are one answer");
        }
    }
}

async fn the_person_may_have_a_report_in_their_language(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, sent) = stage.sent().await;
    let query = "query($case: ID!, $tag: LanguageTag) { caseAccessReport(caseId: $case, language: $tag) { language isRightToLeft text } }";
    let told = async |who: &Persona, tag: &str| {
        app.run(who, query, json!({ "case": story.case, "tag": tag })).await["caseAccessReport"].clone()
    };
    for (tag, part) in [("en", "received a referral"), ("fr", "a reçu une orientation"), ("ar", "تلقت إحالة")]
    {
        let report = told(&world.case_manager, tag).await;
        assert_eq!((&report["language"], &report["isRightToLeft"]), (&json!(tag), &json!(tag == "ar")));
        let text = text(&report["text"]);
        assert!(text.contains(part) && text.contains(&story.identifier), "{text}");
        assert!(!text.contains("CANARY"), "kinds of information, never what it says: {text}");
    }
    assert_eq!(told(&world.case_manager, "sw").await["language"], json!("en"));
    for who in [&world.intake, &world.coordinator, &world.outsider, &world.official] {
        assert_eq!(told(who, "en").await, json!(null));
    }
    sent.act(&app, &world.case_manager, "withdrawReferral", json!({ "reason": "PERSON_DECLINED" })).await;
    let after = text(&told(&world.case_manager, "en").await["text"]);
    assert!(after.contains("In the past:"), "{after}");
}

const TOLD: &str = "query($filter: NotificationFilter) { viewer { notifications(first: 50, filter: $filter) { totalCount \
    nodes { id event role mustAct readAt } } } }";

async fn events(app: &TestApp, who: &Persona, filter: Value) -> Vec<String> {
    let told = app.run(who, TOLD, json!({ "filter": filter })).await["viewer"]["notifications"].clone();
    let nodes = told["nodes"].as_array().unwrap();
    assert_eq!(told["totalCount"], json!(nodes.len()));
    nodes.iter().map(|node| text(&node["event"])).collect()
}

async fn whoever_must_act_next_is_told_until_they_have(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, sent) = stage.sent().await;
    let to_do = json!({ "mustAct": true });
    assert_eq!(events(&app, &world.intake, to_do.clone()).await, ["createReferral"]);
    assert_eq!(events(&app, &world.provider_supervisor, to_do.clone()).await, ["createReferral"]);
    assert_eq!(events(&app, &world.worker, json!({})).await, Vec::<String>::new(), "not a worker's step");
    assert_eq!(events(&app, &world.case_manager, to_do.clone()).await, Vec::<String>::new());

    let tick = jiff::SignedDuration::from_secs(60);
    app.clock.advance(tick);
    let accepted = sent.act(&app, &world.intake, "acceptReferral", json!({})).await;
    assert_eq!(events(&app, &world.intake, to_do.clone()).await, Vec::<String>::new(), "done");
    assert_eq!(events(&app, &world.worker, to_do.clone()).await, ["acceptReferral"]);
    assert_eq!(events(&app, &world.case_manager, json!({})).await, ["acceptReferral"], "told, with nothing to do");

    app.clock.advance(tick);
    accepted.act(&app, &world.worker, "startReferralService", json!({ "firstContactOn": "2026-11-25" })).await;
    assert_eq!(events(&app, &world.worker, to_do.clone()).await, ["startReferralService"]);
}

async fn reading_is_marked_for_the_organization_and_by_those_who_are_told(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    stage.sent().await;
    let told = app.run(&world.intake, TOLD, json!({ "filter": null })).await;
    let id = text(&told["viewer"]["notifications"]["nodes"][0]["id"]);
    let mark = async |who: &Persona| {
        done(&app, who, "markNotificationsRead", json!({ "notificationIds": [id] }), "markedCount").await["markedCount"]
            .clone()
    };
    for who in [&world.outsider, &world.case_manager, &world.worker] {
        assert_eq!(mark(who).await, json!(0), "not told to them");
    }
    assert_eq!(mark(&world.intake).await, json!(1));
    assert_eq!(mark(&world.intake).await, json!(0), "once");
    assert_eq!(events(&app, &world.provider_supervisor, json!({ "isUnread": true })).await, Vec::<String>::new());
    assert_eq!(events(&app, &world.provider_supervisor, json!({ "isUnread": false })).await, ["createReferral"]);
}

on_both_engines!(
    one_list_says_who_can_see_a_case,
    everybody_learns_why_they_see_what_they_see,
    the_person_may_have_a_report_in_their_language,
    whoever_must_act_next_is_told_until_they_have,
    reading_is_marked_for_the_organization_and_by_those_who_are_told,
);
