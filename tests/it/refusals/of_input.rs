//! What a mutation's input can be refused for: one row for each code.

use super::{Row, Try};
use crate::support::app::Persona;
use crate::support::clocked::age;
use crate::support::seed::run;
use crate::support::situations::plan::agreeing;
use crate::support::situations::{Stage, report};
use crate::support::verbs::{Referred, Story, done, key};
use crate::support::world::{World, add_service, gid};
use futures_util::FutureExt as _;
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};
use uuid::Uuid;

fn tries<'a>(who: &'a Persona, mutation: &'static str, input: Value) -> Try<'a> {
    Try { who, mutation, input }
}

/// The provider's intake tries something with a referral.
fn intake<'a>(world: &'a World, mutation: &'static str, referral: &Referred, more: Value) -> Try<'a> {
    tries(&world.intake, mutation, referral.input(more))
}

/// The case manager refers somebody's need to a service and sends it at once.
fn refers<'a>(world: &'a World, story: &Story, service: Uuid) -> Try<'a> {
    tries(&world.case_manager, "createReferral", story.referral(service))
}

macro_rules! row {
    ($code:literal at $field:literal, |$stage:ident| $provoke:expr) => {
        Row { code: $code, field: $field, provoke: |$stage| async move { $provoke }.boxed_local() }
    };
}

