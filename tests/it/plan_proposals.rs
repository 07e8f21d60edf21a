//! Items of a plan that a provider thinks of are proposals: the case's holder answers, the person agrees to the plan as
//! ever, and the proposer sees how its proposal stands.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::Stage;
use crate::support::situations::chain::{answering_item, proposing_item};
use crate::support::situations::plan::drafting;
use crate::support::verbs::{Referred, done, rule, text, tried};
use crate::support::world::World;
use serde_json::{Value, json};

const ONE: &str =
    "query($id: ID!) { node(id: $id) { ... on PlanItemProposal { status goal reason dueBy declineReason answerNote
    planItemId by { name } } } }";
const PLAN: &str = "plan { id version status items { id goal dueBy deliveryMode responsibleId status } }";

async fn seen(app: &TestApp, who: &Persona, id: &str) -> Value {
    app.run(who, ONE, json!({ "id": id })).await["node"].clone()
}

/// What somebody must act on.
async fn to_do(app: &TestApp, who: &Persona, id: &str) -> bool {
    let query = "{ viewer { notifications(first: 50, filter: { mustAct: true }) { nodes { subjectId } } } }";
    let seen = app.run(who, query, json!({})).await;
    seen["viewer"]["notifications"]["nodes"].as_array().unwrap().iter().any(|node| node["subjectId"] == id)
}

async fn a_proposal_goes_into_a_version_to_which_the_person_agrees(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, from) = stage.accepted().await;
    let manager = &world.case_manager;
    let case =
        app.run(manager, "query($id: ID!) { case(by: { id: $id }) { version } }", json!({ "id": story.case })).await;
    let version = case["case"]["version"].as_i64().unwrap();
    let first = done(&app, manager, "draftPlan", drafting(&story, version), PLAN).await["plan"].clone();
    let agreed = json!({ "agreedOn": "2026-11-25", "method": "VERBAL", "participants": ["PERSON"] });
    let on = |plan: &Value, more: &Value| {
        let mut input = json!({ "planId": plan["id"], "expectedVersion": plan["version"] });
        more.as_object().unwrap().iter().for_each(|(name, value)| input[name] = value.clone());
        input
    };
    let first = done(&app, manager, "agreePlan", on(&first, &agreed), PLAN).await["plan"].clone();
    let first = done(&app, manager, "activatePlan", on(&first, &json!({})), PLAN).await["plan"].clone();
    app.clock.advance(jiff::SignedDuration::from_secs(60));
    let id = stage.propose_item(&from).await;
    assert!(to_do(&app, manager, &id).await, "the holder answers");
    app.clock.advance(jiff::SignedDuration::from_secs(60));
    let made =
        done(&app, manager, "acceptPlanItemProposal", answering_item(&id, json!({})), PLAN).await["plan"].clone();
    assert_eq!(made["status"], "DRAFT", "nothing is followed before the person has agreed");
    let items = made["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "what is still to be done stays");
    assert_eq!((&items[0]["goal"], &items[0]["dueBy"]), (&first["items"][0]["goal"], &json!("2027-03-31")));
    assert_eq!(
        (&items[1]["goal"], &items[1]["dueBy"]),
        (&json!("CANARY-GOAL a stall on the market"), &json!("2027-01-31"))
    );
    let provider = crate::support::world::gid(passerelle::domain::global_id::Kind::Organization, world.provider);
    assert_eq!(items[1]["responsibleId"], json!(provider));
    assert!(!to_do(&app, manager, &id).await);
    let early = on(&made, &json!({}));
    assert_eq!(rule(&app, manager, "activatePlan", early).await, "NOT_AGREED");
    let made = done(&app, manager, "agreePlan", on(&made, &agreed), PLAN).await["plan"].clone();
    done(&app, manager, "activatePlan", on(&made, &json!({})), "").await;
    let held = seen(&app, manager, &id).await;
    assert_eq!((&held["status"], &held["planItemId"]), (&json!("ACCEPTED"), &made["items"][1]["id"]));
    let own = seen(&app, &world.worker, &id).await;
    let expected = json!({ "status": "ACCEPTED", "goal": "CANARY-GOAL a stall on the market", "reason": "CANARY-REASON sells well",
        "dueBy": "2027-01-31", "declineReason": null, "answerNote": null, "planItemId": null, "by": { "name": "Provider" } });
    assert_eq!(own, expected, "its own words and how it stands");
}

