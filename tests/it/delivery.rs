//! After an acceptance: interruptions, planned ends, progress, early ends, requests to stop.

use crate::parts::each_alone;
use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::{run, taken};
use crate::support::situations::delivery::{ROWS, interruption, objection};
use crate::support::situations::{Stage, outcome, report};
use crate::support::verbs::{Referred, rule, tried};
use crate::support::world::World;
use jiff::SignedDuration;
use passerelle::domain::global_id::decode;
use serde_json::{Value, json};

/// The same person with a token of the present.
pub fn anew(app: &TestApp, who: &Persona) -> Persona {
    let token = app.token(who.id, who.organization, passerelle::token::Kind::Member, 0, 0);
    Persona { token: Some(token), ..who.clone() }
}

/// Lets days pass.
fn days(app: &TestApp, days: i64) {
    app.clock.advance(SignedDuration::from_hours(24 * days));
}

/// The open grants of a referral.
pub async fn grants(app: &TestApp, referral: &Referred) -> i64 {
    let key = decode(&referral.id).unwrap().1;
    let text = "SELECT count(*) AS total FROM access_grant WHERE cause_id = $1 AND until_at IS NULL";
    app.app.store.rows(text, vec![key.into()]).await.unwrap()[0].try_get("", "total").unwrap()
}

/// Kinds and roles of what an organization must act on, in order.
pub async fn must_act(app: &TestApp, who: &Persona) -> Vec<(String, String)> {
    let text = "SELECT kind, role FROM notification WHERE organization_id = $1 AND must_act ORDER BY id";
    let rows = app.app.store.rows(text, vec![who.organization.into()]).await.unwrap();
    rows.iter().map(|row| (row.try_get("", "kind").unwrap(), row.try_get("", "role").unwrap())).collect()
}

async fn an_interruption_moves_the_deadline_that_ran(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, accepted) = stage.accepted().await;
    let select = "status contactDueAt outcomeDueAt nextDueAt hold { since reason note reviewDueAt resumesTo }";
    let before = accepted.seen_by(&app, &world.case_manager, select).await;
    assert_eq!(before["nextDueAt"], "2026-12-09T09:00:00Z");
    let held = accepted.act(&app, &world.worker, "holdReferral", interruption()).await;
    let seen = held.seen_by(&app, &world.case_manager, select).await;
    assert_eq!((&seen["status"], &seen["nextDueAt"]), (&json!("ON_HOLD"), &json!("2026-12-10T00:00:00Z")));
    let hold = json!({ "since": "2026-11-25T09:00:00Z", "reason": "PERSON_UNREACHABLE", "note": "CANARY-HOLD away",
                       "reviewDueAt": "2026-12-10T00:00:00Z", "resumesTo": "ACCEPTED" });
    assert_eq!(seen["hold"], hold);
    let coordinator = held.seen_by(&app, &world.coordinator, "hold { reason note }").await;
    assert_eq!(coordinator["hold"], json!({ "reason": "PERSON_UNREACHABLE", "note": null }));
    assert_eq!(taken(&app, stage.service, None).await, 1, "the place stays taken");
    days(&app, 3);
    let worker = anew(&app, &world.worker);
    let resumed = held.act(&app, &worker, "resumeReferral", json!({})).await;
    let seen = resumed.seen_by(&app, &worker, select).await;
    assert_eq!((&seen["status"], &seen["hold"]), (&json!("ACCEPTED"), &Value::Null));
    assert_eq!((&seen["contactDueAt"], &seen["nextDueAt"]), (&json!("2026-12-12T09:00:00Z"), &seen["contactDueAt"]));

    let begun = resumed.act(&app, &worker, "startReferralService", json!({ "firstContactOn": "2026-11-28" })).await;
    let held = begun.act(&app, &worker, "holdReferral", interruption()).await;
    days(&app, 2);
    let resumed = held.act(&app, &anew(&app, &worker), "resumeReferral", json!({})).await;
    let seen = resumed.seen_by(&app, &anew(&app, &worker), select).await;
    assert_eq!((&seen["status"], &seen["nextDueAt"]), (&json!("IN_SERVICE"), &json!("2027-02-28T09:00:00Z")));
    assert_eq!(seen["contactDueAt"], "2026-12-12T09:00:00Z", "what did not run does not move");
}

