//! Every coded refusal is reached by somebody who does what it is there for.

use crate::support::app::TestApp;
use crate::support::dependencies::repository;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::{Stage, report};
use crate::support::verbs::{done, key, rule};
use crate::support::world::World;
use passerelle::domain::code::Code as _;
use passerelle::domain::rule::RuleCode;
use serde_json::json;

async fn what_does_not_fit_the_case_is_refused(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, sent) = stage.sent().await;
    let who = &world.case_manager;
    let close = json!({ "caseId": story.case, "expectedVersion": 3, "reason": "GOALS_MET" });
    assert_eq!(rule(&app, who, "closeCase", close.clone()).await, "OPEN_REFERRALS");
    let alias = json!({ "caseId": story.case, "scheme": "dossier", "value": key() });
    done(&app, who, "addCaseAlias", alias.clone(), "").await;
    assert_eq!(rule(&app, who, "addCaseAlias", alias).await, "ALREADY_EXISTS");

    let accepted = sent.act(&app, &world.intake, "acceptReferral", json!({})).await;
    let completed = accepted.act(&app, &world.worker, "completeReferral", report(&story)).await;
    completed.act(&app, who, "closeReferralLoop", json!({ "meaning": "MET" })).await;
    assert_eq!(rule(&app, who, "createReferral", story.referral(world.service)).await, "NEED_CLOSED");
    done(&app, who, "closeCase", close, "").await;
    assert_eq!(rule(&app, who, "createReferral", story.referral(world.service)).await, "CASE_CLOSED");
}

async fn what_does_not_fit_the_step_is_refused(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, sent) = stage.sent().await;
    let decline = |more| rule(&app, &world.intake, "declineReferral", sent.input(more));
    assert_eq!(decline(json!({ "reason": "NO_RESPONSE" })).await, "REASON_NOT_ALLOWED");
    assert_eq!(decline(json!({ "reason": "OTHER" })).await, "TEXT_REQUIRED");
    assert_eq!(decline(json!({ "reason": "OTHER", "note": "x".repeat(2_001) })).await, "TOO_LONG");

    let accepted = sent.act(&app, &world.intake, "acceptReferral", json!({})).await;
    let start = json!({ "firstContactOn": "2026-11-26" });
    assert_eq!(
        rule(&app, &world.worker, "startReferralService", accepted.input(start)).await,
        "DATE_OUT_OF_RANGE",
        "nobody was contacted tomorrow"
    );
    let mut half = report(&story);
    half["outcomes"].as_array_mut().unwrap().pop();
    assert_eq!(rule(&app, &world.worker, "completeReferral", accepted.input(half)).await, "OUTCOME_MISSING");
}

on_both_engines!(what_does_not_fit_the_case_is_refused, what_does_not_fit_the_step_is_refused);

/// The tests' texts, this file's included.
fn sources(folder: &std::path::Path, into: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") {
            *into += &std::fs::read_to_string(&path).unwrap();
        }
    }
}

#[test]
fn every_code_is_asserted_by_a_test() {
    let mut texts = String::new();
    sources(&repository().join("tests/it"), &mut texts);
    let reached = |code: &RuleCode| texts.contains(&format!("\"{}\"", code.code()));
    let missing: Vec<&str> = RuleCode::ALL.iter().filter(|code| !reached(code)).map(|code| code.code()).collect();
    assert!(missing.is_empty(), "no test reaches {missing:?}");
}