async fn a_declined_proposal_tells_its_proposer_no_reason(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, from) = stage.accepted().await;
    let (manager, id) = (&world.case_manager, stage.propose_item(&from).await);
    let other = answering_item(&id, json!({ "reason": "OTHER" }));
    assert_eq!(rule(&app, manager, "declinePlanItemProposal", other).await, "TEXT_REQUIRED");
    let no = answering_item(&id, json!({ "reason": "PERSON_DECLINED", "note": "CANARY-NOTE rather not" }));
    let select = "proposal { status declineReason answerNote }";
    let made = done(&app, manager, "declinePlanItemProposal", no.clone(), select).await;
    let expected =
        json!({ "status": "DECLINED", "declineReason": "PERSON_DECLINED", "answerNote": "CANARY-NOTE rather not" });
    assert_eq!(made["proposal"], expected);
    let own = seen(&app, &world.worker, &id).await;
    assert_eq!(
        (&own["status"], &own["declineReason"], &own["answerNote"]),
        (&json!("DECLINED"), &Value::Null, &Value::Null)
    );
    assert_eq!(rule(&app, manager, "declinePlanItemProposal", no).await, "STALE_VERSION");
    let again = json!({ "proposalId": id, "expectedVersion": 2 });
    assert_eq!(rule(&app, manager, "acceptPlanItemProposal", again).await, "NOT_NOW");
    assert_eq!(app.count("plan").await, 0);
}

async fn a_proposal_is_between_its_proposer_and_the_holder(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, sent) = stage.sent().await;
    assert_eq!(rule(&app, &world.worker, "proposePlanItem", proposing_item(&sent)).await, "WRONG_STATE");
    let (_, from) = stage.accepted().await;
    let mut silent = proposing_item(&from);
    silent["personInformed"] = json!(false);
    let refused = tried(&app, &world.worker, "proposePlanItem", silent, "").await;
    assert_eq!(refused["userErrors"][0]["missing"], json!(["PERSON_INFORMED"]));
    let mut past = proposing_item(&from);
    past["dueBy"] = json!("2026-11-24");
    assert_eq!(rule(&app, &world.worker, "proposePlanItem", past).await, "DATE_OUT_OF_RANGE");
    let id = stage.propose_item(&from).await;
    let sees = [
        "case manager",
        "partner's supervisor",
        "partner's data protection",
        "intake",
        "worker",
        "provider's supervisor",
        "provider's app",
    ];
    for (name, who) in world.everybody() {
        if name != "public" {
            assert_eq!(seen(&app, &who, &id).await.is_null(), !sees.contains(&name), "{name}");
        }
    }
    for (who, code) in
        [(&world.worker, "NOT_PERMITTED"), (&world.outsider, "NOT_FOUND"), (&world.coordinator, "NOT_FOUND")]
    {
        assert_eq!(rule(&app, who, "acceptPlanItemProposal", answering_item(&id, json!({}))).await, code);
    }
    let chain = "chain { planItemProposals { id status } }";
    let expected = json!({ "chain": { "planItemProposals": [{ "id": id, "status": "PROPOSED" }] } });
    for who in [&world.case_manager, &world.worker] {
        assert_eq!(from.seen_by(&app, who, chain).await, expected);
    }
    let seen = from.seen_by(&app, &world.coordinator, chain).await;
    assert_eq!(seen, json!({ "chain": { "planItemProposals": [] } }));
    assert_eq!(
        app.count("plan_item_proposal WHERE goal_sealed LIKE '%CANARY%' OR reason_sealed LIKE '%CANARY%'").await,
        0
    );
}

async fn nothing_is_left_of_its_words_when_the_referral_is_void(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, from) = stage.accepted().await;
    let id = stage.propose_item(&from).await;
    let why = json!({ "reason": "WRONG_PERSON" });
    let asked: Referred = from.act(&app, &world.coordinator, "voidReferral", why.clone()).await;
    asked.act(&app, &world.partner_supervisor, "voidReferral", why).await;
    let left = seen(&app, &world.worker, &id).await;
    assert_eq!((&left["goal"], &left["reason"]), (&Value::Null, &Value::Null));
    assert_eq!(text(&left["status"]), "PROPOSED");
}

on_both_engines!(
    a_proposal_goes_into_a_version_to_which_the_person_agrees,
    a_declined_proposal_tells_its_proposer_no_reason,
    a_proposal_is_between_its_proposer_and_the_holder,
    nothing_is_left_of_its_words_when_the_referral_is_void,
);
