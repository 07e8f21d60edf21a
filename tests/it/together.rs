//! Several things done for one person at once: results of parallel referrals, and what is closed or taken back while
//! something is begun.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::run;
use crate::support::situations::consent::withdrawal;
use crate::support::situations::decision::{answers, questions};
use crate::support::situations::{Stage, answer, code, report};
use crate::support::verbs::{Referred, Story, done, rule, text, tried};
use crate::support::world::{World, add_service, gid};
use futures_util::future::join;
use jiff::SignedDuration;
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};
use tokio::sync::Barrier;
use uuid::Uuid;

async fn need(stage: &Stage<'_>, story: &Story) -> Value {
    let query = "query($id: ID!) { case(by: { id: $id }) { needs { status version } } }";
    let seen = stage.app.run(&stage.world.case_manager, query, json!({ "id": story.case })).await;
    seen["case"]["needs"][0].clone()
}

async fn close(stage: &Stage<'_>, referral: &Referred, meaning: &str) -> Referred {
    referral.act(stage.app, &stage.world.case_manager, "closeReferralLoop", json!({ "meaning": meaning })).await
}

async fn declined(stage: &Stage<'_>, story: &Story, service: Uuid) -> Referred {
    let sent = story.refer_to(stage.app, &stage.world.case_manager, service).await;
    sent.act(stage.app, &stage.world.intake, "declineReferral", json!({ "reason": "NO_CAPACITY" })).await
}

async fn completed(stage: &Stage<'_>, story: &Story, service: Uuid) -> Referred {
    let sent = story.refer_to(stage.app, &stage.world.case_manager, service).await;
    let accepted = sent.act(stage.app, &stage.world.intake, "acceptReferral", json!({})).await;
    accepted.act(stage.app, &stage.world.worker, "completeReferral", report(story)).await
}

async fn what_met_a_need_is_not_undone_by_what_did_not(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let other = add_service(&app, world.provider, world.district, None).await;
    for (meaning, first) in
        [("NOT_MET", "MET"), ("NO_LONGER_NEEDED", "MET"), ("NOT_MET", "PARTLY_MET"), ("MET", "NOT_MET")]
    {
        let story = stage.story().await;
        let helped = completed(&stage, &story, stage.service).await;
        let second = if meaning == "MET" {
            completed(&stage, &story, other).await
        } else {
            declined(&stage, &story, other).await
        };
        close(&stage, &helped, first).await;
        close(&stage, &second, meaning).await;
        let best = if meaning == "MET" { "MET" } else { first };
        assert_eq!(need(&stage, &story).await["status"], best, "{first}, then {meaning}");
    }
}

async fn a_dispute_or_a_void_leaves_what_another_did(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let other = add_service(&app, world.provider, world.district, None).await;
    let story = stage.story().await;
    let (first, second) = (completed(&stage, &story, stage.service).await, completed(&stage, &story, other).await);
    let (first, second) = (close(&stage, &first, "MET").await, close(&stage, &second, "MET").await);
    let why = json!({ "about": "NOT_RECEIVED" });
    first.act(&app, &world.case_manager, "disputeReferralOutcome", why).await;
    assert_eq!(need(&stage, &story).await["status"], "MET", "the other met it");
    let why = json!({ "reason": "TEST_RECORD" });
    let asked = second.act(&app, &world.coordinator, "voidReferral", why.clone()).await;
    asked.act(&app, &world.partner_supervisor, "voidReferral", why).await;
    assert_eq!(need(&stage, &story).await["status"], "OPEN", "what is disputed or void counts no more");
}

async fn a_withdrawn_need_stays_so_and_a_reopened_one_begins_anew(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let manager = &world.case_manager;
    let on = |story: &Story, version: &Value| json!({ "caseId": story.case, "needId": story.need, "expectedVersion": version });
    let story = stage.story().await;
    let ended = declined(&stage, &story, stage.service).await;
    done(&app, manager, "withdrawNeed", on(&story, &need(&stage, &story).await["version"]), "").await;
    close(&stage, &ended, "NOT_MET").await;
    assert_eq!(need(&stage, &story).await["status"], "WITHDRAWN");
    let story = stage.story().await;
    let helped = completed(&stage, &story, stage.service).await;
    close(&stage, &helped, "MET").await;
    done(&app, manager, "reopenNeed", on(&story, &need(&stage, &story).await["version"]), "").await;
    let ended = declined(&stage, &story, stage.service).await;
    close(&stage, &ended, "NOT_MET").await;
    assert_eq!(need(&stage, &story).await["status"], "NOT_MET", "what was before it was opened again is past");
}

/// Two mutations of two people at the same moment: what each is told.
async fn at_once(app: &TestApp, one: (&Persona, &str, Value), two: (&Persona, &str, Value)) -> (String, String) {
    let barrier = Barrier::new(2);
    let go = async |(who, name, input): (&Persona, &str, Value)| {
        barrier.wait().await;
        code(&answer(app, who, name, input).await, name)
    };
    join(go(one), go(two)).await
}

