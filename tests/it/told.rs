//! Who is told: in the programs in which they work, and that nobody is left there.

use crate::support::app::{Persona, TestApp};
use crate::support::clocked::run_clock;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::run as statement;
use crate::support::situations::Stage;
use crate::support::situations::consent::withdrawal;
use crate::support::verbs::done;
use crate::support::world::{World, add_member};
use passerelle_entity::notification;
use serde_json::{Value, json};
use uuid::Uuid;

/// Limits somebody's role to a program.
async fn limit(app: &TestApp, who: &Persona, role: &str, program: Uuid) {
    let roles = format!(r#"[{{"role":"{role}","program":"{program}"}}]"#);
    statement(app, "UPDATE member SET roles = $1 WHERE id = $2", vec![roles.into(), who.id.into()]).await;
}

/// A second program of the lead's.
async fn second_program(app: &TestApp, world: &World) -> Uuid {
    let id = Uuid::now_v7();
    let text = "INSERT INTO program (id, name, names, lead_organization_id, version, created_at) \
                VALUES ($1, 'Second', '{}', $2, 1, 0)";
    statement(app, text, vec![id.into(), world.lead.into()]).await;
    id
}

async fn notify(app: &TestApp, organization: Uuid, role: Option<&str>, program: Option<Uuid>, kind: &str) {
    let tx = app.app.store.begin().await.unwrap();
    tx.add(notification::Model {
        id: Uuid::now_v7(),
        organization_id: organization,
        kind: kind.into(),
        subject_kind: "Case".into(),
        subject_id: Uuid::now_v7(),
        at: 1,
        role: role.map(str::to_owned),
        member_id: None,
        program_id: program,
        must_act: false,
        read_at: None,
    })
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

async fn heard(app: &TestApp, who: &Persona) -> String {
    let query = "{ viewer { notifications(first: 50) { nodes { event } } } }";
    let seen = app.run(who, query, json!({})).await;
    let nodes = seen["viewer"]["notifications"]["nodes"].as_array().unwrap();
    let mut all: Vec<&str> = nodes.iter().map(|node| node["event"].as_str().unwrap()).collect();
    all.sort_unstable();
    all.concat()
}

async fn who_works_in_one_program_hears_of_that_one(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (here, there) = (world.program, second_program(&app, &world).await);
    notify(&app, world.partner, Some("CASE_MANAGER"), Some(here), "A").await;
    notify(&app, world.partner, None, Some(here), "B").await;
    notify(&app, world.partner, Some("CASE_MANAGER"), None, "C").await;
    notify(&app, world.partner, Some("SUPERVISOR"), Some(here), "D").await;
    for (role, program, expected) in [
        ("CASE_MANAGER", None, "ABC"),
        ("CASE_MANAGER", Some(here), "ABC"),
        ("CASE_MANAGER", Some(there), "C"),
        ("SUPERVISOR", None, "ABCD"),
        ("SUPERVISOR", Some(here), "ABCD"),
        ("SUPERVISOR", Some(there), "C"),
    ] {
        let who = add_member(&app, world.partner, role).await;
        if let Some(program) = program {
            limit(&app, &who, role, program).await;
        }
        let is_here = program.map(|program| program == here);
        assert_eq!(heard(&app, &who).await, expected, "{role}, limited to this program: {is_here:?}");
    }
}

async fn a_receiver_whose_people_work_in_other_programs_is_out_of_reach(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let there = second_program(&app, &world).await;
    Stage::set(&app, &world).await.sent().await;
    let off = "UPDATE client_application SET is_active = FALSE WHERE organization_id = $1";
    statement(&app, off, vec![world.provider.into()]).await;
    for (program, expected) in [(world.program, 0), (there, 1), (there, 1)] {
        for (who, role) in [(&world.intake, "INTAKE"), (&world.provider_supervisor, "SUPERVISOR")] {
            limit(&app, who, role, program).await;
        }
        app.clock.advance(jiff::SignedDuration::from_mins(1));
        run_clock(&app).await;
        assert_eq!(app.count("notification WHERE kind = 'RECEIVER_UNREACHABLE'").await, expected);
    }
}

async fn days_that_the_receiver_reports_go_with_word_back(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, completed) = stage.completed().await;
    let select = "status serviceOn firstContactOn";
    let days = json!({ "status": "COMPLETED", "serviceOn": "2026-11-25", "firstContactOn": "2026-11-25" });
    assert_eq!(completed.seen_by(&app, &world.case_manager, select).await, days);
    let mut input = withdrawal(&stage, &story).await;
    input["part"] = json!("REPORT_BACK");
    done(&app, &world.case_manager, "withdrawConsent", input, "").await;
    let gone = json!({ "status": "COMPLETED", "serviceOn": Value::Null, "firstContactOn": Value::Null });
    for who in [&world.case_manager, &world.coordinator] {
        assert_eq!(completed.seen_by(&app, who, select).await, gone);
    }
    assert_eq!(completed.seen_by(&app, &world.worker, select).await, days, "the receiver knows what it did");
}

on_both_engines!(
    who_works_in_one_program_hears_of_that_one,
    a_receiver_whose_people_work_in_other_programs_is_out_of_reach,
    days_that_the_receiver_reports_go_with_word_back,
);