/// In the order in which the codes stand in the schema, but for TOO_LATE, which lets time pass and so comes last.
pub const ROWS: &[Row] = &[
    row!("REQUIRED" at "questions", |stage| {
        intake(stage.world, "requestReferralInfo", &stage.sent().await.1, json!({ "questions": [] }))
    }),
    row!("INVALID" at "takenGoalIds", |stage| {
        let (story, sent) = stage.sent().await;
        intake(stage.world, "acceptReferralPartly", &sent, json!({ "takenGoalIds": story.goals }))
    }),
    row!("TOO_LONG" at "note", |stage| {
        let more = json!({ "reason": "OTHER", "note": "x".repeat(2_001) });
        intake(stage.world, "declineReferral", &stage.sent().await.1, more)
    }),
    row!("NOT_FOUND" at "referralId", |stage| {
        let nothing = Referred { id: gid(Kind::Referral, Uuid::new_v4()), version: 1 };
        intake(stage.world, "acceptReferral", &nothing, json!({}))
    }),
    row!("NOT_PERMITTED" at "referralId", |stage| {
        tries(&stage.world.case_manager, "acceptReferral", stage.sent().await.1.input(json!({})))
    }),
    row!("WRONG_STATE" at "referralId", |stage| {
        let begins = json!({ "firstContactOn": "2026-11-25" });
        tries(&stage.world.worker, "startReferralService", stage.sent().await.1.input(begins))
    }),
    row!("STALE_VERSION" at "expectedVersion", |stage| {
        let sent = Referred { version: 7, ..stage.sent().await.1 };
        intake(stage.world, "acceptReferral", &sent, json!({}))
    }),
    row!("ALREADY_EXISTS" at "value", |stage| {
        let alias = json!({ "caseId": stage.story().await.case, "scheme": "dossier", "value": key() });
        done(stage.app, &stage.world.case_manager, "addCaseAlias", alias.clone(), "").await;
        tries(&stage.world.case_manager, "addCaseAlias", alias)
    }),
    row!("CONSENT_MISSING" at "consentId", |stage| refers(stage.world, &stage.unconsented().await, stage.service)),
    row!("CAPACITY_TAKEN" at "referralId", |stage| {
        let full = add_service(stage.app, stage.world.provider, stage.world.district, Some(0)).await;
        let sent = stage.story().await.refer_to(stage.app, &stage.world.case_manager, full).await;
        intake(stage.world, "acceptReferral", &sent, json!({}))
    }),
    row!("SERVICE_STALE" at "serviceId", |stage| {
        let stale = changed(stage, "assured_on = '2026-01-01'").await;
        refers(stage.world, &stage.story().await, stale)
    }),
    row!("SERVICE_CLOSED" at "serviceId", |stage| {
        let closed = changed(stage, "takes_referrals = FALSE").await;
        refers(stage.world, &stage.story().await, closed)
    }),
    row!("INCOMPLETE" at "", |stage| {
        let mut silent = stage.story().await.referral(stage.service);
        silent["personInformed"] = json!(false);
        tries(&stage.world.case_manager, "createReferral", silent)
    }),
    row!("DUPLICATE_REFERRAL" at "serviceId", |stage| refers(stage.world, &stage.sent().await.0, stage.service)),
    row!("NEED_CLOSED" at "needId", |stage| refers(stage.world, &met(stage).await, stage.service)),
    row!("CASE_CLOSED" at "caseId", |stage| {
        let story = met(stage).await;
        done(stage.app, &stage.world.case_manager, "closeCase", closing(&story), "").await;
        refers(stage.world, &story, stage.service)
    }),
    row!("OPEN_REFERRALS" at "caseId", |stage| {
        tries(&stage.world.case_manager, "closeCase", closing(&stage.sent().await.0))
    }),
    row!("REASON_NOT_ALLOWED" at "reason", |stage| {
        intake(stage.world, "declineReferral", &stage.sent().await.1, json!({ "reason": "NO_RESPONSE" }))
    }),
    row!("TEXT_REQUIRED" at "note", |stage| {
        intake(stage.world, "declineReferral", &stage.sent().await.1, json!({ "reason": "OTHER" }))
    }),
    row!("OUTCOME_MISSING" at "outcomes", |stage| {
        let (story, accepted) = stage.accepted().await;
        let mut half = report(&story);
        half["outcomes"].as_array_mut().unwrap().pop();
        tries(&stage.world.worker, "completeReferral", accepted.input(half))
    }),
    row!("DATE_OUT_OF_RANGE" at "firstContactOn", |stage| {
        let tomorrow = json!({ "firstContactOn": "2026-11-26" });
        tries(&stage.world.worker, "startReferralService", stage.accepted().await.1.input(tomorrow))
    }),
    row!("IDEMPOTENCY_CONFLICT" at "idempotencyKey", |stage| {
        let mut input = stage.sent().await.1.input(json!({ "idempotencyKey": key() }));
        done(stage.app, &stage.world.intake, "acknowledgeReferral", input.clone(), "").await;
        input["expectedVersion"] = json!(9);
        tries(&stage.world.intake, "acknowledgeReferral", input)
    }),
    row!("NOT_IN_PROGRAM" at "programId", |stage| {
        let opens = json!({ "programId": gid(Kind::Program, stage.world.program), "ageBand": "FROM_25_TO_39" });
        tries(&stage.world.outsider, "openCase", opens)
    }),
    row!("ASKED_TOO_OFTEN" at "referralId", |stage| {
        let (_, mut referral) = stage.sent().await;
        let asks = json!({ "questions": ["which school"] });
        for _ in 0..2 {
            let asked = referral.act(stage.app, &stage.world.intake, "requestReferralInfo", asks.clone()).await;
            let answers = json!({ "answers": [{ "number": 1, "text": "the one by the river" }] });
            referral = asked.act(stage.app, &stage.world.case_manager, "answerReferralInfo", answers).await;
        }
        intake(stage.world, "requestReferralInfo", &referral, asks)
    }),
    row!("NOT_OFFERED_BY_SERVICE" at "referralId", |stage| {
        intake(stage.world, "waitlistReferral", &stage.sent().await.1, json!({ "reviewOn": "2026-12-01" }))
    }),
    row!("MEMBER_UNSUITABLE" at "memberId", |stage| {
        let elsewhere = json!({ "memberId": gid(Kind::Member, stage.world.case_manager.id) });
        intake(stage.world, "assignReferral", &stage.sent().await.1, elsewhere)
    }),
    row!("NOT_AGREED" at "planId", |stage| {
        tries(&stage.world.case_manager, "activatePlan", stage.drafted().await.1.input(json!({})))
    }),
    row!("NOT_NOW" at "planId", |stage| {
        let (_, plan) = stage.active().await;
        tries(&stage.world.case_manager, "agreePlan", agreeing(&plan))
    }),
    row!("AGREEMENT_MISSING" at "consentId", |stage| {
        let story = stage.story().await;
        let named = json!({ "caseId": story.case, "expectedVersion": 3, "givenName": "CANARY-GIVEN" });
        done(stage.app, &stage.world.case_manager, "setPerson", named, "").await;
        let consents = json!({ "caseId": story.case, "expectedVersion": 4,
            "receiverId": gid(Kind::Organization, stage.world.provider),
            "fields": ["CASE_IDENTIFIER", "NEED", "URGENCY", "GIVEN_NAME"], "method": "VERBAL", "language": "fr",
            "noticeVersion": "2026-1", "givenOn": "2026-11-25" });
        stage.app.clock.advance(jiff::SignedDuration::from_secs(1));
        done(stage.app, &stage.world.case_manager, "recordConsent", consents, "").await;
        refers(stage.world, &story, stage.service)
    }),
    row!("REVIEW_REQUIRED" at "programId", |stage| {
        let program = gid(Kind::Program, stage.world.program);
        let rules = json!({ "programId": program, "expectedVersion": 0, "needsReview": true });
        done(stage.app, &stage.world.coordinator, "setProgramDirectoryRules", rules, "").await;
        let direct = json!({ "name": "Loans", "language": "en", "programId": program });
        tries(&stage.world.editor, "publishService", direct)
    }),
    row!("LAST_ADMINISTRATOR" at "memberId", |stage| {
        let administrator = &stage.world.administrator;
        let own = json!({ "memberId": gid(Kind::Member, administrator.id), "expectedVersion": 1 });
        tries(administrator, "endMember", own)
    }),
    row!("TOO_LATE" at "referralId", |stage| {
        let (_, accepted) = stage.accepted().await;
        age(stage.app, 25);
        intake(stage.world, "unacceptReferral", &accepted, json!({ "reason": "NO_CAPACITY" }))
    }),
];

/// Another service of the provider, with something changed.
async fn changed(stage: &Stage<'_>, what: &str) -> Uuid {
    let service = add_service(stage.app, stage.world.provider, stage.world.district, None).await;
    run(stage.app, &format!("UPDATE service SET {what} WHERE id = $1"), vec![service.into()]).await;
    service
}

/// A case whose one need is met by a referral.
async fn met(stage: &Stage<'_>) -> Story {
    let (story, completed) = stage.completed().await;
    completed.act(stage.app, &stage.world.case_manager, "closeReferralLoop", json!({ "meaning": "MET" })).await;
    story
}

fn closing(story: &Story) -> Value {
    json!({ "caseId": story.case, "expectedVersion": 3, "reason": "GOALS_MET" })
}