async fn an_interruption_needs_a_fitting_reason_and_an_early_review(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (_, accepted) = Stage::set(&app, &world).await.accepted().await;
    for (field, value, code) in [
        ("reviewOn", json!("2026-11-25"), "DATE_OUT_OF_RANGE"),
        ("reviewOn", json!("2026-12-26"), "DATE_OUT_OF_RANGE"),
        ("reason", json!("DUPLICATE"), "REASON_NOT_ALLOWED"),
        ("reason", json!("DECEASED"), "REASON_NOT_ALLOWED"),
    ] {
        let mut input = accepted.input(interruption());
        input[field] = value.clone();
        assert_eq!(rule(&app, &world.worker, "holdReferral", input).await, code, "{field} {value}");
    }
    let bare = accepted.input(json!({ "reason": "OTHER", "reviewOn": "2026-12-25" }));
    assert_eq!(rule(&app, &world.worker, "holdReferral", bare).await, "TEXT_REQUIRED");
    let latest = json!({ "reason": "FUNDING_ENDED", "reviewOn": "2026-12-25" });
    accepted.act(&app, &world.worker, "holdReferral", latest).await;
}

async fn an_outcome_is_due_after_the_planned_end_or_after_ninety_days(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let select = "plannedEndOn outcomeDueAt nextDueAt";
    for (accepting, starting, end, due) in [
        (json!({}), json!({}), Value::Null, "2027-02-23T09:00:00Z"),
        (json!({ "plannedEndOn": "2027-05-31" }), json!({}), json!("2027-05-31"), "2027-06-15T00:00:00Z"),
        (
            json!({ "plannedEndOn": "2027-05-31" }),
            json!({ "plannedEndOn": "2026-11-25" }),
            json!("2026-11-25"),
            "2026-12-10T00:00:00Z",
        ),
    ] {
        let (_, sent) = stage.sent().await;
        let accepted = sent.act(&app, &world.intake, "acceptReferral", accepting).await;
        let mut starting = accepted.input(starting);
        starting["firstContactOn"] = json!("2026-11-25");
        let select = format!("referral {{ {select} }}");
        let payload = tried(&app, &world.worker, "startReferralService", starting, &select).await;
        assert_eq!(payload["referral"], json!({ "plannedEndOn": end, "outcomeDueAt": due, "nextDueAt": due }));
    }
    let (_, sent) = stage.sent().await;
    for day in ["2026-11-24", "2032-01-01"] {
        let input = sent.input(json!({ "plannedEndOn": day }));
        assert_eq!(rule(&app, &world.intake, "acceptReferral", input).await, "DATE_OUT_OF_RANGE", "{day}");
    }
}

async fn progress_never_exceeds_its_plan_and_never_goes_back_unplanned(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, mut referral) = stage.begun().await;
    for (more, answer) in [
        (json!({ "done": 1 }), "REQUIRED"),
        (json!({ "done": 11, "planned": 10 }), "INVALID"),
        (json!({ "done": -1, "planned": 10 }), "INVALID"),
        (json!({ "done": 0, "planned": 0 }), "INVALID"),
        (json!({ "done": 8, "planned": 10, "note": "CANARY-PROGRESS often late" }), "ok"),
        (json!({ "done": 7 }), "INVALID"),
        (json!({ "done": 7, "planned": 6 }), "INVALID"),
        (json!({ "done": 9 }), "ok"),
        (json!({ "done": 6, "planned": 6, "plannedEndOn": "2026-12-31" }), "ok"),
        (json!({ "done": 6, "plannedEndOn": "2026-11-24" }), "DATE_OUT_OF_RANGE"),
    ] {
        let got = outcome(&app, &world.worker, "reportReferralProgress", referral.input(more.clone())).await;
        assert_eq!(got, answer, "{more}");
        referral.version += i64::from(got == "ok");
    }
    let select = "status outcomeDueAt progress { done planned ratio reportedAt note }
                  events { nodes { kind progressDone progressPlanned } }";
    let seen = referral.seen_by(&app, &world.case_manager, select).await;
    let last =
        json!({ "done": 6, "planned": 6, "ratio": 1.0, "reportedAt": "2026-11-25T09:00:00Z", "note": Value::Null });
    assert_eq!((&seen["status"], &seen["progress"]), (&json!("IN_SERVICE"), &last));
    assert_eq!(seen["outcomeDueAt"], "2027-01-15T00:00:00Z");
    let steps = |seen: &Value| -> Vec<Value> {
        let events = seen["events"]["nodes"].as_array().unwrap().iter();
        let reports = events.filter(|event| event["kind"] == "reportReferralProgress");
        reports.map(|event| json!([event["progressDone"], event["progressPlanned"]])).collect()
    };
    assert_eq!(steps(&seen), [json!([8, 10]), json!([9, 10]), json!([6, 6])], "every report stays");
    let coordinator = referral.seen_by(&app, &world.coordinator, select).await;
    assert_eq!(coordinator["progress"], Value::Null, "for sender and receiver");
    assert_eq!(steps(&coordinator), vec![json!([null, null]); 3]);
}

