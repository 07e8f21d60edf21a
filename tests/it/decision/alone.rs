//! What these steps show is the same asked for alone as beside all the rest.

use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::Stage;
use crate::support::world::{World, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

const FIELDS: [&str; 10] = [
    "isPaused",
    "pausedSeconds",
    "decideDueAt",
    "infoRequests { round number question askedAt answer answeredAt }",
    "waiting { since expectedOn reviewDueAt position length }",
    "heldPlace { offeredUntilAt slotUntilAt offersLapsed outOfOrderReason }",
    "redirectedTo { serviceId draftId }",
    "restNeedId",
    "assignee { memberId name }",
    "goals { isTaken }",
];

/// A referral in each of the situations, all of them the partner's.
async fn situations(stage: &Stage<'_>) {
    let (app, world) = (stage.app, stage.world);
    let (_, asked) = stage.asked().await;
    asked.act(app, &world.intake, "assignReferral", json!({ "memberId": gid(Kind::Member, world.worker.id) })).await;
    stage.waiting().await;
    stage.offered().await;
    let (story, sent) = stage.sent().await;
    sent.act(app, &world.intake, "acceptReferralPartly", json!({ "takenGoalIds": [story.goals[0]] })).await;
    let (_, sent) = stage.sent().await;
    let better = json!({ "betterServiceId": gid(Kind::Service, world.service) });
    sent.act(app, &world.intake, "redirectReferral", better).await;
}

async fn each_field_alone_says_what_it_says_beside_all_others(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    situations(&stage).await;
    let mut told = 0;
    for who in [&world.case_manager, &world.intake, &world.coordinator] {
        let ids = app.run(who, "{ referrals(first: 20) { nodes { id } } }", json!({})).await;
        let nodes = ids["referrals"]["nodes"].as_array().unwrap();
        let ids: Vec<Value> = nodes.iter().map(|node| node["id"].clone()).collect();
        for field in FIELDS {
            let whole = format!("query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Referral {{ {field} }} }} }}");
            let expected = app.run(who, &whole, json!({ "ids": ids })).await["nodes"].clone();
            let alone = format!("{{ referrals(first: 20) {{ nodes {{ {field} }} }} }}");
            let found = app.run(who, &alone, json!({})).await["referrals"]["nodes"].clone();
            assert_eq!(found, expected, "{field}");
            let name = field.split(' ').next().unwrap();
            let says = |node: &&Value| ![json!(null), json!([]), json!(false), json!(0)].contains(&node[name]);
            told += found.as_array().unwrap().iter().filter(says).count();
        }
    }
    assert!(told > 40, "only {told} of the fields say anything");
}

on_both_engines!(each_field_alone_says_what_it_says_beside_all_others);