async fn nothing_closes_under_what_is_begun(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let manager = &world.case_manager;
    for round in 0..12 {
        let story = stage.story().await;
        let ended = declined(&stage, &story, stage.service).await;
        let (who, begins, input) = match round % 3 {
            0 => (
                &world.coordinator,
                "redraftReferral",
                json!({ "previousId": ended.id,
                "serviceId": gid(Kind::Service, stage.service) }),
            ),
            _ => (manager, "createReferral", story.draft(stage.service)),
        };
        let (closes, input_of_end) = if round % 2 == 0 {
            ("closeCase", json!({ "caseId": story.case, "expectedVersion": 3, "reason": "GOALS_MET" }))
        } else {
            ("withdrawNeed", json!({ "caseId": story.case, "needId": story.need, "expectedVersion": 1 }))
        };
        let (begun, closed) = at_once(&app, (who, begins, input), (manager, closes, input_of_end)).await;
        match begun.as_str() {
            "ok" => assert_eq!(closed, "OPEN_REFERRALS", "round {round}"),
            told => {
                assert!(["CASE_CLOSED", "NEED_CLOSED"].contains(&told), "round {round}: {told}");
                assert_eq!(closed, "ok", "round {round}");
            }
        }
    }
}

async fn a_field_withdrawn_while_it_is_sent_is_not_shown(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    for round in 0..12 {
        let (story, draft) = stage.draft().await;
        let mut less = withdrawal(&stage, &story).await;
        less["fields"] = json!(["AGE_BAND"]);
        let send = draft.input(json!({ "personInformed": true }));
        let manager = &world.case_manager;
        let told = at_once(&app, (manager, "sendReferral", send), (manager, "withdrawConsentFields", less)).await;
        assert_eq!(told, ("ok".to_owned(), "ok".to_owned()), "round {round}");
        let seen = draft.seen_by(&app, &world.intake, "person { ageBand }").await;
        assert_eq!(seen["person"]["ageBand"], Value::Null, "round {round}");
    }
}

async fn what_stood_in_for_a_consent_and_is_over_carries_no_answer(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let asked = async || {
        let (story, id) = stage.overridden().await;
        let mut input = story.referral(stage.service);
        input["overrideId"] = json!(id);
        let made = done(&app, &world.case_manager, "createReferral", input, "referral { id version }").await;
        let sent =
            Referred { id: text(&made["referral"]["id"]), version: made["referral"]["version"].as_i64().unwrap() };
        (sent.act(&app, &world.intake, "requestReferralInfo", questions()).await, id)
    };
    let (unjustified, id) = asked().await;
    let review =
        json!({ "overrideId": id, "expectedVersion": 2, "verdict": "NOT_JUSTIFIED", "text": "could be asked" });
    done(&app, &world.data_protection, "reviewConsentOverride", review, "").await;
    let code = rule(&app, &world.case_manager, "answerReferralInfo", unjustified.input(answers())).await;
    assert_eq!(code, "CONSENT_MISSING");
    let (standing, _) = asked().await;
    standing.act(&app, &world.case_manager, "answerReferralInfo", answers()).await;
    let (late, _) = asked().await;
    app.clock.advance(SignedDuration::from_hours(24));
    let kind = passerelle::token::Kind::Member;
    let token = app.token(world.case_manager.id, world.partner, kind, 0, 0);
    let manager = Persona { token: Some(token), ..world.case_manager.clone() };
    assert_eq!(rule(&app, &manager, "answerReferralInfo", late.input(answers())).await, "CONSENT_MISSING");
}

async fn a_redirection_is_an_attempt_of_which_the_coordinator_is_told(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let better = add_service(&app, world.municipality, world.district, Some(4)).await;
    for (before, told) in [(1, 0), (2, 1)] {
        let (_, sent) = stage.sent().await;
        run(&app, "UPDATE referral SET attempt = $1 WHERE status = 'SENT'", vec![before.into()]).await;
        let to = json!({ "betterServiceId": gid(Kind::Service, better) });
        sent.act(&app, &world.intake, "redirectReferral", to).await;
        assert_eq!(app.count("notification WHERE kind = 'THIRD_ATTEMPT' AND role = 'COORDINATOR'").await, told);
    }
}

async fn what_a_community_or_a_structure_requires_is_no_need_of_a_case(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let story = stage.story().await;
    for (category, dimension, level) in [
        ("PSY.COM.STIGMA_REDUCTION", "PSYCHOSOCIAL", "COMMUNITY"),
        ("ECO.STR.LABOUR_MATCHING", "ECONOMIC", "STRUCTURAL"),
    ] {
        let input = json!({ "caseId": story.case, "expectedVersion": 3, "categoryCode": category,
            "dimension": dimension, "level": level, "urgency": "ROUTINE", "delivery": "REFERRAL", "goals": ["any"] });
        let refused = tried(&app, &world.case_manager, "addNeed", input, "").await;
        let error = &refused["userErrors"][0];
        assert_eq!((&error["code"], &error["field"]), (&json!("INVALID"), &json!(["level"])), "{refused}");
    }
}

on_both_engines!(
    what_met_a_need_is_not_undone_by_what_did_not,
    a_dispute_or_a_void_leaves_what_another_did,
    a_withdrawn_need_stays_so_and_a_reopened_one_begins_anew,
    nothing_closes_under_what_is_begun,
    a_field_withdrawn_while_it_is_sent_is_not_shown,
    what_stood_in_for_a_consent_and_is_over_carries_no_answer,
    a_redirection_is_an_attempt_of_which_the_coordinator_is_told,
    what_a_community_or_a_structure_requires_is_no_need_of_a_case,
);