async fn an_early_end_scores_what_had_begun_and_gives_the_place_back(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, begun) = stage.begun().await;
    let bare = begun.input(json!({ "reason": "PERSON_MOVED" }));
    assert_eq!(rule(&app, &world.worker, "endReferralEarly", bare).await, "OUTCOME_MISSING");
    let unfit = begun.input(json!({ "reason": "NO_RESPONSE" }));
    assert_eq!(rule(&app, &world.worker, "endReferralEarly", unfit).await, "REASON_NOT_ALLOWED");
    assert_eq!((taken(&app, stage.service, None).await, grants(&app, &begun).await), (1, 1));
    let why = json!({ "reason": "PERSON_MOVED", "outcomes": report(&story)["outcomes"] });
    let ended = begun.act(&app, &world.worker, "endReferralEarly", why).await;
    let seen = ended.seen_by(&app, &world.case_manager, "status reason goals { result } nextDueAt endedAt").await;
    assert_eq!((&seen["status"], &seen["reason"]), (&json!("ENDED_EARLY"), &json!("PERSON_MOVED")));
    assert_eq!(seen["goals"], json!([{ "result": "ACHIEVED" }, { "result": "ACHIEVED" }]));
    assert_eq!((taken(&app, stage.service, None).await, grants(&app, &ended).await), (0, 0));
    ended.act(&app, &world.case_manager, "closeReferralLoop", json!({ "meaning": "PARTLY_MET" })).await;

    let (_, held) = stage.held().await;
    let ended = held.act(&app, &world.coordinator, "endReferralEarly", json!({ "reason": "FUNDING_ENDED" })).await;
    assert_eq!((taken(&app, stage.service, None).await, grants(&app, &ended).await), (0, 0));
    let seen = ended.seen_by(&app, &world.case_manager, "status hold { since } goals { result }").await;
    assert_eq!(
        seen,
        json!({ "status": "ENDED_EARLY", "hold": null, "goals": [{ "result": null }, { "result": null }] })
    );
}

/// What befell a referral is the same asked for alone as beside all others.
async fn each_field_says_the_same_alone(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, begun) = stage.begun().await;
    let progress = json!({ "done": 1, "planned": 2, "note": "CANARY-PROGRESS", "plannedEndOn": "2027-01-01" });
    let referral = begun.act(&app, &world.worker, "reportReferralProgress", progress).await;
    let referral = referral.act(&app, &world.worker, "holdReferral", interruption()).await;
    let why = json!({ "reason": "REMIGRATED", "note": "CANARY-CANCEL" });
    let referral = referral.act(&app, &world.case_manager, "requestReferralCancellation", why).await;
    let referral = referral.act(&app, &world.provider_supervisor, "contestReferralCancellation", objection()).await;
    referral.act(&app, &world.coordinator, "voidReferral", json!({ "reason": "TEST_RECORD" })).await;
    let wrap = |selection: &str| format!("{{ referrals(first: 1) {{ nodes {{ {selection} }} }} }}");
    for who in [&world.case_manager, &world.worker, &world.coordinator] {
        each_alone(&app, who, "Referral", wrap, "/referrals/nodes/0").await;
    }
    stage.decided().await;
    for who in [&world.case_manager, &world.worker, &world.coordinator] {
        each_alone(&app, who, "Referral", wrap, "/referrals/nodes/0").await;
    }
}

/// What the actions of a referral announce is what the commands do, for everybody in every situation of this area.
#[tokio::test]
async fn every_step_is_announced_to_whom_may_take_it() {
    let app = TestApp::start(Engine::Sqlite).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    for row in ROWS {
        for (name, who) in world.everybody().into_iter().filter(|(_, who)| who.token.is_some()) {
            let input = (row.prepare)(&stage).await;
            let id = input.get("referralId").or(input.get("previousId")).unwrap().as_str().unwrap().to_owned();
            let referral = Referred { id, version: 0 };
            let seen = referral.seen_by(&app, &who, "availableActions { mutation isAvailable }").await;
            let actions = seen["availableActions"].as_array().cloned().unwrap_or_default();
            let action = actions.iter().find(|action| action["mutation"] == row.mutation);
            let announced = action.is_some_and(|action| action["isAvailable"] == true);
            let counts = traces(&app).await;
            let got = outcome(&app, &who, row.mutation, input).await;
            assert_eq!(announced, got == "ok", "{name}: {} ({}) gave {got}", row.mutation, row.situation);
            let made = traces(&app).await.iter().zip(&counts).map(|(now, before)| now - before).collect::<Vec<_>>();
            assert_eq!(made, vec![i64::from(announced); 3], "one event, audit row and outbox row: {}", row.mutation);
        }
    }
}

