//! What nobody may lose: a person who agrees anew, an emergency that somebody took over, a need that is met elsewhere, and
//! the third attempt.

use crate::delivery::{anew, days};
use crate::support::app::{Persona, TestApp};
use crate::support::clocked::{age, run_clock, still, urgent};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::run;
use crate::support::situations::Stage;
use crate::support::situations::decision::{answers, questions};
use crate::support::verbs::{Referred, Story, done, rule, text};
use crate::support::world::{World, add_service, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

/// How many things of a kind somebody must still do.
async fn to_do(app: &TestApp, who: &Persona, event: &str) -> usize {
    let query = "{ viewer { notifications(first: 100, filter: { mustAct: true }) { nodes { event } } } }";
    let seen = app.run(&still(app, who), query, json!({})).await;
    let nodes = seen["viewer"]["notifications"]["nodes"].as_array().unwrap().clone();
    nodes.iter().filter(|node| node["event"] == event).count()
}

/// The person agrees anew, to all that is asked at the start of a story.
async fn agrees_anew(app: &TestApp, world: &World, story: &Story, more: Value) -> String {
    let manager = &still(app, &world.case_manager);
    let case = app.run(manager, "query($id: ID!) { case(by: {id: $id}) { version } }", json!({ "id": story.case }));
    let mut input = json!({ "caseId": story.case, "expectedVersion": case.await["case"]["version"],
        "receiverId": gid(Kind::Organization, world.provider), "method": "VERBAL", "language": "fr",
        "fields": ["CASE_IDENTIFIER", "NEED", "GOALS", "URGENCY", "AGE_BAND", "LANGUAGE", "CONTACT_THROUGH_SENDER"],
        "noticeVersion": "2026-1", "givenOn": "2026-11-25" });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    text(&done(app, manager, "recordConsent", input, "consent { id }").await["consent"]["id"])
}

const EXPIRE: &str = "UPDATE consent SET expires_on = '2026-11-24'";

async fn who_agrees_anew_is_heard(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, sent) = stage.sent().await;
    let asked = sent.act(&app, &world.intake, "requestReferralInfo", questions()).await;
    run(&app, EXPIRE, vec![]).await;
    passerelle::usecase::consent::tell_expired(&app.app).await.unwrap();
    assert_eq!(to_do(&app, &world.case_manager, "CONSENT_EXPIRED").await, 1);
    let frozen = rule(&app, &world.case_manager, "answerReferralInfo", asked.input(answers())).await;
    assert_eq!(frozen, "CONSENT_MISSING");
    app.clock.advance(jiff::SignedDuration::from_secs(60));
    let other = json!({ "receiverId": gid(Kind::Organization, world.municipality) });
    agrees_anew(&app, &world, &story, other).await;
    assert_eq!(to_do(&app, &world.case_manager, "CONSENT_EXPIRED").await, 1, "another receiver's is no answer");
    let consent = agrees_anew(&app, &world, &story, json!({})).await;
    assert_eq!(to_do(&app, &world.case_manager, "CONSENT_EXPIRED").await, 0);
    let seen = asked.seen_by(&app, &world.case_manager, "consentId version").await;
    assert_eq!((&seen["consentId"], &seen["version"]), (&json!(consent), &json!(asked.version + 1)));
    let asked = Referred { version: asked.version + 1, ..asked };
    let answered = asked.act(&app, &world.case_manager, "answerReferralInfo", answers()).await;
    let before = answered.seen_by(&app, &world.intake, "goals { text } person { language }").await;
    assert_eq!(before, json!({ "goals": [{ "text": null }, { "text": null }], "person": { "language": "fr" } }));
    let accepted = answered.act(&app, &world.intake, "acceptReferral", json!({})).await;
    let shown = accepted.seen_by(&app, &world.worker, "goals { text }").await;
    assert_eq!(shown["goals"][0]["text"], "CANARY-GOAL learn carpentry", "as the new consent says");
}

