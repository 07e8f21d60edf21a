//! What a referral carries beside the need: how to hear back, how not to contact the person, help elsewhere.

use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::Stage;
use crate::support::verbs::{Referred, Story, done, text, tried};
use crate::support::world::World;
use serde_json::{Value, json};

async fn begun(app: &TestApp, world: &World, story: &Story, stage: &Stage<'_>, details: Value) -> Referred {
    let mut input = story.draft(stage.service);
    input["details"] = details;
    let made = done(app, &world.case_manager, "createReferral", input, "referral { id }").await;
    Referred { id: text(&made["referral"]["id"]), version: 1 }
}

async fn the_day_by_which_the_sender_wants_to_hear_back_is_the_deadline_where_it_comes_first(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let usual = "2027-02-23T";
    for (by, due) in [(json!("2026-12-20"), "2026-12-21T"), (json!("2027-09-01"), usual), (Value::Null, usual)] {
        let details = json!({ "followUp": { "by": by, "about": ["PROGRESS", "OUTCOME"], "channel": "PHONE" } });
        let draft = begun(&app, &world, &stage.story().await, &stage, details).await;
        let sent = draft.act(&app, &world.case_manager, "sendReferral", json!({ "personInformed": true })).await;
        let taken = sent.act(&app, &world.intake, "acceptReferral", json!({})).await;
        let first = json!({ "firstContactOn": "2026-11-25" });
        let started = taken.act(&app, &world.worker, "startReferralService", first).await;
        let select = "outcomeDueAt nextDueAt details { followUp { channel by about } }";
        let seen = started.seen_by(&app, &world.worker, select).await;
        assert!(text(&seen["outcomeDueAt"]).starts_with(due), "{by}: {seen}");
        assert_eq!(seen["nextDueAt"], seen["outcomeDueAt"]);
        let told = json!({ "channel": "PHONE", "by": by, "about": ["PROGRESS", "OUTCOME"] });
        assert_eq!(seen["details"]["followUp"], told, "the receiver knows");
    }
    let mut input = stage.story().await.referral(stage.service);
    input["details"] = json!({ "followUp": { "by": "2026-11-24" } });
    let late = tried(&app, &world.case_manager, "createReferral", input, "").await;
    let error = &late["userErrors"][0];
    let expected = (&json!("DATE_OUT_OF_RANGE"), &json!(["details", "followUp", "by"]));
    assert_eq!((&error["code"], &error["field"]), expected);
}

async fn no_restriction_is_said_and_silence_is_told_as_silence(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let select = "details { restrictions restrictionsText followUp { channel about } }";
    let (_, silent) = stage.sent().await;
    let seen = silent.seen_by(&app, &world.intake, select).await;
    let usual = json!({ "channel": "IN_SYSTEM", "about": ["OUTCOME"] });
    let expected = json!({ "restrictions": ["NOT_STATED"], "restrictionsText": null, "followUp": usual });
    assert_eq!(seen["details"], expected);

    let codes = json!(["OTHER", "NO_SMS", "NO_SMS"]);
    let details = json!({ "restrictions": { "codes": codes, "text": "CANARY-RESTRICTION mornings only" } });
    let draft = begun(&app, &world, &stage.story().await, &stage, details).await;
    let sent = draft.act(&app, &world.case_manager, "sendReferral", json!({ "personInformed": true })).await;
    for who in [&world.intake, &world.case_manager] {
        let seen = sent.seen_by(&app, who, select).await;
        assert_eq!(seen["details"]["restrictions"], json!(["NO_SMS", "OTHER"]));
        assert_eq!(seen["details"]["restrictionsText"], "CANARY-RESTRICTION mornings only");
    }
    let seen = sent.seen_by(&app, &world.coordinator, select).await;
    let nothing = json!({ "restrictions": null, "restrictionsText": null, "followUp": null });
    assert_eq!(seen["details"], nothing, "a coordinator sees how it stands, not what it says");
    let ended = sent.act(&app, &world.intake, "declineReferral", json!({ "reason": "NO_CAPACITY" })).await;
    let seen = ended.seen_by(&app, &world.intake, select).await;
    assert_eq!(seen["details"]["restrictions"], Value::Null, "the receiver's window has closed");
    assert_eq!(seen["details"]["restrictionsText"], Value::Null);

    for (restrictions, code, field) in [
        (json!({ "codes": [] }), "REQUIRED", "codes"),
        (json!({ "codes": ["NONE", "NO_SMS"] }), "INVALID", "codes"),
        (json!({ "codes": ["OTHER"] }), "TEXT_REQUIRED", "text"),
        (json!({ "codes": ["NONE"], "text": "call twice" }), "INVALID", "text"),
    ] {
        let mut input = stage.story().await.referral(stage.service);
        input["details"] = json!({ "restrictions": restrictions });
        let refused = tried(&app, &world.case_manager, "createReferral", input, "").await;
        let error = &refused["userErrors"][0];
        assert_eq!((&error["code"], &error["field"]), (&json!(code), &json!(["details", "restrictions", field])));
    }
}

async fn what_is_said_on_sending_replaces_what_the_draft_said(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let details = json!({ "restrictions": { "codes": ["NO_CALL"] }, "followUp": { "channel": "MEETING" },
                          "priorHelp": [{ "categoryCode": "ECO.IND.TVET", "standing": "GIVEN" }] });
    let draft = begun(&app, &world, &stage.story().await, &stage, details).await;
    let more = json!({ "personInformed": true, "details": { "restrictions": { "codes": ["NONE"] } } });
    let sent = draft.act(&app, &world.case_manager, "sendReferral", more).await;
    let select = "details { restrictions followUp { channel } priorHelp { categoryCode source standing } }";
    let seen = sent.seen_by(&app, &world.case_manager, select).await;
    let told = json!([{ "categoryCode": "ECO.IND.TVET", "source": "TOLD", "standing": "GIVEN" }]);
    let kept = json!({ "restrictions": ["NONE"], "followUp": { "channel": "MEETING" }, "priorHelp": told });
    assert_eq!(seen["details"], kept);
    let mut input = stage.story().await.referral(stage.service);
    input["details"] = json!({ "priorHelp": [{ "categoryCode": "NO.SUCH", "standing": "GIVEN" }] });
    let refused = tried(&app, &world.case_manager, "createReferral", input, "").await;
    let field = json!(["details", "priorHelp", "0", "categoryCode"]);
    assert_eq!(refused["userErrors"][0]["field"], field);
}

on_both_engines!(
    the_day_by_which_the_sender_wants_to_hear_back_is_the_deadline_where_it_comes_first,
    no_restriction_is_said_and_silence_is_told_as_silence,
    what_is_said_on_sending_replaces_what_the_draft_said,
);
