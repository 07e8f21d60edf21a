//! A redirection: a no with a better service, and a draft of which the new receiver learns nothing.

use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::run;
use crate::support::situations::Stage;
use crate::support::verbs::{Referred, done, rule, text};
use crate::support::world::{World, add_service, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};
use uuid::Uuid;

fn to(service: Uuid) -> Value {
    json!({ "betterServiceId": gid(Kind::Service, service) })
}

async fn a_better_service_becomes_a_draft_of_the_sender(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let better = add_service(&app, world.municipality, world.district, Some(4)).await;
    let receiver = crate::support::world::add_member(&app, world.municipality, "SUPERVISOR").await;
    let (story, sent) = stage.sent().await;
    let before = [app.count("event").await, app.count("outbox").await, app.count("audit").await];
    let ended = sent.act(&app, &world.intake, "redirectReferral", to(better)).await;
    let after = [app.count("event").await, app.count("outbox").await, app.count("audit").await];
    assert_eq!(after, before.map(|count| count + 1), "one command: one event, one outbox row, one audit row");

    let select = "status reason caseIdentifier redirectedTo { serviceId draftId }";
    let seen = ended.seen_by(&app, &world.intake, select).await;
    let expected = json!({ "status": "DECLINED", "reason": "WRONG_SERVICE", "caseIdentifier": null,
        "redirectedTo": { "serviceId": gid(Kind::Service, better), "draftId": null } });
    assert_eq!(seen, expected, "the window has closed, and the draft is the sender's");
    assert_eq!(app.count("access_grant WHERE until_at IS NULL").await, 0, "nothing is disclosed");
    let seen = ended.seen_by(&app, &world.case_manager, select).await;
    let draft = Referred { id: text(&seen["redirectedTo"]["draftId"]), version: 1 };
    let select = "status needId attempt previousId background receiver { name } goals { goalId } nextDueAt";
    let seen = draft.seen_by(&app, &world.case_manager, select).await;
    let goals: Vec<Value> = story.goals.iter().map(|goal| json!({ "goalId": goal })).collect();
    let expected = json!({ "status": "DRAFT", "needId": story.need, "attempt": 2, "previousId": ended.id,
        "background": null, "receiver": { "name": "Municipality" }, "goals": goals, "nextDueAt": null });
    assert_eq!(seen, expected);
    for who in [&receiver, &world.intake, &world.coordinator] {
        assert_eq!(draft.seen_by(&app, who, "id").await, Value::Null, "a draft is its sender's alone");
    }
    let roots = app.app.store.rows("SELECT DISTINCT root_id FROM referral", vec![]).await.unwrap();
    assert_eq!(roots.len(), 1, "one chain");
    let send = draft.input(json!({ "personInformed": true }));
    let code = rule(&app, &world.case_manager, "sendReferral", send).await;
    assert_eq!(code, "CONSENT_MISSING", "the consent was for the first receiver");
}

async fn what_is_no_better_service_is_refused(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, sent) = stage.sent().await;
    let hidden = add_service(&app, world.municipality, world.district, None).await;
    let own = add_service(&app, world.provider, world.district, None).await;
    run(&app, "UPDATE service SET visibility = 'OWN' WHERE id IN ($1, $2)", vec![hidden.into(), own.into()]).await;
    let refused = async |more: Value| rule(&app, &world.intake, "redirectReferral", sent.input(more)).await;
    assert_eq!(refused(to(stage.service)).await, "INVALID");
    assert_eq!(refused(to(hidden)).await, "NOT_FOUND");
    assert_eq!(refused(to(Uuid::now_v7())).await, "NOT_FOUND");
    assert_eq!(refused(to(own)).await, "SERVICE_CLOSED", "the sender could not see it");
    let mut silence = to(world.service);
    silence["reason"] = json!("NO_RESPONSE");
    assert_eq!(refused(silence).await, "REASON_NOT_ALLOWED");
    run(&app, "UPDATE need SET status = 'MET'", vec![]).await;
    assert_eq!(refused(to(world.service)).await, "NEED_CLOSED");
    assert_eq!(sent.seen_by(&app, &world.intake, "status").await["status"], json!("SENT"));
    assert_eq!(app.count("referral").await, 1);
}

