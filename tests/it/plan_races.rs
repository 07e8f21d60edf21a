//! Of many who change a plan at once one succeeds; the others are told that they came too late.

use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::plan::{agreeing, drafting};
use crate::support::situations::{Stage, answer, code};
use crate::support::world::World;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tokio::sync::Barrier;

/// Runs a mutation eight times at once and counts the answers.
async fn at_once(app: &TestApp, world: &World, mutation: &str, input: Value) -> BTreeMap<String, usize> {
    let barrier = Barrier::new(8);
    let asked = (0..8).map(async |_| {
        barrier.wait().await;
        code(&answer(app, &world.case_manager, mutation, input.clone()).await, mutation)
    });
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    for code in join_all(asked).await {
        *codes.entry(code).or_default() += 1;
    }
    codes
}

async fn of_many_at_once_one_takes_effect(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let once = BTreeMap::from([("STALE_VERSION".to_owned(), 7), ("ok".to_owned(), 1)]);
    let story = stage.story().await;
    assert_eq!(at_once(&app, &world, "draftPlan", drafting(&story, 3)).await, once);
    assert_eq!((app.count("plan").await, app.count("plan_item").await), (1, 1));
    let (_, draft) = stage.drafted().await;
    assert_eq!(at_once(&app, &world, "agreePlan", agreeing(&draft)).await, once);
    let (_, agreed) = stage.agreed().await;
    assert_eq!(at_once(&app, &world, "activatePlan", agreed.input(json!({}))).await, once);
    let (_, plan) = stage.active().await;
    let begun = json!({ "planItemId": plan.items[0], "expectedVersion": plan.version, "status": "IN_PROGRESS" });
    assert_eq!(at_once(&app, &world, "updatePlanItem", begun).await, once);
    let moved = json!({ "caseId": stage.story().await.case, "expectedVersion": 3, "to": "ASSESSING" });
    assert_eq!(at_once(&app, &world, "moveCase", moved).await, once);
    assert_eq!(app.count("case_stage_change").await, 4, "three plans agreed to, one move");
}

on_both_engines!(of_many_at_once_one_takes_effect);
