//! Those who give services: to decide in one step, to report once, and to stop at once.

use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::{Stage, report};
use crate::support::verbs::{Story, done, rule};
use crate::support::world::{World, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

async fn a_provider_sees_only_its_inbox_with_exactly_what_it_needs_to_decide(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, sent) = stage.sent().await;
    stage.draft().await; // Not sent, so nobody else's to read.
    let inbox = "{ referrals { totalCount nodes { id caseIdentifier goals { text } person { ageBand language sex } } }
                 cases { totalCount } }";
    let seen = app.run(&world.intake, inbox, json!({})).await;
    assert_eq!((&seen["referrals"]["totalCount"], &seen["cases"]["totalCount"]), (&json!(1), &json!(0)));
    let one = &seen["referrals"]["nodes"][0];
    assert_eq!((&one["id"], &one["caseIdentifier"]), (&json!(sent.id), &json!(story.identifier)));
    assert_eq!(one["person"], json!({ "ageBand": "FROM_25_TO_39", "language": "fr", "sex": null }));
    assert_eq!(one["goals"], json!([{ "text": null }, { "text": null }]), "shown on acceptance");
    assert_eq!(app.run(&world.outsider, inbox, json!({})).await["referrals"]["totalCount"], 0);
}

async fn a_provider_accepts_declines_with_reason_or_gives_a_waiting_date_in_one_step(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let service = stage.service_with_a_list(Some(3)).await;
    let (full, date) = (json!({ "reason": "NO_CAPACITY" }), json!({ "expectedOn": "2026-12-10" }));
    for (command, more, status, reason, waiting) in [
        ("acceptReferral", json!({}), "ACCEPTED", Value::Null, Value::Null),
        ("declineReferral", full, "DECLINED", json!("NO_CAPACITY"), Value::Null),
        ("waitlistReferral", date.clone(), "WAITLISTED", Value::Null, date),
    ] {
        let sent = stage.story().await.refer_to(&app, &world.case_manager, service).await;
        let decided = sent.act(&app, &world.intake, command, more).await;
        let seen = decided.seen_by(&app, &world.case_manager, "status reason waiting { expectedOn }").await;
        assert_eq!(seen, json!({ "status": status, "reason": reason, "waiting": waiting }), "{command}");
    }
}

async fn a_provider_reports_delivery_and_outcome_once(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (story, accepted) = Stage::set(&app, &world).await.accepted().await;
    let completed = accepted.act(&app, &world.worker, "completeReferral", report(&story)).await;
    let again = completed.input(report(&story));
    assert_eq!(rule(&app, &world.worker, "completeReferral", again).await, "WRONG_STATE");
    let told = completed.seen_by(&app, &world.case_manager, "serviceOn goals { result }").await;
    let expected = json!({ "serviceOn": "2026-11-25", "goals": [{ "result": "ACHIEVED" }, { "result": "ACHIEVED" }] });
    assert_eq!(told, expected, "the sender reads what the provider wrote");
}

async fn a_provider_pauses_intake_at_once_when_funding_stops(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let publication = json!({ "name": "Papers", "language": "fr", "visibility": "PUBLIC", "takesReferrals": true,
                              "categoryCode": "ECO.IND.TVET", "servedAreaIds": [gid(Kind::Area, world.district)] });
    let made = done(&app, &world.editor, "publishService", publication, "service { id }").await;
    let service = &made["service"]["id"];
    let to = |story: &Story| {
        let mut input = story.referral(world.service);
        input["serviceId"] = service.clone();
        input
    };
    let first = Story::open_by(&app, &world, &world.case_manager, world.municipality).await;
    done(&app, &world.case_manager, "createReferral", to(&first), "").await;
    let pause = json!({ "serviceId": service, "expectedVersion": 1, "reason": "The grant has ended" });
    done(&app, &world.editor, "pauseService", pause, "").await;
    let next = Story::open_by(&app, &world, &world.case_manager, world.municipality).await;
    assert_eq!(rule(&app, &world.case_manager, "createReferral", to(&next)).await, "SERVICE_CLOSED");
    let seen = app.run(&world.case_manager, "{ referrals { totalCount nodes { status } } }", json!({})).await;
    assert_eq!(seen["referrals"], json!({ "totalCount": 1, "nodes": [{ "status": "SENT" }] }), "what runs goes on");
}

on_both_engines!(
    a_provider_sees_only_its_inbox_with_exactly_what_it_needs_to_decide,
    a_provider_accepts_declines_with_reason_or_gives_a_waiting_date_in_one_step,
    a_provider_reports_delivery_and_outcome_once,
    a_provider_pauses_intake_at_once_when_funding_stops,
);
