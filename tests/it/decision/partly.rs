//! A partial acceptance: the rest is a need of the sender's, never sent by itself.

use super::places;
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::Stage;
use crate::support::verbs::{Referred, rule};
use crate::support::world::{World, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

const NEEDS: &str = "query($id: ID!) { case(by: {id: $id}) { version needs {
    id parentNeedId status categoryCode dimension level urgency delivery goals { id position text } } } }";

async fn what_is_not_taken_on_becomes_a_need_of_its_own(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, sent) = stage.sent().await;
    let before = [app.count("event").await, app.count("outbox").await, app.count("audit").await];
    let (manager, id) = (&world.case_manager, json!({ "id": story.case }));
    let version = app.run(manager, NEEDS, id.clone()).await["case"]["version"].as_i64().unwrap();
    let part = json!({ "takenGoalIds": [story.goals[1]] });
    let taken = sent.act(&app, &world.intake, "acceptReferralPartly", part).await;
    let case = app.run(manager, NEEDS, id).await["case"].clone();
    assert_eq!(case["version"], json!(version + 1), "the case has one need more");
    let needs = case["needs"].as_array().unwrap();
    let is_rest = |need: &&Value| need["id"] != json!(story.need);
    let (parent, rest) = (needs.iter().find(|need| !is_rest(need)).unwrap(), needs.iter().find(is_rest).unwrap());
    assert_eq!((&rest["parentNeedId"], &rest["status"]), (&parent["id"], &json!("OPEN")));
    for field in ["categoryCode", "dimension", "level", "urgency", "delivery"] {
        assert_eq!(rest[field], parent[field], "{field}");
    }
    assert_eq!(parent["parentNeedId"], Value::Null);
    assert_eq!(rest["goals"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&rest["goals"][0]["position"], &rest["goals"][0]["text"]),
        (&json!(1), &json!("CANARY-GOAL learn carpentry"))
    );
    assert_ne!(rest["goals"][0]["id"], parent["goals"][0]["id"], "sealed anew for a row of its own");

    let select = "status restNeedId goals { goalId isTaken text } person { contactThroughSender }";
    let seen = taken.seen_by(&app, manager, select).await;
    assert_eq!((&seen["status"], &seen["restNeedId"]), (&json!("ACCEPTED"), &rest["id"]));
    let seen = taken.seen_by(&app, &world.intake, select).await;
    assert_eq!(seen["restNeedId"], Value::Null, "the sender's need is the sender's");
    assert_eq!((&seen["goals"][0]["isTaken"], &seen["goals"][1]["isTaken"]), (&json!(false), &json!(true)));
    assert_eq!(seen["person"]["contactThroughSender"], json!(true), "what was consented to is shown");
    assert_eq!(places(&app, stage.service).await, (1, 0));
    assert_eq!(app.count("referral").await, 1, "nothing is sent by itself");
    let after = [app.count("event").await, app.count("outbox").await, app.count("audit").await];
    assert_eq!(after, before.map(|count| count + 1), "one command: one event, one outbox row, one audit row");
    let told = "notification n JOIN organization o ON o.id = n.organization_id \
                WHERE n.kind = 'acceptReferralPartly' AND o.name = 'Partner'";
    assert_eq!(app.count(told).await, 1, "the sender is told");
}

async fn an_outcome_is_needed_for_what_was_taken_on_only(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, sent) = stage.sent().await;
    let part = json!({ "takenGoalIds": [story.goals[1]] });
    let taken = sent.act(&app, &world.intake, "acceptReferralPartly", part).await;
    let report = |goals: &[&String]| {
        let outcomes: Vec<_> = goals.iter().map(|goal| json!({ "goalId": goal, "result": "ACHIEVED" })).collect();
        json!({ "firstContactOn": "2026-11-25", "serviceOn": "2026-11-25", "outcomes": outcomes })
    };
    let (left, goal) = (&story.goals[0], &story.goals[1]);
    let refused =
        async |goals: &[&String]| rule(&app, &world.worker, "completeReferral", taken.input(report(goals))).await;
    assert_eq!(refused(&[left, goal]).await, "INVALID", "what was left out is not theirs to report");
    assert_eq!(refused(&[]).await, "OUTCOME_MISSING");
    taken.act(&app, &world.worker, "completeReferral", report(&[goal])).await;
    assert_eq!(places(&app, stage.service).await, (0, 0));
}

async fn a_part_is_neither_nothing_nor_all(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, sent) = stage.sent().await;
    let (other, _) = stage.sent().await;
    for (goals, code) in [
        (json!([]), "REQUIRED"),
        (json!(story.goals), "INVALID"),
        (json!([story.goals[0], story.goals[0]]), "INVALID"),
        (json!([other.goals[0]]), "NOT_FOUND"),
    ] {
        let input = sent.input(json!({ "takenGoalIds": goals }));
        assert_eq!(rule(&app, &world.intake, "acceptReferralPartly", input).await, code);
    }
    assert_eq!((app.count("need").await, places(&app, stage.service).await), (2, (0, 0)));
}

/// What was parted off stays a need of its own, also when the acceptance is taken back.
async fn what_was_left_out_stays_left_out(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, sent) = stage.sent().await;
    let (left, goal) = (&story.goals[0], &story.goals[1]);
    let taken = sent.act(&app, &world.intake, "acceptReferralPartly", json!({ "takenGoalIds": [goal] })).await;
    let open = taken.act(&app, &world.intake, "unacceptReferral", json!({ "reason": "NO_CAPACITY" })).await;
    for (goals, code) in [([left], "NOT_FOUND"), ([goal], "INVALID")] {
        let input = open.input(json!({ "takenGoalIds": goals }));
        assert_eq!(rule(&app, &world.intake, "acceptReferralPartly", input).await, code);
    }
    let better = json!({ "betterServiceId": gid(Kind::Service, world.service) });
    let ended = open.act(&app, &world.intake, "redirectReferral", better).await;
    let seen = ended.seen_by(&app, &world.case_manager, "redirectedTo { draftId }").await;
    let draft = Referred { id: seen["redirectedTo"]["draftId"].as_str().unwrap().to_owned(), version: 1 };
    let seen = draft.seen_by(&app, &world.case_manager, "goals { goalId isTaken }").await;
    assert_eq!(seen["goals"], json!([{ "goalId": goal, "isTaken": true }]), "the rest is asked for elsewhere");
    assert_eq!(app.count("need").await, 2);
}

on_both_engines!(
    what_was_left_out_stays_left_out,
    what_is_not_taken_on_becomes_a_need_of_its_own,
    an_outcome_is_needed_for_what_was_taken_on_only,
    a_part_is_neither_nothing_nor_all,
);
