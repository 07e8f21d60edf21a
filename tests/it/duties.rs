//! Who must act stays told until they have, and there is always somebody who is told.

use crate::support::app::{Persona, TestApp};
use crate::support::clocked::{age, run_clock, still, urgent};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::run;
use crate::support::situations::Stage;
use crate::support::verbs::{Referred, done, text};
use crate::support::world::{World, add_member, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

const TICK: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);

/// How often something is told to somebody that they must act on.
async fn to_do(app: &TestApp, who: &Persona, event: &str) -> usize {
    let query = "{ viewer { notifications(first: 50, filter: { mustAct: true }) { nodes { event } } } }";
    let seen = app.run(&still(app, who), query, json!({})).await;
    let nodes = seen["viewer"]["notifications"]["nodes"].as_array().unwrap();
    nodes.iter().filter(|node| node["event"] == event).count()
}

async fn whoever_is_named_to_work_on_it_has_not_decided_yet(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, sent) = stage.sent().await;
    app.clock.advance(TICK);
    let worker = json!({ "memberId": gid(Kind::Member, world.worker.id) });
    let assigned = sent.act(&app, &world.provider_supervisor, "assignReferral", worker).await;
    app.clock.advance(TICK);
    assert_eq!(to_do(&app, &world.intake, "createReferral").await, 1, "nobody answered");
    assigned.act(&app, &world.intake, "acknowledgeReferral", json!({})).await;
    assert_eq!(to_do(&app, &world.intake, "createReferral").await, 0);
    assert_eq!(to_do(&app, &world.intake, "acknowledgeReferral").await, 1, "now it is to be decided");
}

async fn what_the_clock_does_for_somebody_is_not_their_answer(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let service = stage.service_with_a_list(Some(2)).await;
    let draft = stage.story().await.draft(service);
    let made = done(&app, &world.case_manager, "createReferral", draft, "referral { id }").await;
    let draft = Referred { id: text(&made["referral"]["id"]), version: 1 };
    let held = json!({ "personInformed": true, "holdPlace": true });
    let sent = draft.act(&app, &world.case_manager, "sendReferral", held).await;
    age(&app, 14 * 24);
    run_clock(&app).await;
    assert_eq!(app.count("event WHERE kind = 'releaseReferralPlace'").await, 1);
    age(&app, 1);
    for event in ["sendReferral", "DECISION_OVERDUE"] {
        assert_eq!(to_do(&app, &world.provider_supervisor, event).await, 1, "{event}");
    }
    let late = Referred { version: sent.version + 1, ..sent };
    late.act(&app, &still(&app, &world.intake), "acceptReferral", json!({})).await;
    for event in ["sendReferral", "DECISION_OVERDUE"] {
        assert_eq!(to_do(&app, &world.provider_supervisor, event).await, 0, "{event}");
    }
}

async fn who_asks_for_a_referral_to_be_voided_has_answered_nothing_else(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, completed) = stage.completed().await;
    app.clock.advance(TICK);
    let why = json!({ "reason": "WRONG_PERSON" });
    let asked = completed.act(&app, &world.partner_supervisor, "voidReferral", why).await;
    app.clock.advance(TICK);
    assert_eq!(to_do(&app, &world.case_manager, "completeReferral").await, 1, "the loop is still open");
    asked.act(&app, &world.case_manager, "closeReferralLoop", json!({ "meaning": "MET" })).await;
    assert_eq!(to_do(&app, &world.case_manager, "completeReferral").await, 0);
    assert_eq!(to_do(&app, &world.coordinator, "VOID_ASKED").await, 1, "the second signature is still asked for");
}

async fn where_a_program_has_no_coordinator_somebody_else_must_act(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let active = "UPDATE member SET is_active = FALSE WHERE id = $1";
    run(&app, active, vec![world.coordinator.id.into()]).await;
    let supervisor = add_member(&app, world.lead, "SUPERVISOR").await;
    let colleague = add_member(&app, world.lead, "CASE_MANAGER").await;
    let silent = urgent(&app, &world, "EMERGENCY").await;
    age(&app, 2);
    run_clock(&app).await;
    for event in ["ACKNOWLEDGEMENT_OVERDUE", "PARALLEL_REFERRAL_NEEDED", "COORDINATOR_TAKES_OVER"] {
        assert_eq!(to_do(&app, &supervisor, event).await, 1, "{event}");
        assert_eq!(to_do(&app, &colleague, event).await, 0, "{event}");
    }
    assert_eq!(silent.seen_by(&app, &still(&app, &supervisor), "status").await, Value::Null, "told, and shown nothing");
    // Nobody is left in the lead: the sender's supervisor learns all of it, and nothing of it twice.
    run(&app, active, vec![supervisor.id.into()]).await;
    urgent(&app, &world, "EMERGENCY").await;
    age(&app, 2);
    run_clock(&app).await;
    assert_eq!(to_do(&app, &world.partner_supervisor, "ACKNOWLEDGEMENT_OVERDUE").await, 2, "one of each referral");
    assert_eq!(to_do(&app, &world.partner_supervisor, "PARALLEL_REFERRAL_NEEDED").await, 1);
    assert_eq!(to_do(&app, &world.partner_supervisor, "COORDINATOR_TAKES_OVER").await, 1);
}

on_both_engines!(
    whoever_is_named_to_work_on_it_has_not_decided_yet,
    what_the_clock_does_for_somebody_is_not_their_answer,
    who_asks_for_a_referral_to_be_voided_has_answered_nothing_else,
    where_a_program_has_no_coordinator_somebody_else_must_act,
);
