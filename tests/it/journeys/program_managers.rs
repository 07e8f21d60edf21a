//! Those who run a program: where to step in, and what is missing.

use crate::delivery::{anew, days};
use crate::referral_figures::{STANDING, declined, reasons};
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::Stage;
use crate::support::verbs::done;
use crate::support::world::{World, add_member, gid};
use passerelle::domain::global_id::Kind;
use serde_json::json;

async fn a_program_manager_sees_which_plan_items_wait_for_a_service(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    for _ in 0..5 {
        stage.active().await;
    }
    let (answered, _) = stage.active().await;
    answered.refer_to(&app, &world.case_manager, stage.service).await;
    let gaps = "query($id: ID!) { planGaps(programId: $id) { cells { categoryCode areaId items persons } } }";
    let program = json!({ "id": gid(Kind::Program, world.program) });
    let seen = app.run(&world.coordinator, gaps, program).await;
    let area = gid(Kind::Area, world.district);
    let cell = json!({ "categoryCode": "ECO.IND.TVET", "areaId": area, "items": 5, "persons": 5 });
    assert_eq!(seen["planGaps"]["cells"], json!([cell]), "what was referred no longer waits");
}

async fn a_program_manager_sees_overdue_referrals_by_partner_and_urgency(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, late) = stage.sent().await;
    stage.accepted().await;
    days(&app, 8);
    let list = "query($urgency: [Urgency!]) { referrals(filter: {isOverdue: true, urgency: $urgency}) { totalCount
                nodes { id status urgency isOverdue receiver { name } person { ageBand } } } }";
    let coordinator = anew(&app, &world.coordinator);
    let seen = app.run(&coordinator, list, json!({ "urgency": ["ROUTINE"] })).await;
    let one = json!({ "id": late.id, "status": "SENT", "urgency": "ROUTINE", "isOverdue": true,
                      "receiver": { "name": "Provider" }, "person": null });
    assert_eq!(seen["referrals"], json!({ "totalCount": 1, "nodes": [one] }));
    let seen = app.run(&coordinator, list, json!({ "urgency": ["EMERGENCY"] })).await;
    assert_eq!(seen["referrals"]["totalCount"], 0);
}

async fn a_program_manager_registers_an_agreement_and_knows_when_it_expires(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let mut input = Stage::set(&app, &world).await.agreement(world.provider);
    input["validTo"] = json!("2026-12-31");
    let made = done(&app, &world.partner_supervisor, "registerAgreement", input, "agreement { id }").await;
    let id = &made["agreement"]["id"];
    let which = json!({ "agreementId": id, "expectedVersion": 1 });
    done(&app, &world.provider_supervisor, "confirmAgreement", which, "").await;
    let list = "query($days: Int!) { agreements(filter: {expiringWithinDays: $days}) {
                nodes { id validTo isInForce } } }";
    let found = json!([{ "id": id, "validTo": "2026-12-31", "isInForce": true }]);
    for (within, expected) in [(30, json!([])), (40, found)] {
        let seen = app.run(&world.partner_supervisor, list, json!({ "days": within })).await;
        assert_eq!(seen["agreements"]["nodes"], expected, "within {within} days");
    }
}

async fn a_program_manager_sees_where_partners_are_late_without_seeing_a_person(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let manager = add_member(&app, world.lead, "PROGRAM_MANAGER").await;
    let stage = Stage::set(&app, &world).await;
    let (_, late) = stage.sent().await;
    days(&app, 8);
    let again = anew(&app, &manager);
    let asked = json!({ "program": gid(Kind::Program, world.program), "late": true });
    let seen = app.run(&again, STANDING, asked).await;
    let row = &seen["referralStanding"][0];
    assert_eq!(seen["referralStanding"].as_array().unwrap().len(), 1);
    let told = (&row["partner"]["name"], &row["urgency"], &row["status"], &row["overdue"]);
    assert_eq!(told, (&json!("Provider"), &json!("ROUTINE"), &json!("SENT"), &json!(1)));
    assert!(row["oldestDueAt"].as_str().unwrap().starts_with("2026-11-27"));
    assert_eq!(late.seen_by(&app, &again, "id").await, json!(null), "not the referral itself");
}

async fn a_program_manager_learns_which_decline_reasons_dominate_and_whether_the_map_is_stale(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut world = World::fill(&app).await;
    let manager = add_member(&app, world.lead, "PROGRAM_MANAGER").await;
    let editor = add_member(&app, world.provider, "DIRECTORY_EDITOR").await;
    let stage = Stage::set(&app, &world).await;
    let service = stage.service;
    days(&app, 2);
    world.case_manager = anew(&app, &world.case_manager);
    world.intake = anew(&app, &world.intake);
    let stage = Stage { app: &app, world: &world, service };
    declined(&stage, 8, "NO_CAPACITY").await;
    declined(&stage, 6, "PERSON_DECLINED").await;
    days(&app, 45);
    let seen = reasons(&app, &manager, Some(&world), json!(["PROVIDER", "CATEGORY"])).await;
    let rows = seen["rows"].as_array().unwrap();
    let told: Vec<_> = rows.iter().map(|row| (&row["reason"], &row["referrals"]["count"])).collect();
    assert_eq!(told, [(&json!("NO_CAPACITY"), &json!(8)), (&json!("PERSON_DECLINED"), &json!(6))]);
    assert_eq!((&rows[0]["provider"]["name"], &rows[0]["categoryCode"]), (&json!("Provider"), &json!("ECO.IND.TVET")));
    let map = json!({ "declines": { "count": 14 }, "pointing": { "count": 8 }, "unmended": { "count": 8 },
                      "share": 8.0 / 14.0 });
    assert_eq!(seen["directory"], map, "nobody has confirmed the entry since");
    let entry = json!({ "serviceId": gid(Kind::Service, service), "expectedVersion": 1 });
    done(&app, &anew(&app, &editor), "verifyService", entry, "").await;
    let seen = reasons(&app, &manager, Some(&world), json!([])).await;
    assert_eq!(seen["directory"]["unmended"], json!({ "count": 0 }), "now somebody has");
}

on_both_engines!(
    a_program_manager_sees_where_partners_are_late_without_seeing_a_person,
    a_program_manager_learns_which_decline_reasons_dominate_and_whether_the_map_is_stale,
    a_program_manager_sees_which_plan_items_wait_for_a_service,
    a_program_manager_sees_overdue_referrals_by_partner_and_urgency,
    a_program_manager_registers_an_agreement_and_knows_when_it_expires,
);
