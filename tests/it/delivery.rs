//! After an acceptance: interruptions, planned ends, progress, early ends.

use crate::parts::each_alone;
use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::taken;
use crate::support::situations::delivery::{ROWS, interruption, objection};
use crate::support::situations::{Stage, outcome, report};
use crate::support::verbs::{Referred, rule, tried};
use crate::support::world::World;
use futures_util::future::join_all;
use jiff::SignedDuration;
use passerelle::domain::global_id::decode;
use serde_json::{Value, json};
use tokio::sync::Barrier;

/// The same person with a token of the present.
pub fn anew(app: &TestApp, who: &Persona) -> Persona {
    let token = app.token(who.id, who.organization, passerelle::token::Kind::Member, 0, 0);
    Persona { token: Some(token), ..who.clone() }
}

/// Lets days pass.
pub fn days(app: &TestApp, days: i64) {
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
    stage.accepted().await; // Another's place, which stays taken.
    let (story, begun) = stage.begun().await;
    let bare = begun.input(json!({ "reason": "PERSON_MOVED" }));
    assert_eq!(rule(&app, &world.worker, "endReferralEarly", bare).await, "OUTCOME_MISSING");
    let unfit = begun.input(json!({ "reason": "NO_RESPONSE" }));
    assert_eq!(rule(&app, &world.worker, "endReferralEarly", unfit).await, "REASON_NOT_ALLOWED");
    assert_eq!((taken(&app, stage.service, None).await, grants(&app, &begun).await), (2, 1));
    let why = json!({ "reason": "PERSON_MOVED", "outcomes": report(&story)["outcomes"] });
    let ended = begun.act(&app, &world.worker, "endReferralEarly", why).await;
    let seen = ended.seen_by(&app, &world.case_manager, "status reason goals { result } nextDueAt endedAt").await;
    assert_eq!((&seen["status"], &seen["reason"]), (&json!("ENDED_EARLY"), &json!("PERSON_MOVED")));
    assert_eq!(seen["goals"], json!([{ "result": "ACHIEVED" }, { "result": "ACHIEVED" }]));
    assert_eq!((taken(&app, stage.service, None).await, grants(&app, &ended).await), (1, 0));
    ended.act(&app, &world.case_manager, "closeReferralLoop", json!({ "meaning": "PARTLY_MET" })).await;

    let (_, held) = stage.held().await;
    let ended = held.act(&app, &world.coordinator, "endReferralEarly", json!({ "reason": "FUNDING_ENDED" })).await;
    assert_eq!((taken(&app, stage.service, None).await, grants(&app, &ended).await), (1, 0));
    let seen = ended.seen_by(&app, &world.case_manager, "status hold { since } goals { result }").await;
    assert_eq!(
        seen,
        json!({ "status": "ENDED_EARLY", "hold": null, "goals": [{ "result": null }, { "result": null }] })
    );
}

/// However many end a referral at once, one does, and one place is given back.
async fn of_those_who_end_it_at_once_one_frees_one_place(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    for _ in 0..2 {
        stage.accepted().await;
    }
    let (story, accepted) = stage.accepted().await;
    let (why, barrier) = (json!({ "reason": "FUNDING_ENDED" }), Barrier::new(6));
    let asked = (0..6).map(async |at| {
        let (who, mutation, more) = match at % 3 {
            0 => (&world.worker, "endReferralEarly", why.clone()),
            1 => (&world.coordinator, "endReferralEarly", why.clone()),
            _ => (&world.worker, "completeReferral", report(&story)),
        };
        barrier.wait().await;
        outcome(&app, who, mutation, accepted.input(more)).await
    });
    let codes = join_all(asked).await;
    assert_eq!(codes.iter().filter(|code| *code == "ok").count(), 1, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| *code == "STALE_VERSION").count(), 5, "{codes:?}");
    assert_eq!((taken(&app, stage.service, None).await, grants(&app, &accepted).await), (2, 0));
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

on_both_engines!(
    an_interruption_moves_the_deadline_that_ran,
    an_interruption_needs_a_fitting_reason_and_an_early_review,
    an_outcome_is_due_after_the_planned_end_or_after_ninety_days,
    progress_never_exceeds_its_plan_and_never_goes_back_unplanned,
    an_early_end_scores_what_had_begun_and_gives_the_place_back,
    of_those_who_end_it_at_once_one_frees_one_place,
    each_field_says_the_same_alone,
);
