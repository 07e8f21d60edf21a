//! Questions of the receiver: the decision clock stands still, and only the two sides read the texts.

use super::{again, later};
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::run;
use crate::support::situations::Stage;
use crate::support::situations::decision::{answers, questions};
use crate::support::verbs::{rule, tried};
use crate::support::world::World;
use serde_json::{Value, json};

const CLOCK: &str = "status isPaused pausedSeconds decideDueAt nextDueAt";
const TEXTS: &str = "infoRequests { round number question askedAt answer answeredAt }";

async fn a_question_pauses_the_decision_and_its_answer_moves_the_deadline(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, asked) = stage.asked().await;
    let seen = asked.seen_by(&app, &world.case_manager, CLOCK).await;
    let expected = json!({ "status": "INFO_REQUESTED", "isPaused": true, "pausedSeconds": 0,
        "decideDueAt": "2026-12-09T09:00:00Z", "nextDueAt": "2026-12-02T09:00:00Z" });
    assert_eq!(seen, expected);
    let [manager, intake] = later(&app, 48, [&world.case_manager, &world.intake]);
    let seen = asked.seen_by(&app, &intake, CLOCK).await;
    assert_eq!(seen["decideDueAt"], json!("2026-12-11T09:00:00Z"), "it stands still while the answer is awaited");
    let answered = asked.act(&app, &manager, "answerReferralInfo", answers()).await;
    let seen = answered.seen_by(&app, &intake, CLOCK).await;
    let expected = json!({ "status": "ACKNOWLEDGED", "isPaused": false, "pausedSeconds": 172_800,
        "decideDueAt": "2026-12-11T09:00:00Z", "nextDueAt": "2026-12-11T09:00:00Z" });
    assert_eq!(seen, expected);
    let second = answered.act(&app, &intake, "requestReferralInfo", json!({ "questions": ["How?"] })).await;
    let [manager, intake] = later(&app, 24 * 20, [&world.case_manager, &world.intake]);
    let one = json!({ "answers": [{ "number": 1, "text": "By bus" }] });
    let answered = second.act(&app, &manager, "answerReferralInfo", one).await;
    let seen = answered.seen_by(&app, &intake, CLOCK).await;
    assert_eq!(seen["pausedSeconds"], json!(9 * 86_400), "a pause counts seven days at the most");
    assert_eq!(seen["decideDueAt"], json!("2026-12-18T09:00:00Z"));
    let third = answered.input(json!({ "questions": ["And?"] }));
    assert_eq!(rule(&app, &intake, "requestReferralInfo", third).await, "ASKED_TOO_OFTEN");
    let seen = answered.seen_by(&app, &intake, "availableActions { mutation unavailableBecause }").await;
    let actions = seen["availableActions"].as_array().unwrap();
    let ask = actions.iter().find(|action| action["mutation"] == "requestReferralInfo").unwrap();
    assert_eq!(ask["unavailableBecause"], json!("LIMIT"));
}

async fn only_the_two_sides_read_what_is_asked_and_answered(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, asked) = stage.asked().await;
    let answered = asked.act(&app, &world.case_manager, "answerReferralInfo", answers()).await;
    let (one, two) = (json!("CANARY-QUESTION which school"), json!("CANARY-QUESTION since when"));
    let (river, may) = (json!("CANARY-ANSWER the one by the river"), json!("CANARY-ANSWER since May"));
    let told = |number: i32, question: &Value, answer: &Value| {
        json!({ "round": 1, "number": number, "question": question, "askedAt": "2026-11-25T09:00:00Z",
                "answer": answer, "answeredAt": "2026-11-25T09:00:00Z" })
    };
    let texts = json!([told(1, &one, &river), told(2, &two, &may)]);
    for who in [&world.case_manager, &world.intake] {
        assert_eq!(answered.seen_by(&app, who, TEXTS).await["infoRequests"], texts);
    }
    assert_eq!(answered.seen_by(&app, &world.coordinator, TEXTS).await["infoRequests"], json!([]));
    let sealed = "referral_question WHERE question_sealed LIKE '%CANARY%' OR answer_sealed LIKE '%CANARY%'";
    assert_eq!((app.count("referral_question").await, app.count(sealed).await), (2, 0));
    let ended = answered.act(&app, &world.intake, "declineReferral", json!({ "reason": "NO_CAPACITY" })).await;
    let seen = ended.seen_by(&app, &world.intake, TEXTS).await;
    assert_eq!(seen["infoRequests"][0], told(1, &Value::Null, &Value::Null), "the window has closed");
    assert_eq!(ended.seen_by(&app, &world.case_manager, TEXTS).await["infoRequests"], texts);
}

