//! A receiver who helps somebody proposes to the case's holder that another need is referred, and learns only whether it
//! was.

use crate::support::app::{Persona, TestApp};
use crate::support::clocked::{age, run_clock, still};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::chain::proposing;
use crate::support::situations::{Stage, outcome};
use crate::support::verbs::{Referred, done, rule, text, tried};
use crate::support::world::{World, add_service};
use serde_json::{Value, json};

const CHAIN: &str = "chain { proposals { status reason draftId categoryCode by { name } } }";

/// What the holder must act on.
async fn to_do(app: &TestApp, who: &Persona) -> Vec<(String, String)> {
    let query = "{ viewer { notifications(first: 50, filter: { mustAct: true }) { nodes { event subjectId } } } }";
    let seen = app.run(&still(app, who), query, json!({})).await;
    let nodes = seen["viewer"]["notifications"]["nodes"].as_array().unwrap().clone();
    nodes.iter().map(|node| (text(&node["event"]), text(&node["subjectId"]))).collect()
}

/// A referral under which the provider helps, with a proposal of its worker, and the holder's draft.
async fn proposed(stage: &Stage<'_>) -> (Referred, Referred) {
    let (_, from) = stage.accepted().await;
    done(stage.app, &stage.world.worker, "proposeReferral", proposing(&from, stage.service), "").await;
    let seen = from.seen_by(stage.app, &stage.world.case_manager, CHAIN).await;
    let draft = Referred { id: text(&seen["chain"]["proposals"][0]["draftId"]), version: 1 };
    (from, draft)
}

async fn status(app: &TestApp, who: &Persona, from: &Referred) -> Value {
    from.seen_by(app, who, CHAIN).await["chain"]["proposals"][0]["status"].clone()
}

async fn a_proposal_is_the_holders_draft_and_nobody_elses_to_see(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (from, draft) = proposed(&stage).await;
    let told = ("proposeReferral".to_owned(), draft.id.clone());
    assert!(to_do(&app, &world.case_manager).await.contains(&told), "the holder must look at it");
    let select = "status needId goals { text } chain { proposal { reason fromReferralId } parentId }";
    let seen = draft.seen_by(&app, &world.case_manager, select).await;
    assert_eq!((&seen["status"], &seen["goals"]), (&json!("DRAFT"), &json!([{ "text": "CANARY-GOAL sleep again" }])));
    let expected = json!({ "proposal": { "reason": "CANARY-REASON sleeps badly", "fromReferralId": from.id },
                           "parentId": null });
    assert_eq!(seen["chain"], expected);
    for (name, who) in world.everybody() {
        if !["public", "case manager", "partner's supervisor", "partner's data protection"].contains(&name) {
            assert_eq!(draft.seen_by(&app, &who, "id").await, Value::Null, "{name}");
        }
    }
    let own = from.seen_by(&app, &world.worker, CHAIN).await["chain"]["proposals"].clone();
    let expected = json!([{ "status": "PROPOSED", "reason": "CANARY-REASON sleeps badly", "draftId": null,
                            "categoryCode": "PSY.IND.COUNSELLING", "by": { "name": "Provider" } }]);
    assert_eq!(own, expected, "its own words, and how it stands");
    assert_eq!(from.seen_by(&app, &world.coordinator, CHAIN).await["chain"]["proposals"], json!([]));
    for word in ["CANARY-REASON", "CANARY-GOAL sleep"] {
        let plain = format!("referral_proposal WHERE reason_sealed LIKE '%{word}%'");
        assert_eq!(app.count(&plain).await, 0, "sealed");
    }
}

async fn the_proposer_learns_whether_it_was_taken_up_and_nothing_more(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (worker, manager) = (&world.worker, &world.case_manager);
    let (from, draft) = proposed(&stage).await;
    assert_eq!(status(&app, worker, &from).await, "PROPOSED");
    app.clock.advance(jiff::SignedDuration::from_secs(60));
    draft.act(&app, manager, "sendReferral", json!({ "personInformed": true })).await;
    assert_eq!(status(&app, worker, &from).await, "TAKEN_UP");
    assert!(!to_do(&app, manager).await.iter().any(|(_, subject)| *subject == draft.id), "nothing is left to do");
    let (from, draft) = proposed(&stage).await;
    let no = json!({ "reason": "PERSON_DECLINED", "note": "CANARY-NOTE not now" });
    draft.act(&app, manager, "withdrawReferral", no).await;
    let seen = from.seen_by(&app, worker, "chain { proposals { status } } events(last: 1) { nodes { kind } }").await;
    assert_eq!(
        seen["chain"]["proposals"],
        json!([{ "status": "NOT_TAKEN_UP" }]),
        "no reason: it is the person's affair"
    );
    assert_eq!(seen["events"]["nodes"], json!([{ "kind": "acceptReferral" }]));
    let (from, _) = proposed(&stage).await;
    age(&app, 31 * 24);
    run_clock(&app).await;
    assert_eq!(status(&app, &still(&app, worker), &from).await, "NOT_TAKEN_UP", "a forgotten draft is thrown away");
}

