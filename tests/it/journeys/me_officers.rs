//! Those who evaluate: figures that say how they were counted.

use crate::delivery::{anew, days};
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::Stage;
use crate::support::situations::plan::helping;
use crate::support::verbs::done;
use crate::support::world::{World, gid};
use passerelle::domain::global_id::Kind;
use serde_json::json;

async fn an_officer_compares_direct_and_referred_help(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    for _ in 0..5 {
        stage.completed().await;
        done(&app, &world.case_manager, "recordDirectService", helping(&stage.story().await), "").await;
    }
    days(&app, 60);
    let figures = "query($id: ID!) { helpComparison(programId: $id, period: {year: 2026, quarter: 4}) {
                   definition rows { dimension way goals persons } } }";
    let program = json!({ "id": gid(Kind::Program, world.program) });
    let seen = app.run(&anew(&app, &world.evaluator), figures, program).await;
    let seen = &seen["helpComparison"];
    assert!(!seen["definition"].as_str().unwrap().is_empty(), "how it was counted");
    let rows = seen["rows"].as_array().unwrap().iter().filter(|row| row["dimension"] == "ECONOMIC");
    let counted: Vec<_> = rows.map(|row| (&row["persons"], &row["goals"])).collect();
    assert_eq!(counted, vec![(&json!(5), &json!(10)); 2], "five each way, two goals each: {seen}");
}

on_both_engines!(an_officer_compares_direct_and_referred_help);