async fn who_runs_under_an_expired_consent_sees_what_the_new_one_says(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, accepted) = stage.accepted().await;
    let fields = |fields: Value| json!({ "fields": fields });
    let few = json!(["CASE_IDENTIFIER", "NEED", "URGENCY"]);
    agrees_anew(&app, &world, &story, fields(few.clone())).await;
    let seen = async || accepted.seen_by(&app, &world.worker, "goals { text } person { language }").await;
    assert_eq!(
        seen().await["person"]["language"],
        "fr",
        "a narrower one, while the other holds, is for something else"
    );
    run(&app, EXPIRE, vec![]).await;
    agrees_anew(&app, &world, &story, fields(few)).await;
    assert_eq!(seen().await["person"]["language"], Value::Null, "the person's last word counts");
    let withdrawn = json!({ "fields": ["CASE_IDENTIFIER", "NEED", "URGENCY", "LANGUAGE"] });
    run(&app, "UPDATE consent SET ended_at = 1", vec![]).await;
    agrees_anew(&app, &world, &story, withdrawn).await;
    assert_eq!(
        seen().await["person"]["language"],
        Value::Null,
        "what was withdrawn is not taken up by another consent"
    );
}

async fn a_receipt_and_an_interruption_end_no_emergency(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let silent = urgent(&app, &world, "EMERGENCY").await;
    age(&app, 80);
    for _ in 0..12 {
        run_clock(&app).await;
    }
    let taken_over = to_do(&app, &world.coordinator, "COORDINATOR_TAKES_OVER").await;
    assert!(taken_over > 0);
    assert_eq!(to_do(&app, &world.provider_supervisor, "ACKNOWLEDGEMENT_OVERDUE").await, 1);
    let seen = silent.act(&app, &still(&app, &world.intake), "acknowledgeReferral", json!({})).await;
    age(&app, 1);
    run_clock(&app).await;
    assert_eq!(to_do(&app, &world.provider_supervisor, "ACKNOWLEDGEMENT_OVERDUE").await, 0, "that is done");
    assert_eq!(to_do(&app, &world.coordinator, "COORDINATOR_TAKES_OVER").await, taken_over, "nobody has decided");
    assert!(to_do(&app, &world.coordinator, "PARALLEL_REFERRAL_NEEDED").await > 0);
    let accepted = seen.act(&app, &still(&app, &world.intake), "acceptReferral", json!({})).await;
    assert_eq!(to_do(&app, &world.coordinator, "COORDINATOR_TAKES_OVER").await, 0, "somebody has");
    age(&app, 24 * 9);
    for _ in 0..12 {
        run_clock(&app).await;
    }
    assert_eq!(to_do(&app, &world.coordinator, "COORDINATOR_TAKES_OVER").await, 1, "nobody was in touch");
    let why = json!({ "reason": "PERSON_UNREACHABLE", "reviewOn": "2026-12-20" });
    let held = accepted.act(&app, &still(&app, &world.worker), "holdReferral", why).await;
    age(&app, 1);
    let back = held.act(&app, &still(&app, &world.worker), "resumeReferral", json!({})).await;
    assert_eq!(to_do(&app, &world.coordinator, "COORDINATOR_TAKES_OVER").await, 1, "still nobody was");
    let contact = json!({ "firstContactOn": "2026-12-01" });
    back.act(&app, &still(&app, &world.worker), "startReferralService", contact).await;
    assert_eq!(to_do(&app, &world.coordinator, "COORDINATOR_TAKES_OVER").await, 0);
}

