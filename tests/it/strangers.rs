//! Who has no part in a referral or case gets the same answer as for one that does not exist.

use crate::support::app::{Answer, Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::{Stage, answer, rows};
use crate::support::verbs::{Story, done, text};
use crate::support::world::{World, add_member, gid};
use passerelle::domain::case_identifier::CaseIdentifier;
use passerelle::domain::global_id::{Kind, decode};
use serde_json::{Value, json};
use uuid::Uuid;

/// Those who have no part in the partner's case or its referral to the provider.
async fn onlookers(app: &TestApp, world: &World) -> Vec<(&'static str, Persona)> {
    let without = |name: &&str| {
        ["evaluator", "municipality's editor", "ministry's case manager", "donor", "stranger"].contains(name)
    };
    let mut all: Vec<_> = world.everybody().into_iter().filter(|(name, _)| without(name)).collect();
    all.push(("provider's editor", add_member(app, world.provider, "DIRECTORY_EDITOR").await));
    all.push(("provider's administrator", add_member(app, world.provider, "ADMINISTRATOR").await));
    all.push(("partner's editor", add_member(app, world.partner, "DIRECTORY_EDITOR").await));
    all
}

/// A case with an alias, sent to the provider under the sender's own reference.
async fn scene(app: &TestApp, world: &World) -> (Story, String) {
    let story = Story::open(app, world).await;
    let number = json!({ "caseId": story.case, "scheme": "dossier", "value": "CANARY-ALIAS" });
    done(app, &world.case_manager, "addCaseAlias", number, "").await;
    let mut input = story.referral(world.service);
    input["clientReference"] = json!("REF-1");
    let made = done(app, &world.case_manager, "createReferral", input, "referral { id }").await;
    (story, text(&made["referral"]["id"]))
}

/// An answer without what differs between any two requests.
fn told(answer: &Answer) -> String {
    let mut body = answer.body.clone();
    for error in body["errors"].as_array_mut().into_iter().flatten() {
        error["extensions"]["requestId"] = json!("");
    }
    format!("{} {body}", answer.status)
}

const CASE: &str = "query($by: CaseBy!) { case(by: $by) { id identifier version ageBand isHeld needs { id } consents { id }
    aliases { value } returnFacts { voluntariness } referrals { totalCount nodes { id } } timeline { totalCount nodes { id } } } }";
const REFERRAL: &str =
    "query($by: ReferralBy!) { referral(by: $by) { id status background note goals { text } caseIdentifier
    person { ageBand } case { id } events { totalCount nodes { id } } } }";
const LISTS: &str = "query($case: ID!, $need: ID!, $service: ID!) {
    all: referrals { totalCount nodes { id } } sent: referrals(filter: {direction: SENT}) { totalCount nodes { id } }
    received: referrals(filter: {direction: RECEIVED}) { totalCount nodes { id } }
    ofCase: referrals(filter: {caseId: $case}) { totalCount nodes { id } }
    ofNeed: referrals(filter: {needId: $need}) { totalCount nodes { id } }
    ofService: referrals(filter: {serviceId: $service}) { totalCount nodes { id } } cases { totalCount nodes { id } } }";

async fn a_stranger_sees_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (story, referral) = scene(&app, &world).await;
    let lists = json!({ "case": story.case, "need": story.need, "service": gid(Kind::Service, world.service) });
    for (name, who) in onlookers(&app, &world).await {
        let seen = app.run(&who, LISTS, lists.clone()).await;
        for (list, page) in seen.as_object().unwrap() {
            assert_eq!(page, &json!({ "totalCount": 0, "nodes": [] }), "{name} in {list}");
        }
        for by in [json!({ "id": story.case }), json!({ "identifier": story.identifier }), alias("CANARY-ALIAS")] {
            let seen = app.run(&who, CASE, json!({ "by": by })).await;
            assert_eq!(seen, json!({ "case": null }), "{name} by {by}");
        }
        for by in [json!({ "id": referral }), json!({ "clientReference": "REF-1" })] {
            let seen = app.run(&who, REFERRAL, json!({ "by": by })).await;
            assert_eq!(seen, json!({ "referral": null }), "{name} by {by}");
        }
    }
    let seen = app.run(&world.case_manager, CASE, json!({ "by": alias("CANARY-ALIAS") })).await;
    assert_eq!(seen["case"]["aliases"], json!([{ "value": "CANARY-ALIAS" }]), "its owner finds it");
    let public = Persona::public();
    assert_eq!(app.refused(&public, "{ referrals { totalCount } }", json!({})).await, "UNAUTHENTICATED");
    assert_eq!(app.refused(&public, "{ cases { totalCount } }", json!({})).await, "UNAUTHENTICATED");
}

fn alias(value: &str) -> Value {
    json!({ "alias": { "scheme": "dossier", "value": value } })
}