/// Events, allowing audit rows, outbox rows.
async fn traces(app: &TestApp) -> Vec<i64> {
    let mut counts = Vec::new();
    for from in ["event", "audit WHERE decision = 'ALLOW'", "outbox"] {
        counts.push(app.count(from).await);
    }
    counts
}

async fn a_receiver_agrees_to_stop_and_says_what_was_delivered(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, asked) = stage.asked_to_stop().await;
    let select = "status nextDueAt cancellation { askedAt by reason note dueAt contestedAt }";
    let seen = asked.seen_by(&app, &world.case_manager, select).await;
    let told = json!({ "askedAt": "2026-11-25T09:00:00Z", "by": "SENDER_WORKER", "reason": "OTHER",
        "note": "CANARY-CANCEL moves away", "dueAt": "2026-11-28T09:00:00Z", "contestedAt": null });
    assert_eq!((&seen["cancellation"], &seen["nextDueAt"]), (&told, &told["dueAt"]));
    let seen = asked.seen_by(&app, &world.worker, "cancellation { reason note }").await;
    assert_eq!(seen["cancellation"], json!({ "reason": "OTHER", "note": null }), "the text is the sender's");
    let worker = &world.worker;
    let confirm = |more: Value| rule(&app, worker, "confirmReferralCancellation", asked.input(more));
    assert_eq!(confirm(json!({})).await, "OUTCOME_MISSING");
    let both = json!({ "nothingDelivered": true, "outcomes": report(&story)["outcomes"] });
    assert_eq!(confirm(both).await, "INVALID");
    assert_eq!(rule(&app, worker, "completeReferral", asked.input(report(&story))).await, "WRONG_STATE");
    let delivered = json!({ "outcomes": report(&story)["outcomes"] });
    let ended = asked.act(&app, worker, "confirmReferralCancellation", delivered).await;
    assert_eq!((taken(&app, stage.service, None).await, grants(&app, &ended).await), (0, 0));
    let select = "status reason goals { result } events(last: 1) { nodes { kind reason } }";
    let seen = ended.seen_by(&app, &world.case_manager, select).await;
    let last = json!([{ "kind": "confirmReferralCancellation", "reason": "OTHER" }]);
    assert_eq!(
        (&seen["status"], &seen["reason"], &seen["events"]["nodes"]),
        (&json!("WITHDRAWN"), &json!("OTHER"), &last)
    );
    ended.act(&app, &world.case_manager, "closeReferralLoop", json!({ "meaning": "PARTLY_MET" })).await;
}

async fn a_person_may_ask_to_stop_and_nothing_may_have_been_delivered(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, accepted) = stage.accepted().await;
    let why = json!({ "reason": "PERSON_DECLINED", "personChannel": "PHONE" });
    let asked = accepted.act(&app, &world.case_manager, "requestReferralCancellation", why).await;
    let seen = asked.seen_by(&app, &world.coordinator, "cancellation { by }").await;
    assert_eq!(seen["cancellation"]["by"], "PERSON");
    let channels = app.count("event WHERE channel = 'PHONE' AND acting_role = 'PERSON'").await;
    assert_eq!(channels, 1);
    let none = json!({ "nothingDelivered": true });
    let ended = asked.act(&app, &world.worker, "confirmReferralCancellation", none).await;
    let met = ended.input(json!({ "meaning": "MET" }));
    assert_eq!(rule(&app, &world.case_manager, "closeReferralLoop", met).await, "INVALID", "nothing was delivered");
    assert_eq!((taken(&app, stage.service, None).await, grants(&app, &ended).await), (0, 0));
}

