//! Key messages of sustainable reintegration that are rules of this server.

use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::Stage;
use crate::support::situations::chain::{answering_item, proposing_item};
use crate::support::verbs::{done, rule, text};
use crate::support::world::World;
use serde_json::{Value, json};

/// Returnees own the process: an item that a provider thinks of is a proposal, and nothing is followed to which the person
/// has not agreed.
async fn provider_created_plan_items_are_proposals(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, from) = stage.accepted().await;
    let select = "referral { chain { planItemProposals { id status } } }";
    let made = done(&app, &world.worker, "proposePlanItem", proposing_item(&from), select).await;
    let proposal = made["referral"]["chain"]["planItemProposals"][0].clone();
    assert_eq!(proposal["status"], "PROPOSED");
    let plans = "query($id: ID!) { case(by: { id: $id }) { casework { plans { id version status items { goal } } } } }";
    let manager = &world.case_manager;
    let read = async |who| app.run(who, plans, json!({ "id": story.case })).await["case"]["casework"].clone();
    assert_eq!(read(manager).await["plans"], json!([]), "a proposal is no plan");
    let accept = answering_item(&text(&proposal["id"]), json!({}));
    done(&app, manager, "acceptPlanItemProposal", accept, "").await;
    let plan = read(manager).await["plans"][0].clone();
    assert_eq!((&plan["status"], plan["items"].as_array().unwrap().len()), (&json!("DRAFT"), 1));
    let which = json!({ "planId": plan["id"], "expectedVersion": plan["version"] });
    assert_eq!(rule(&app, manager, "activatePlan", which.clone()).await, "NOT_AGREED", "the person has not agreed");
    let mut agreed = which;
    agreed["agreedOn"] = json!("2026-11-25");
    agreed["method"] = json!("VERBAL");
    agreed["participants"] = json!(["PERSON", "CASE_MANAGER", "PROVIDER"]);
    let plan = done(&app, manager, "agreePlan", agreed, "plan { id version }").await["plan"].clone();
    let which = json!({ "planId": plan["id"], "expectedVersion": plan["version"] });
    done(&app, manager, "activatePlan", which, "").await;
    let own = from
        .seen_by(&app, &world.worker, "case { casework { plans { id } } } chain { planItemProposals { status } }")
        .await;
    assert_eq!(own["chain"]["planItemProposals"], json!([{ "status": "ACCEPTED" }]));
    assert_eq!(own["case"]["casework"], Value::Null, "the proposer sees its proposal, not the plan");
}

on_both_engines!(provider_created_plan_items_are_proposals);