async fn whoever_asks_elsewhere_learns_that_a_need_was_met(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, completed) = stage.completed().await;
    let other = add_service(&app, world.provider, world.district, Some(4)).await;
    story.refer_to(&app, &world.case_manager, other).await;
    assert_eq!(to_do(&app, &world.case_manager, "NEED_MET_ELSEWHERE").await, 0);
    completed.act(&app, &world.case_manager, "closeReferralLoop", json!({ "meaning": "PARTLY_MET" })).await;
    assert_eq!(to_do(&app, &world.case_manager, "NEED_MET_ELSEWHERE").await, 0, "something is left to do");
    let mut helped = crate::support::situations::plan::helping(&story);
    helped["meaning"] = json!("MET");
    done(&app, &world.case_manager, "recordDirectService", helped, "").await;
    assert_eq!(to_do(&app, &world.case_manager, "NEED_MET_ELSEWHERE").await, 1);
}

async fn all_attempts_for_a_need_count(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let story = stage.story().await;
    let told = async || app.count("notification WHERE kind = 'THIRD_ATTEMPT' AND role = 'COORDINATOR'").await;
    let mut first = None;
    for (round, expected) in [(1, 0), (2, 0), (3, 1), (4, 2)] {
        let mut input = story.referral(stage.service);
        // Some name the first, some name none.
        if let (Some(previous), 0) = (&first, round % 2) {
            input["previousId"] = json!(previous);
        }
        let made = done(&app, &world.case_manager, "createReferral", input, "referral { id version attempt }").await;
        assert_eq!(told().await, expected, "attempt {round}");
        if round == 4 {
            assert_eq!(made["referral"]["attempt"], 4, "all that were made before");
        }
        let one =
            Referred { id: text(&made["referral"]["id"]), version: made["referral"]["version"].as_i64().unwrap() };
        one.act(&app, &world.intake, "declineReferral", json!({ "reason": "NO_CAPACITY" })).await;
        first.get_or_insert(one.id);
    }
}

async fn what_a_decline_says_of_the_person_is_word_back(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let select = "reason details { mayReportBack } events(last: 1) { nodes { reason } }";
    for (reason, is_told) in [("DECEASED", false), ("NO_CAPACITY", true)] {
        let (_, sent) = stage.sent().await;
        let (_, taken) = stage.accepted().await;
        run(&app, "UPDATE consent SET report_back = FALSE", vec![]).await;
        let declined = sent.act(&app, &world.intake, "declineReferral", json!({ "reason": reason })).await;
        let undone = taken.act(&app, &world.intake, "unacceptReferral", json!({ "reason": reason })).await;
        let told = if is_told { json!(reason) } else { Value::Null };
        for who in [&world.case_manager, &world.coordinator] {
            let seen = declined.seen_by(&app, who, select).await;
            assert_eq!([&seen["reason"], &seen["events"]["nodes"][0]["reason"]], [&told, &told], "{reason}");
            let seen = undone.seen_by(&app, who, select).await;
            assert_eq!(seen["events"]["nodes"][0]["reason"], told, "{reason} taken back");
        }
        let own = declined.seen_by(&app, &world.intake, select).await;
        assert_eq!(own["events"]["nodes"][0]["reason"], reason, "its own words stay");
        assert_eq!(own["details"]["mayReportBack"], false);
        run(&app, "UPDATE consent SET report_back = TRUE", vec![]).await;
        assert_eq!(declined.seen_by(&app, &world.case_manager, select).await["reason"], reason);
    }
}

async fn a_coordinator_does_not_speak_for_the_person(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, sent) = stage.sent().await;
    days(&app, 1);
    let input = sent.input(json!({ "reason": "PERSON_DECLINED", "personChannel": "PHONE" }));
    assert_eq!(rule(&app, &anew(&app, &world.coordinator), "withdrawReferral", input).await, "INVALID");
}

on_both_engines!(
    who_agrees_anew_is_heard,
    who_runs_under_an_expired_consent_sees_what_the_new_one_says,
    a_receipt_and_an_interruption_end_no_emergency,
    whoever_asks_elsewhere_learns_that_a_need_was_met,
    all_attempts_for_a_need_count,
    what_a_decline_says_of_the_person_is_word_back,
    a_coordinator_does_not_speak_for_the_person,
);
