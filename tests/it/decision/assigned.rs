//! Who of the receiver's people works on a referral.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::run;
use crate::support::situations::Stage;
use crate::support::verbs::{done, rule, tried};
use crate::support::world::{World, add_member, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

fn member(who: &Persona) -> Value {
    json!({ "memberId": gid(Kind::Member, who.id) })
}

const MINE: &str = "{ referrals(filter: {assignedToMe: true}) { totalCount nodes { id } } }";

async fn a_referral_is_given_to_a_member_who_is_told(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let ((_, sent), (_, other)) = (stage.sent().await, stage.sent().await);
    let colleague = add_member(&app, world.provider, "SERVICE_WORKER").await;
    let before = [app.count("event").await, app.count("outbox").await, app.count("audit").await];
    let given = sent.act(&app, &world.intake, "assignReferral", member(&world.worker)).await;
    let after = [app.count("event").await, app.count("outbox").await, app.count("audit").await];
    assert_eq!(after, before.map(|count| count + 1), "one event, one outbox row, one audit row");
    assert_eq!(given.version, sent.version + 1);
    let select = "status assignee { memberId name }";
    let worker = json!({ "memberId": gid(Kind::Member, world.worker.id), "name": "service_worker" });
    let seen = given.seen_by(&app, &world.intake, select).await;
    assert_eq!(seen, json!({ "status": "SENT", "assignee": worker }));
    for who in [&world.case_manager, &world.coordinator] {
        assert_eq!(given.seen_by(&app, who, select).await["assignee"], Value::Null, "the receiver's own affair");
    }
    let mine = app.run(&world.worker, MINE, json!({})).await["referrals"].clone();
    assert_eq!(mine, json!({ "totalCount": 1, "nodes": [{ "id": given.id }] }));
    for who in [&world.intake, &world.app, &world.case_manager, &world.outsider, &colleague] {
        assert_eq!(app.run(who, MINE, json!({})).await["referrals"]["totalCount"], json!(0));
    }
    let told = "{ viewer { notifications(first: 50) { nodes { event } } } }";
    let heard = async |who: &Persona| app.run(who, told, json!({})).await.to_string().contains("assignReferral");
    assert!(heard(&world.worker).await, "the assignee is told");
    assert!(!heard(&colleague).await, "and nobody beside them");

    let nobody = given.act(&app, &world.provider_supervisor, "assignReferral", json!({})).await;
    assert_eq!(nobody.seen_by(&app, &world.intake, select).await["assignee"], Value::Null);
    let stale = given.input(member(&world.worker));
    assert_eq!(rule(&app, &world.intake, "assignReferral", stale).await, "STALE_VERSION");
    let ended = other.act(&app, &world.intake, "declineReferral", json!({ "reason": "NO_CAPACITY" })).await;
    let late = ended.input(member(&world.worker));
    assert_eq!(rule(&app, &world.intake, "assignReferral", late).await, "WRONG_STATE");
}

/// Whoever does not decide or deliver there gets one answer, whether they exist or not.
async fn who_can_not_work_on_it_is_not_given_it(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, sent) = stage.sent().await;
    let editor = add_member(&app, world.provider, "DIRECTORY_EDITOR").await;
    let gone = add_member(&app, world.provider, "INTAKE").await;
    let elsewhere = add_member(&app, world.provider, "INTAKE").await;
    run(&app, "UPDATE member SET is_active = FALSE WHERE id = $1", vec![gone.id.into()]).await;
    let roles = format!(r#"[{{"role":"INTAKE","program":"{}"}}]"#, uuid::Uuid::now_v7());
    run(&app, "UPDATE member SET roles = $1 WHERE id = $2", vec![roles.into(), elsewhere.id.into()]).await;
    let unknown = Persona { id: uuid::Uuid::now_v7(), ..gone.clone() };
    let mut answers = Vec::new();
    for who in [&editor, &gone, &elsewhere, &world.case_manager, &world.outsider, &unknown] {
        answers.push(tried(&app, &world.intake, "assignReferral", sent.input(member(who)), "").await);
    }
    assert_eq!(answers[0]["userErrors"][0]["code"], json!("MEMBER_UNSUITABLE"));
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    done(&app, &world.intake, "assignReferral", sent.input(member(&world.intake)), "").await;
}

on_both_engines!(a_referral_is_given_to_a_member_who_is_told, who_can_not_work_on_it_is_not_given_it);