async fn every_question_is_answered_and_no_other(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (manager, (_, asked)) = (&world.case_manager, stage.asked().await);
    let one = asked.input(json!({ "answers": [{ "number": 1, "text": "Here" }] }));
    let told = tried(&app, manager, "answerReferralInfo", one, "").await["userErrors"][0].clone();
    assert_eq!((&told["code"], &told["missing"]), (&json!("INCOMPLETE"), &json!(["QUESTION_2"])));
    for (answers, code) in [
        (json!([{ "number": 3, "text": "Here" }]), "NOT_FOUND"),
        (json!([{ "number": 1, "text": " " }]), "REQUIRED"),
        (json!([{ "number": 1, "text": "a".repeat(501) }]), "TOO_LONG"),
        (json!([{ "number": 1, "text": "a" }, { "number": 1, "text": "b" }]), "INVALID"),
        (json!([]), "INCOMPLETE"),
    ] {
        let input = asked.input(json!({ "answers": answers }));
        assert_eq!(rule(&app, manager, "answerReferralInfo", input).await, code);
    }
    assert_eq!(app.count("referral_question WHERE answer_sealed IS NOT NULL").await, 0);
    let (_, sent) = stage.sent().await;
    for (questions, code) in [
        (json!([]), "REQUIRED"),
        (json!(["  "]), "REQUIRED"),
        (json!(["a".repeat(501)]), "TOO_LONG"),
        (json!(vec!["a"; 11]), "TOO_LONG"),
    ] {
        let input = sent.input(json!({ "questions": questions }));
        assert_eq!(rule(&app, &world.intake, "requestReferralInfo", input).await, code);
    }
}

async fn nothing_is_answered_under_a_consent_that_is_over(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let ended = (1_i64, None::<String>);
    let expired = (0, Some("2026-11-24".to_owned()));
    for (ended_at, expires_on) in [ended, expired] {
        let (_, asked) = stage.asked().await;
        let end = Some(ended_at).filter(|at| *at > 0);
        run(&app, "UPDATE consent SET ended_at = $1, expires_on = $2", vec![end.into(), expires_on.into()]).await;
        let code = rule(&app, &world.case_manager, "answerReferralInfo", asked.input(answers())).await;
        assert_eq!(code, "CONSENT_MISSING");
        run(&app, "UPDATE consent SET ended_at = NULL, expires_on = NULL", vec![]).await;
        asked.act(&app, &world.case_manager, "answerReferralInfo", answers()).await;
    }
}

/// A pause that ends with the referral is kept too.
async fn who_declines_while_waiting_for_an_answer_ends_the_pause(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, sent) = stage.sent().await;
    let asked = sent.act(&app, &world.intake, "requestReferralInfo", questions()).await;
    let [intake] = later(&app, 1, [&world.intake]);
    let ended = asked.act(&app, &intake, "declineReferral", json!({ "reason": "INCOMPLETE_INFO" })).await;
    let seen = ended.seen_by(&app, &again(&app, &world.case_manager), "pausedSeconds isPaused").await;
    assert_eq!(seen, json!({ "pausedSeconds": 3_600, "isPaused": false }));
}

on_both_engines!(
    a_question_pauses_the_decision_and_its_answer_moves_the_deadline,
    only_the_two_sides_read_what_is_asked_and_answered,
    every_question_is_answered_and_no_other,
    nothing_is_answered_under_a_consent_that_is_over,
    who_declines_while_waiting_for_an_answer_ends_the_pause,
);
