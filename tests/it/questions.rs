//! A question that somebody must answer stays with them until it is answered, whatever else happens to the referral.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::run;
use crate::support::situations::consent::withdrawal;
use crate::support::situations::{Stage, report};
use crate::support::verbs::{Referred, done, rule, text};
use crate::support::world::{World, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

const TICK: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);

async fn to_do(app: &TestApp, who: &Persona, event: &str) -> usize {
    let query = "{ viewer { notifications(first: 50, filter: { mustAct: true }) { nodes { event } } } }";
    let seen = app.run(who, query, json!({})).await;
    let nodes = seen["viewer"]["notifications"]["nodes"].as_array().unwrap();
    nodes.iter().filter(|node| node["event"] == event).count()
}

async fn withdrawn(stage: &Stage<'_>) -> (crate::support::verbs::Story, Referred) {
    let (story, accepted) = stage.accepted().await;
    let input = withdrawal(stage, &story).await;
    stage.app.clock.advance(TICK);
    done(stage.app, &stage.world.case_manager, "withdrawConsent", input, "").await;
    stage.app.clock.advance(TICK);
    (story, accepted)
}

async fn whether_a_service_goes_on_is_asked_until_the_person_said_so(engine: Engine) {
    const ASKED: &str = "ASK_WHETHER_SERVICE_GOES_ON";
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, accepted) = withdrawn(&stage).await;
    assert_eq!(to_do(&app, &world.case_manager, ASKED).await, 1);
    let begun = json!({ "firstContactOn": "2026-11-25" });
    let begun = accepted.act(&app, &world.worker, "startReferralService", begun).await;
    app.clock.advance(TICK);
    assert_eq!(to_do(&app, &world.case_manager, ASKED).await, 1, "the receiver's step answers nothing");
    let said = json!({ "personChannel": "PHONE" });
    let goes_on = begun.act(&app, &world.case_manager, "recordServiceGoesOn", said.clone()).await;
    assert_eq!(to_do(&app, &world.case_manager, ASKED).await, 0);
    for who in [&world.case_manager, &world.worker] {
        let seen = goes_on.seen_by(&app, who, "status goesOnSince caseIdentifier").await;
        assert_eq!((&seen["status"], seen["goesOnSince"].is_string()), (&json!("IN_SERVICE"), true));
    }
    let seen = goes_on.seen_by(&app, &world.worker, "caseIdentifier goals { text }").await;
    assert_eq!(
        (&seen["caseIdentifier"], &seen["goals"][0]["text"]),
        (&Value::Null, &Value::Null),
        "nothing is shown again"
    );
    let again = goes_on.input(said.clone());
    assert_eq!(rule(&app, &world.case_manager, "recordServiceGoesOn", again).await, "ALREADY_EXISTS");
    let stands = stage.accepted().await.1.input(said.clone());
    assert_eq!(rule(&app, &world.case_manager, "recordServiceGoesOn", stands).await, "INVALID", "nobody asked");
}

async fn a_service_that_is_stopped_is_no_longer_asked_about(engine: Engine) {
    const ASKED: &str = "ASK_WHETHER_SERVICE_GOES_ON";
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, accepted) = withdrawn(&stage).await;
    let why = json!({ "reason": "CONSENT_WITHDRAWN" });
    let asked = accepted.act(&app, &world.case_manager, "requestReferralCancellation", why).await;
    assert_eq!(to_do(&app, &world.case_manager, ASKED).await, 0);
    let late = asked.input(json!({ "personChannel": "PHONE" }));
    assert_eq!(rule(&app, &world.case_manager, "recordServiceGoesOn", late).await, "WRONG_STATE");
}

async fn an_objection_and_a_second_signature_are_asked_for_until_given(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, contested) = stage.contested().await;
    app.clock.advance(TICK);
    let why = json!({ "reason": "WRONG_PERSON" });
    let asked = contested.act(&app, &world.partner_supervisor, "voidReferral", why).await;
    app.clock.advance(TICK);
    for event in ["CANCELLATION_CONTESTED", "VOID_ASKED"] {
        assert_eq!(to_do(&app, &world.coordinator, event).await, 1, "{event}");
    }
    // The service begins, and is over: two steps of the receiver.
    let done_for = asked.act(&app, &world.worker, "completeReferral", report(&story)).await;
    app.clock.advance(TICK);
    assert_eq!(to_do(&app, &world.coordinator, "CANCELLATION_CONTESTED").await, 0, "there is nothing to stop any more");
    assert_eq!(to_do(&app, &world.coordinator, "VOID_ASKED").await, 1);
    done_for.act(&app, &world.coordinator, "voidReferral", json!({ "reason": "WRONG_PERSON" })).await;
    assert_eq!(to_do(&app, &world.coordinator, "VOID_ASKED").await, 0);
}

async fn an_expired_consent_is_a_task_until_there_is_another(engine: Engine) {
    const ASKED: &str = "CONSENT_EXPIRED";
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, accepted) = stage.accepted().await;
    run(&app, "UPDATE consent SET expires_on = '2026-11-24'", vec![]).await;
    passerelle::usecase::consent::tell_expired(&app.app).await.unwrap();
    app.clock.advance(TICK);
    assert_eq!(to_do(&app, &world.case_manager, ASKED).await, 1);
    let begun = json!({ "firstContactOn": "2026-11-25" });
    accepted.act(&app, &world.worker, "startReferralService", begun).await;
    assert_eq!(to_do(&app, &world.case_manager, ASKED).await, 1);
    let query = "query($id: ID!) { case(by: {id: $id}) { version } }";
    let version = app.run(&world.case_manager, query, json!({ "id": story.case })).await["case"]["version"].clone();
    let input = json!({
        "caseId": text(&json!(story.case)), "expectedVersion": version,
        "receiverId": gid(Kind::Organization, world.provider), "fields": ["CASE_IDENTIFIER", "NEED", "URGENCY"],
        "method": "VERBAL", "language": "fr", "noticeVersion": "2026-1", "givenOn": "2026-11-25" });
    done(&app, &world.case_manager, "recordConsent", input, "").await;
    assert_eq!(to_do(&app, &world.case_manager, ASKED).await, 0);
}

on_both_engines!(
    whether_a_service_goes_on_is_asked_until_the_person_said_so,
    a_service_that_is_stopped_is_no_longer_asked_about,
    an_objection_and_a_second_signature_are_asked_for_until_given,
    an_expired_consent_is_a_task_until_there_is_another,
);
