//! What stands in for a consent that could not be had: who records it, what it shows and for how long, who reviews it.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::Stage;
use crate::support::situations::consent::overriding;
use crate::support::verbs::{Referred, done, rule, text};
use crate::support::world::{World, gid};
use jiff::SignedDuration;
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

async fn sent(stage: &Stage<'_>) -> (Referred, String) {
    let (story, id) = stage.overridden().await;
    let mut input = story.referral(stage.service);
    assert_eq!(rule(stage.app, &stage.world.case_manager, "createReferral", input.clone()).await, "CONSENT_MISSING");
    input["overrideId"] = json!(id);
    let made = done(stage.app, &stage.world.case_manager, "createReferral", input, "referral { id version }").await;
    let version = made["referral"]["version"].as_i64().unwrap();
    (Referred { id: text(&made["referral"]["id"]), version }, id)
}

async fn a_referral_goes_out_on_it_and_shows_its_fields(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (sent, _) = sent(&stage).await;
    let select = "caseIdentifier background goals { text } person { ageBand }";
    let seen = sent.seen_by(&app, &world.intake, select).await;
    assert!(seen["caseIdentifier"].is_string() && seen["background"].is_string());
    assert_eq!((&seen["goals"][0]["text"], &seen["person"]["ageBand"]), (&Value::Null, &Value::Null));
    let accepted = sent.act(&app, &world.intake, "acceptReferral", json!({})).await;
    let seen = accepted.seen_by(&app, &world.worker, select).await;
    assert!(seen["goals"][0]["text"].is_string(), "what was listed shows on acceptance");
    assert_eq!(seen["person"]["ageBand"], Value::Null, "and nothing that was not");
}

async fn it_does_not_outlast_its_hours(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (sent, _) = sent(&stage).await;
    let (story, late) = stage.overridden().await;
    app.clock.advance(SignedDuration::from_hours(24));
    let manager = Persona {
        token: Some(app.token(world.case_manager.id, world.partner, member(), 0, 0)),
        ..world.case_manager.clone()
    };
    let intake =
        Persona { token: Some(app.token(world.intake.id, world.provider, member(), 0, 0)), ..world.intake.clone() };
    let mut input = story.referral(stage.service);
    input["overrideId"] = json!(late);
    assert_eq!(rule(&app, &manager, "createReferral", input).await, "CONSENT_MISSING");
    let accepted = sent.act(&app, &intake, "acceptReferral", json!({})).await;
    let seen = accepted.seen_by(&app, &intake, "goals { text }").await;
    assert_eq!(seen["goals"][0]["text"], Value::Null, "nothing more is shown after its time");
}

fn member() -> passerelle::token::Kind {
    passerelle::token::Kind::Member
}

async fn only_a_licensed_member_determines_it(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let story = stage.unconsented().await;
    let with = |who: Option<uuid::Uuid>| {
        let mut input = overriding(&stage, &story);
        input["determinedById"] = who.map_or(Value::Null, |who| json!(gid(Kind::Member, who)));
        input
    };
    let supervisor = &world.partner_supervisor;
    for who in [None, Some(world.case_manager.id), Some(world.intake.id)] {
        assert_eq!(rule(&app, supervisor, "recordConsentOverride", with(who)).await, "MEMBER_UNSUITABLE");
    }
    done(&app, &world.psychologist, "recordConsentOverride", with(None), "").await;
    let mut short = with(Some(world.psychologist.id));
    short["fields"] = json!(["NEED"]);
    assert_eq!(rule(&app, supervisor, "recordConsentOverride", short).await, "INCOMPLETE");
    let mut long = with(Some(world.psychologist.id));
    long["validHours"] = json!(73);
    assert_eq!(rule(&app, supervisor, "recordConsentOverride", long).await, "INVALID");
}

const LIST: &str = "query($open: Boolean) { consentOverrides(isReviewed: $open) { totalCount nodes { id reason verdict verdictText } } }";