async fn a_contested_interruption_comes_back_to_where_it_was(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, begun) = stage.begun().await;
    let held = begun.act(&app, &world.worker, "holdReferral", interruption()).await;
    let why = json!({ "reason": "REMIGRATED" });
    let asked = held.act(&app, &world.coordinator, "requestReferralCancellation", why.clone()).await;
    let seen = asked.seen_by(&app, &world.worker, "hold { resumesTo }").await;
    assert_eq!(seen["hold"]["resumesTo"], "IN_SERVICE");
    days(&app, 1);
    let (supervisor, coordinator) = (anew(&app, &world.provider_supervisor), anew(&app, &world.coordinator));
    let contested = asked.act(&app, &supervisor, "contestReferralCancellation", objection()).await;
    let select = "status nextDueAt hold { resumesTo } cancellation { contestedAt statement dueAt }";
    let seen = contested.seen_by(&app, &supervisor, select).await;
    assert_eq!((&seen["status"], &seen["hold"]["resumesTo"]), (&json!("ON_HOLD"), &json!("IN_SERVICE")));
    assert_eq!(seen["nextDueAt"], "2026-12-10T00:00:00Z", "the review is due again");
    let told = json!({ "contestedAt": "2026-11-26T09:00:00Z", "dueAt": "2026-12-01T09:00:00Z",
        "statement": "CANARY-STATEMENT wants to finish the course" });
    assert_eq!(seen["cancellation"], told);
    let acts = must_act(&app, &coordinator).await;
    assert_eq!(acts, [("CANCELLATION_CONTESTED".to_owned(), "COORDINATOR".to_owned())]);
    let again = rule(&app, &coordinator, "requestReferralCancellation", contested.input(why)).await;
    assert_eq!(again, "WRONG_STATE", "first the coordinator decides");
    let going_on = json!({ "decision": "CONTINUE" });
    let decided = contested.act(&app, &coordinator, "decideReferralContest", going_on).await;
    let seen = decided.seen_by(&app, &supervisor, select).await;
    assert_eq!((&seen["status"], &seen["cancellation"]["contestedAt"]), (&json!("ON_HOLD"), &Value::Null));
    let resumed = decided.act(&app, &supervisor, "resumeReferral", json!({})).await;
    let seen = resumed.seen_by(&app, &supervisor, select).await;
    assert_eq!((&seen["status"], &seen["hold"]), (&json!("IN_SERVICE"), &Value::Null));
    assert_eq!(seen["nextDueAt"], "2027-02-24T09:00:00Z", "moved by the whole interruption");
    assert_eq!((taken(&app, stage.service, None).await, grants(&app, &resumed).await), (1, 1));
}

async fn a_coordinator_may_stop_what_is_contested(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, contested) = stage.contested().await;
    let stop = contested.input(json!({ "decision": "STOP" }));
    assert_eq!(rule(&app, &world.coordinator, "decideReferralContest", stop).await, "OUTCOME_MISSING");
    let stop = json!({ "decision": "STOP", "outcomes": report(&story)["outcomes"] });
    let ended = contested.act(&app, &world.coordinator, "decideReferralContest", stop).await;
    let seen = ended.seen_by(&app, &world.worker, "status reason cancellation { dueAt }").await;
    assert_eq!(seen, json!({ "status": "ENDED_EARLY", "reason": "OTHER", "cancellation": { "dueAt": null } }));
    assert_eq!((taken(&app, stage.service, None).await, grants(&app, &ended).await), (0, 0));
}

async fn nothing_is_contested_without_consent(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (_, asked) = Stage::set(&app, &world).await.asked_to_stop().await;
    let supervisor = &world.provider_supervisor;
    let mute = asked.input(json!({ "statement": " " }));
    assert_eq!(rule(&app, supervisor, "contestReferralCancellation", mute).await, "REQUIRED");
    run(&app, "UPDATE consent SET ended_at = 1", vec![]).await;
    let input = asked.input(objection());
    assert_eq!(rule(&app, supervisor, "contestReferralCancellation", input).await, "CONSENT_MISSING");
    asked.act(&app, &world.worker, "confirmReferralCancellation", json!({ "nothingDelivered": true })).await;
}

on_both_engines!(
    an_interruption_moves_the_deadline_that_ran,
    an_interruption_needs_a_fitting_reason_and_an_early_review,
    an_outcome_is_due_after_the_planned_end_or_after_ninety_days,
    progress_never_exceeds_its_plan_and_never_goes_back_unplanned,
    an_early_end_scores_what_had_begun_and_gives_the_place_back,
    a_receiver_agrees_to_stop_and_says_what_was_delivered,
    a_person_may_ask_to_stop_and_nothing_may_have_been_delivered,
    a_contested_interruption_comes_back_to_where_it_was,
    a_coordinator_may_stop_what_is_contested,
    nothing_is_contested_without_consent,
    each_field_says_the_same_alone,
);