async fn a_redirection_does_not_tell_that_the_sender_asks_there_already(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, sent) = stage.sent().await;
    let (_, other) = stage.sent().await;
    let same = story.refer_to(&app, &world.case_manager, world.service).await;
    let select = "referral { status reason redirectedTo { serviceId draftId } }";
    let redirect = async |one: &Referred| {
        done(&app, &world.intake, "redirectReferral", one.input(to(world.service)), select).await
    };
    assert_eq!(redirect(&sent).await, redirect(&other).await, "the receiver is answered as for any other");
    let seen = sent.seen_by(&app, &world.case_manager, "redirectedTo { draftId }").await;
    assert_eq!(seen["redirectedTo"]["draftId"], same.id, "the sender is shown what it has");
    assert_eq!(app.count("referral").await, 4, "one new draft, for the other");
}

/// The corrections of the provider's entries that are open.
async fn corrections(app: &TestApp, world: &World) -> Value {
    let list = "{ serviceCorrections(filter: { ownServices: true }) { nodes { about criterion text } } }";
    app.run(&world.provider_supervisor, list, json!({})).await["serviceCorrections"]["nodes"].clone()
}

async fn a_redirection_for_ineligibility_cites_or_proposes_a_condition(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let better = add_service(&app, world.municipality, world.district, Some(4)).await;
    let (_, sent) = stage.sent().await;
    let with = |more: Value| {
        let mut input = to(better);
        input["reason"] = json!("NOT_ELIGIBLE");
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let refused = async |more: Value| rule(&app, &world.intake, "redirectReferral", sent.input(more)).await;
    assert_eq!(refused(with(json!({}))).await, "TEXT_REQUIRED", "something has to say why");
    assert_eq!(refused(with(json!({ "criterion": "NO_SUCH" }))).await, "INVALID");
    assert_eq!(refused(with(json!({ "criterion": "AGE", "proposedCriterion": "x" }))).await, "INVALID");
    let mut other = with(json!({ "criterion": "AGE" }));
    other["reason"] = json!("WRONG_SERVICE");
    assert_eq!(refused(other).await, "INVALID", "a condition goes with ineligibility alone");
    let proposed = with(json!({ "proposedCriterion": " Only with a diploma " }));
    let ended = sent.act(&app, &world.intake, "redirectReferral", proposed).await;
    let seen = ended.seen_by(&app, &world.case_manager, "status ineligibleBecause { criterion proposed }").await;
    assert_eq!(
        (&seen["status"], &seen["ineligibleBecause"]["proposed"]),
        (&json!("DECLINED"), &json!("Only with a diploma"))
    );
    let expected = json!([{ "about": "PROPOSED_CRITERION", "criterion": null, "text": "Only with a diploma" }]);
    assert_eq!(corrections(&app, &world).await, expected);
}

async fn a_note_still_says_why(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let better = add_service(&app, world.municipality, world.district, Some(4)).await;
    let (_, sent) = stage.sent().await;
    let mut input = to(better);
    (input["reason"], input["note"]) = (json!("NOT_ELIGIBLE"), json!("They are too old"));
    sent.act(&app, &world.intake, "redirectReferral", input).await;
    assert_eq!(corrections(&app, &world).await, json!([]));
}

on_both_engines!(a_redirection_does_not_tell_that_the_sender_asks_there_already);
on_both_engines!(a_redirection_for_ineligibility_cites_or_proposes_a_condition, a_note_still_says_why,);
on_both_engines!(a_better_service_becomes_a_draft_of_the_sender, what_is_no_better_service_is_refused);