async fn each_is_reviewed_by_somebody_else(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (sent, id) = sent(&stage).await;
    let listed = async |who: &Persona| app.run(who, LIST, json!({ "open": false })).await["consentOverrides"].clone();
    let seen = listed(&world.data_protection).await;
    assert_eq!((&seen["totalCount"], &seen["nodes"][0]["id"]), (&json!(1), &json!(id)));
    assert_eq!(seen["nodes"][0]["reason"], json!("CANARY-OVERRIDE must not be left alone"));
    for who in [&world.outsider, &world.intake, &world.coordinator, &world.donor_officer, &world.case_manager] {
        assert_eq!(listed(who).await, json!({ "totalCount": 0, "nodes": [] }));
    }
    let told = "{ viewer { notifications(filter: { mustAct: true }) { nodes { event } } } }";
    let told = app.run(&world.data_protection, told, json!({})).await;
    assert_eq!(told["viewer"]["notifications"]["nodes"][0]["event"], json!("OVERRIDE_TO_REVIEW"));

    let review = json!({ "overrideId": id, "expectedVersion": 2, "verdict": "NOT_JUSTIFIED", "text": "CANARY-VERDICT could be asked" });
    for who in [&world.partner_supervisor, &world.psychologist] {
        assert_eq!(rule(&app, who, "reviewConsentOverride", review.clone()).await, "NOT_PERMITTED");
    }
    assert!(sent.seen_by(&app, &world.intake, "caseIdentifier").await["caseIdentifier"].is_string());
    done(&app, &world.data_protection, "reviewConsentOverride", review.clone(), "").await;
    assert_eq!(
        sent.seen_by(&app, &world.intake, "caseIdentifier background").await,
        json!({ "caseIdentifier": null, "background": null }),
        "what was shown wrongly is shown no more"
    );
    let list = "{ redactions { nodes { referralId cause consentId fields } } }";
    let asked = json!({ "redactions": { "nodes": [
        { "referralId": sent.id, "cause": null, "consentId": null, "fields": null }] } });
    assert_eq!(app.run(&world.intake, list, json!({})).await, asked, "and is removed");
    let held = app.run(&world.case_manager, list, json!({})).await;
    assert_eq!(held["redactions"]["nodes"][0]["cause"], "OVERRIDE_UNJUSTIFIED");
    let again = json!({ "overrideId": id, "expectedVersion": 3, "verdict": "JUSTIFIED", "text": "after all" });
    assert_eq!(rule(&app, &world.data_protection, "reviewConsentOverride", again).await, "ALREADY_EXISTS");
    assert_eq!(listed(&world.data_protection).await["totalCount"], json!(0));
}

/// A child is not spared a guardian because it can't consent; only where a life is at risk nobody waits.
async fn a_child_waits_for_a_guardian_unless_a_life_is_at_risk(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    for (basis, expected) in [("LACKS_CAPACITY", "INCOMPLETE"), ("LIFE_AT_RISK", "ok")] {
        let story = stage.unconsented().await;
        let (_, case) = passerelle::domain::global_id::decode(&story.case).unwrap();
        let young = "UPDATE case_file SET age_band = 'FROM_12_TO_17' WHERE id = $1";
        crate::support::seed::run(&app, young, vec![case.into()]).await;
        let mut input = overriding(&stage, &story);
        input["basis"] = json!(basis);
        let made = done(&app, &world.psychologist, "recordConsentOverride", own(input), "consentOverride { id }").await;
        let mut input = story.referral(stage.service);
        input["overrideId"] = made["consentOverride"]["id"].clone();
        let got = crate::support::situations::outcome(&app, &world.case_manager, "createReferral", input).await;
        assert_eq!(got, expected, "{basis}");
    }
}

