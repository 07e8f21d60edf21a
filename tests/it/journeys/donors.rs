//! Those who pay: figures, never a person.

use crate::delivery::days;
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::Stage;
use crate::support::world::{World, add_member, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

async fn a_donor_never_sees_a_person(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, completed) = stage.completed().await;
    stage.sent().await;
    let everything = "query($case: ID!, $referral: ID!, $number: String!) {
        referrals { totalCount nodes { id } } cases { totalCount nodes { id } } node(id: $referral) { id }
        case(by: {identifier: $number}) { id } referral(by: {id: $referral}) { id }
        caseAccess(caseId: $case) { totalCount } viewer { notifications { totalCount } } }";
    let asked = json!({ "case": story.case, "referral": completed.id, "number": story.identifier });
    let nothing = json!({
        "referrals": { "totalCount": 0, "nodes": [] }, "cases": { "totalCount": 0, "nodes": [] }, "node": null,
        "case": null, "referral": null, "caseAccess": { "totalCount": 0 },
        "viewer": { "notifications": { "totalCount": 0 } },
    });
    assert_eq!(app.run(&world.donor_officer, everything, asked).await, nothing);
}

async fn a_donor_reads_results_but_never_of_so_few_that_one_is_recognized(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    Stage::set(&app, &world).await.completed().await;
    days(&app, 60);
    let figures = "query($id: ID!) { helpComparison(programId: $id, period: {year: 2026, quarter: 4}) {
                   fewestPersons rows { persons achieved } } }";
    let donor = add_member(&app, world.donor_officer.organization, "PROGRAM_MANAGER").await;
    let seen = app.run(&donor, figures, json!({ "id": gid(Kind::Program, world.program) })).await;
    assert_eq!(seen["helpComparison"]["fewestPersons"], 10);
    let rows = seen["helpComparison"]["rows"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["persons"] == Value::Null || row["persons"] == 0), "{seen}");
    assert!(rows.iter().any(|row| row["persons"] == Value::Null), "something was recorded: {seen}");
}

on_both_engines!(a_donor_never_sees_a_person, a_donor_reads_results_but_never_of_so_few_that_one_is_recognized);