async fn only_who_helps_proposes_and_only_what_the_holder_can_see(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, sent) = stage.sent().await;
    let input = proposing(&sent, stage.service);
    assert_eq!(
        rule(&app, &world.worker, "proposeReferral", input.clone()).await,
        "WRONG_STATE",
        "nobody is helped yet"
    );
    for (who, code) in [(&world.intake, "NOT_PERMITTED"), (&world.case_manager, "NOT_PERMITTED")] {
        assert_eq!(outcome(&app, who, "proposeReferral", input.clone()).await, code);
    }
    assert_eq!(outcome(&app, &world.outsider, "proposeReferral", input).await, "NOT_FOUND");
    let (_, from) = stage.accepted().await;
    let mut input = proposing(&from, stage.service);
    input["personInformed"] = json!(false);
    let refused = tried(&app, &world.worker, "proposeReferral", input, "").await;
    assert_eq!(refused["userErrors"][0]["missing"], json!(["PERSON_INFORMED"]));
    let secret = add_service(&app, world.provider, world.district, None).await;
    crate::support::seed::run(&app, "UPDATE service SET visibility = 'OWN' WHERE id = $1", vec![secret.into()]).await;
    let input = proposing(&from, secret);
    assert_eq!(rule(&app, &world.worker, "proposeReferral", input).await, "SERVICE_CLOSED");
    for category in ["SOC.COM.INFRASTRUCTURE", "NO.SUCH.TERM"] {
        let mut input = proposing(&from, stage.service);
        input["need"]["categoryCode"] = json!(category);
        assert_eq!(rule(&app, &world.worker, "proposeReferral", input).await, "INVALID");
    }
    let ended = from.act(&app, &world.worker, "endReferralEarly", json!({ "reason": "FUNDING_ENDED" })).await;
    let input = proposing(&ended, stage.service);
    assert_eq!(rule(&app, &world.worker, "proposeReferral", input).await, "WRONG_STATE");
    assert_eq!(app.count("referral_proposal").await, 0);
}

async fn a_proposal_tells_nothing_of_what_else_the_case_holds(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, from) = stage.accepted().await;
    // The holder referred the same kind of need to the same service already.
    let query = "query($id: ID!) { case(by: { id: $id }) { version needs { id } } }";
    let case = app.run(&world.case_manager, query, json!({ "id": story.case })).await["case"].clone();
    let need = json!({ "caseId": story.case, "expectedVersion": case["version"], "categoryCode": "PSY.IND.COUNSELLING",
        "dimension": "PSYCHOSOCIAL", "level": "INDIVIDUAL", "urgency": "ROUTINE", "delivery": "REFERRAL", "goals": ["talk"] });
    let added = done(&app, &world.case_manager, "addNeed", need, "need { id }").await;
    let mut other = story.referral(stage.service);
    other["needId"] = added["need"]["id"].clone();
    done(&app, &world.case_manager, "createReferral", other, "").await;
    let select = "referral { chain { proposals { status } } }";
    let made = done(&app, &world.worker, "proposeReferral", proposing(&from, stage.service), select).await;
    assert_eq!(made["referral"]["chain"]["proposals"], json!([{ "status": "PROPOSED" }]), "the same answer as ever");
    let case = app.run(&world.case_manager, query, json!({ "id": story.case })).await["case"].clone();
    assert_eq!(case["needs"].as_array().unwrap().len(), 3, "the holder has it as a need of its own");
}

on_both_engines!(
    a_proposal_is_the_holders_draft_and_nobody_elses_to_see,
    the_proposer_learns_whether_it_was_taken_up_and_nothing_more,
    only_who_helps_proposes_and_only_what_the_holder_can_see,
    a_proposal_tells_nothing_of_what_else_the_case_holds,
);