async fn unknown_and_forbidden_are_one_answer(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (story, referral) = scene(&app, &world).await;
    let nobodys = CaseIdentifier::from_bits(77).to_string();
    let pairs = [
        (CASE, json!({ "id": story.case }), json!({ "id": gid(Kind::Case, Uuid::new_v4()) })),
        (CASE, json!({ "identifier": story.identifier }), json!({ "identifier": nobodys })),
        (CASE, alias("CANARY-ALIAS"), alias("nobody's")),
        (REFERRAL, json!({ "id": referral }), json!({ "id": gid(Kind::Referral, Uuid::now_v7()) })),
        (REFERRAL, json!({ "clientReference": "REF-1" }), json!({ "clientReference": "REF-2" })),
    ];
    let mut all = onlookers(&app, &world).await;
    all.push(("public", Persona::public()));
    for (name, who) in all {
        for (query, forbidden, unknown) in &pairs {
            let forbidden_answer = app.post(&who, query, json!({ "by": forbidden })).await;
            let unknown_answer = app.post(&who, query, json!({ "by": unknown })).await;
            assert_eq!(told(&forbidden_answer), told(&unknown_answer), "{name} by {forbidden}");
        }
    }
}

/// What everybody does with what is their own, or is open to all.
const MINE: &[&str] = &[
    "openCase",
    "publishService",
    "setWorkingCalendar",
    "pauseServices",
    "reportServiceCorrection",
    "addLocalCategory",
];

#[tokio::test]
async fn a_strangers_command_is_answered_as_for_nothing() {
    let app = TestApp::start(Engine::Sqlite).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let mut all = onlookers(&app, &world).await;
    all.push(("public", Persona::public()));
    for row in rows().into_iter().filter(|row| !MINE.contains(&row.mutation)) {
        let input = (row.prepare)(&stage).await;
        // Whose service it is is no stranger to it.
        let owner = match (input.get("caseId"), row.situation) {
            (None, "of the municipality") => Some(world.municipality),
            (None, "of the provider" | "of the provider's application") => Some(world.provider),
            (None, situation) if situation.contains("the provider's intake worker") => Some(world.provider),
            (None, "PROPOSED to the ministry") => Some(world.official.organization),
            _ => None,
        };
        // An agreement is seen by everybody of its parties.
        let parties = if input.get("agreementId").is_some() { vec![world.partner, world.provider] } else { Vec::new() };
        let is_stranger = |who: &Persona| Some(who.organization) != owner && !parties.contains(&who.organization);
        let strangers = all.iter().filter(|(_, who)| is_stranger(who));
        for (name, who) in strangers {
            let forbidden = answer(&app, who, row.mutation, input.clone()).await;
            let unknown = answer(&app, who, row.mutation, elsewhere(&input)).await;
            assert_eq!(told(&forbidden), told(&unknown), "{name}: {} ({})", row.mutation, row.situation);
        }
    }
}

/// The same input on a case or referral that does not exist.
fn elsewhere(input: &Value) -> Value {
    let mut input = input.clone();
    let has_case = input.get("caseId").is_some();
    for (field, id) in input.as_object_mut().unwrap() {
        let keys = [
            "bulkJobId",
            "caseId",
            "referralId",
            "previousId",
            "serviceId",
            "planId",
            "planItemId",
            "agreementId",
            "consentId",
            "redactionId",
            "overrideId",
            "correctionId",
            "revisionId",
            "transferId",
            "endpointId",
            "deliveryId",
            "importRunId",
            "conflictId",
        ];
        if keys.contains(&field.as_str()) {
            let (kind, _) = decode(id.as_str().unwrap()).unwrap();
            // A referral's target is known to everybody; only what a command changes is put elsewhere.
            if !(field == "serviceId" && has_case) {
                *id = json!(gid(kind, Uuid::new_v4()));
            }
        }
    }
    input
}

#[tokio::test]
async fn what_belongs_to_another_case_is_unknown_in_ones_own() {
    let app = TestApp::start(Engine::Sqlite).await;
    let world = World::fill(&app).await;
    let (theirs, referral) = scene(&app, &world).await;
    let official = &world.official;
    let own = Story::open_by(&app, &world, official, world.provider).await;
    let goal = &theirs.goals[0];
    let mut full = own.referral(world.service);
    full["consentId"] = json!(gid(Kind::Consent, Uuid::now_v7()));
    for (field, forbidden, kind) in [
        ("needId", json!(theirs.need), Kind::Need),
        ("goalIds", json!([goal]), Kind::Goal),
        ("previousId", json!(referral), Kind::Referral),
    ] {
        let random = json!(gid(kind, Uuid::now_v7()));
        let (mut there, mut nowhere) = (full.clone(), full.clone());
        there[field] = forbidden.clone();
        nowhere[field] = if forbidden.is_array() { json!([random]) } else { random };
        let there = answer(&app, official, "createReferral", there).await;
        let nowhere = answer(&app, official, "createReferral", nowhere).await;
        assert_eq!(told(&there), told(&nowhere), "{field}");
        assert_eq!(there.body["data"]["createReferral"]["userErrors"][0]["code"], "NOT_FOUND", "{field}");
    }
}

on_both_engines!(a_stranger_sees_nothing, unknown_and_forbidden_are_one_answer);