/// Named by somebody else, the professional has to say so before anything is sent.
async fn nothing_is_sent_before_the_professional_confirms(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, id) = stage.recorded_override().await;
    let mut input = story.referral(stage.service);
    input["overrideId"] = json!(id);
    assert_eq!(rule(&app, &world.case_manager, "createReferral", input.clone()).await, "CONSENT_MISSING");
    let told = "{ viewer { notifications(filter: { mustAct: true }) { nodes { event } } } }";
    let to_confirm = json!([{ "event": "OVERRIDE_TO_CONFIRM" }]);
    let seen = app.run(&world.psychologist, told, json!({})).await;
    assert_eq!(seen["viewer"]["notifications"]["nodes"], to_confirm);
    let confirm = json!({ "overrideId": id, "expectedVersion": 1 });
    for who in [&world.partner_supervisor, &world.data_protection] {
        assert_eq!(rule(&app, who, "confirmConsentOverride", confirm.clone()).await, "NOT_PERMITTED");
    }
    app.clock.advance(SignedDuration::from_mins(1));
    done(&app, &world.psychologist, "confirmConsentOverride", confirm, "consentOverride { confirmedAt }").await;
    let seen = app.run(&world.psychologist, told, json!({})).await;
    assert_eq!(seen["viewer"]["notifications"]["nodes"], json!([]));
    let again = json!({ "overrideId": id, "expectedVersion": 2 });
    assert_eq!(rule(&app, &world.psychologist, "confirmConsentOverride", again).await, "ALREADY_EXISTS");
    done(&app, &world.case_manager, "createReferral", input, "").await;
}

async fn who_took_a_consent_back_can_say_what_they_want(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let story = stage.story().await;
    let withdrawal = crate::support::situations::consent::withdrawal(&stage, &story).await;
    done(&app, &world.case_manager, "withdrawConsent", withdrawal, "").await;
    let mut input = own(overriding(&stage, &story));
    input["basis"] = json!("LACKS_CAPACITY");
    assert_eq!(rule(&app, &world.psychologist, "recordConsentOverride", input.clone()).await, "INVALID");
    input["basis"] = json!("LIFE_AT_RISK");
    let select = "consentOverride { isAfterWithdrawal confirmedAt }";
    let made = done(&app, &world.psychologist, "recordConsentOverride", input, select).await;
    assert_eq!(made["consentOverride"]["isAfterWithdrawal"], json!(true), "whoever reviews it sees that");
    let other = own(overriding(&stage, &stage.unconsented().await));
    let made = done(&app, &world.psychologist, "recordConsentOverride", other, select).await;
    assert_eq!(made["consentOverride"]["isAfterWithdrawal"], json!(false));
}

async fn each_ground_has_its_own_name(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    for (basis, shown) in [("LIFE_AT_RISK", "VITAL_INTEREST"), ("LACKS_CAPACITY", "BEST_INTERESTS")] {
        let story = stage.unconsented().await;
        let mut input = own(overriding(&stage, &story));
        input["basis"] = json!(basis);
        let made = done(&app, &world.psychologist, "recordConsentOverride", input, "consentOverride { id }").await;
        let mut input = story.referral(stage.service);
        input["overrideId"] = made["consentOverride"]["id"].clone();
        done(&app, &world.case_manager, "createReferral", input, "").await;
        let query = "query($case: ID!) { caseAccess(caseId: $case) { nodes { basis } } }";
        let seen = app.run(&world.case_manager, query, json!({ "case": story.case })).await;
        assert!(
            seen["caseAccess"]["nodes"].as_array().unwrap().contains(&json!({ "basis": shown })),
            "{basis}: {seen}"
        );
    }
}

fn own(mut input: Value) -> Value {
    input["determinedById"] = Value::Null;
    input
}

async fn nothing_stands_in_where_the_person_agreed(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let story = stage.story().await;
    let input = own(overriding(&stage, &story));
    let made = done(&app, &world.psychologist, "recordConsentOverride", input, "consentOverride { id }").await;
    let mut input = story.referral(stage.service);
    input["overrideId"] = made["consentOverride"]["id"].clone();
    assert_eq!(rule(&app, &world.case_manager, "createReferral", input.clone()).await, "INVALID");
    // Nor when another consent is named, which covers nobody here.
    input["consentId"] = json!(gid(Kind::Consent, uuid::Uuid::from_u128(7)));
    assert_eq!(rule(&app, &world.case_manager, "createReferral", input).await, "INVALID");
}

on_both_engines!(
    a_child_waits_for_a_guardian_unless_a_life_is_at_risk,
    nothing_stands_in_where_the_person_agreed,
    a_referral_goes_out_on_it_and_shows_its_fields,
    it_does_not_outlast_its_hours,
    only_a_licensed_member_determines_it,
    nothing_is_sent_before_the_professional_confirms,
    who_took_a_consent_back_can_say_what_they_want,
    each_ground_has_its_own_name,
    each_is_reviewed_by_somebody_else,
);
