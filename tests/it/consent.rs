//! Consent: what is asked of it before something is sent, and what follows when it is withdrawn.

use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::consent::withdrawal;
use crate::support::situations::delivery::interruption;
use crate::support::situations::{Stage, answer, code, report};
use crate::support::verbs::{Referred, done, rule, tried};
use crate::support::world::World;
use futures_util::future::join;
use serde_json::{Value, json};

const ALL: &str = "status background note caseIdentifier person { ageBand } goals { text result quantity unit note }
    case { id identifier }";
const GONE: [&str; 4] = ["background", "caseIdentifier", "person", "case"];

async fn withdraw(stage: &Stage<'_>, story: &crate::support::verbs::Story, more: Value) -> Value {
    let mut input = withdrawal(stage, story).await;
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    let select = "consent { isCurrent reportBack withdrawnAt withdrawnChannel }
        referrals { referralId wasWithdrawn redactionDueAt }";
    done(stage.app, &stage.world.case_manager, "withdrawConsent", input, select).await
}

async fn what_is_not_accepted_is_taken_back(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, sent) = stage.sent().await;
    assert!(sent.seen_by(&app, &world.intake, ALL).await["background"].is_string());
    let did = withdraw(&stage, &story, json!({ "personChannel": "PHONE" })).await;
    assert_eq!(did["consent"]["withdrawnChannel"], json!("PHONE"));
    assert_eq!((&did["consent"]["isCurrent"], &did["consent"]["reportBack"]), (&json!(false), &json!(false)));
    let moved = json!([{ "referralId": sent.id, "wasWithdrawn": true, "redactionDueAt": "2026-11-28T09:00:00Z" }]);
    assert_eq!(did["referrals"], moved);
    let seen = sent.seen_by(&app, &world.intake, ALL).await;
    assert_eq!(seen["status"], json!("WITHDRAWN"));
    for gone in GONE {
        assert_eq!(seen[gone], json!(null), "{gone}");
    }
    assert!(!sent.seen_by(&app, &world.coordinator, ALL).await.to_string().contains("CANARY"));
    assert_eq!(sent.seen_by(&app, &world.outsider, ALL).await, json!(null));
    let again = withdrawal(&stage, &story).await;
    assert_eq!(rule(&app, &world.case_manager, "withdrawConsent", again).await, "CONSENT_MISSING");
}

async fn a_running_service_goes_on_without_a_window(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, accepted) = stage.accepted().await;
    let did = withdraw(&stage, &story, json!({})).await;
    assert_eq!(did["referrals"][0]["wasWithdrawn"], json!(false));
    let seen = accepted.seen_by(&app, &world.worker, ALL).await;
    assert_eq!((&seen["status"], &seen["goals"][0]["text"]), (&json!("ACCEPTED"), &json!(null)));
    for gone in GONE {
        assert_eq!(seen[gone], json!(null), "{gone}");
    }
    assert_eq!(app.count("notification WHERE kind = 'ASK_WHETHER_SERVICE_GOES_ON' AND must_act").await, 1);
    assert_eq!(app.count("notification WHERE kind = 'REDACTION_REQUESTED' AND must_act").await, 1);
    accepted.act(&app, &world.worker, "completeReferral", report(&story)).await;
    let sender = accepted.seen_by(&app, &world.case_manager, ALL).await;
    assert_eq!(sender["status"], json!("COMPLETED"));
    assert_eq!(sender["goals"][0]["result"], json!(null), "nothing is reported back");
}

async fn without_word_back_the_sender_sees_no_result(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, completed) = stage.completed().await;
    let goal = async |completed: &Referred, who| completed.seen_by(&app, who, ALL).await["goals"][0].clone();
    assert_eq!(goal(&completed, &world.case_manager).await["result"], json!("ACHIEVED"));
    let did = withdraw(&stage, &story, json!({ "part": "REPORT_BACK" })).await;
    assert_eq!((&did["consent"]["isCurrent"], &did["consent"]["reportBack"]), (&json!(true), &json!(false)));
    assert_eq!(did["referrals"], json!([]));
    let seen = goal(&completed, &world.case_manager).await;
    for hidden in ["result", "quantity", "unit", "note"] {
        assert_eq!(seen[hidden], json!(null), "{hidden}");
    }
    assert_eq!(goal(&completed, &world.worker).await["result"], json!("ACHIEVED"), "its own words stay");
    let (story, begun) = stage.begun().await;
    let report = json!({ "done": 8, "planned": 10 });
    let reported = begun.act(&app, &world.worker, "reportReferralProgress", report).await;
    let select = "events(last: 1) { nodes { progressDone progressPlanned } }";
    let told = async |who| reported.seen_by(&app, who, select).await["events"]["nodes"][0].clone();
    assert_eq!(told(&world.case_manager).await, json!({ "progressDone": 8, "progressPlanned": 10 }));
    withdraw(&stage, &story, json!({ "part": "REPORT_BACK" })).await;
    assert_eq!(told(&world.case_manager).await, json!({ "progressDone": null, "progressPlanned": null }));
    assert_eq!(told(&world.worker).await["progressDone"], json!(8));
    assert_eq!(completed.seen_by(&app, &world.case_manager, "status").await["status"], json!("COMPLETED"));
}

/// Why a service was interrupted or ended early is the receiver's word about the person; that it was is not.
async fn without_word_back_nobody_else_learns_why_a_service_stopped(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let select = "status reason hold { reason note } events(last: 1) { nodes { toStatus reason } }";
    for is_over in [false, true] {
        let (story, begun) = stage.begun().await;
        let stopped = if is_over {
            let input = json!({ "reason": "DECEASED", "outcomes": report(&story)["outcomes"] });
            begun.act(&app, &world.worker, "endReferralEarly", input).await
        } else {
            begun.act(&app, &world.worker, "holdReferral", interruption()).await
        };
        let words = async |who| {
            let seen = stopped.seen_by(&app, who, select).await;
            assert!(["ON_HOLD", "ENDED_EARLY"].contains(&seen["status"].as_str().unwrap()));
            let event = &seen["events"]["nodes"][0];
            assert_eq!(event["toStatus"], seen["status"]);
            [&seen["reason"], &seen["hold"]["reason"], &seen["hold"]["note"], &event["reason"]].map(Clone::clone)
        };
        let told = words(&world.case_manager).await;
        assert!(told.iter().any(Value::is_string), "{told:?}");
        withdraw(&stage, &story, json!({ "part": "REPORT_BACK" })).await;
        for who in [&world.case_manager, &world.coordinator] {
            assert_eq!(words(who).await, [const { Value::Null }; 4]);
        }
        assert!(words(&world.worker).await.iter().any(Value::is_string), "its own words stay");
    }
}

/// One field goes, the rest goes on: hidden from the next request on, and removed by whoever was shown it.
async fn a_single_field_is_taken_back(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, accepted) = stage.accepted().await;
    let select = "status caseIdentifier person { ageBand language }";
    let seen = accepted.seen_by(&app, &world.worker, select).await;
    assert_eq!(seen["person"], json!({ "ageBand": "FROM_25_TO_39", "language": "fr" }));
    let with = async |fields: Value| {
        let mut input = withdrawal(&stage, &story).await;
        input["fields"] = fields;
        input
    };
    let refused =
        tried(&app, &world.case_manager, "withdrawConsentFields", with(json!(["SEX", "NEED"])).await, "").await;
    assert_eq!(refused["userErrors"].as_array().unwrap().len(), 2, "not in it, and needed to decide: {refused}");
    assert_eq!(rule(&app, &world.case_manager, "withdrawConsentFields", with(json!([])).await).await, "REQUIRED");
    let what = "consent { fields endedAt } referrals { referralId wasWithdrawn }";
    let did = done(&app, &world.case_manager, "withdrawConsentFields", with(json!(["AGE_BAND"])).await, what).await;
    assert_eq!(did["referrals"], json!([{ "referralId": accepted.id, "wasWithdrawn": false }]));
    assert!(!did["consent"]["fields"].as_array().unwrap().contains(&json!("AGE_BAND")), "{did}");
    let seen = accepted.seen_by(&app, &world.worker, select).await;
    assert_eq!((&seen["status"], seen["caseIdentifier"].is_string()), (&json!("ACCEPTED"), true));
    assert_eq!(seen["person"], json!({ "ageBand": null, "language": "fr" }));
    let list = "{ redactions { nodes { cause fields } } }";
    let asked = json!({ "redactions": { "nodes": [{ "cause": null, "fields": ["AGE_BAND"] }] } });
    assert_eq!(app.run(&world.worker, list, json!({})).await, asked);
    // A field that nobody was shown needs no removal, and a new referral shows neither.
    let did = done(&app, &world.case_manager, "withdrawConsentFields", with(json!(["LANGUAGE"])).await, what).await;
    assert_eq!(did["referrals"].as_array().unwrap().len(), 1, "{did}");
    let next = story.refer_to(&app, &world.case_manager, world.service).await;
    let next = next.act(&app, &world.intake, "acceptReferral", json!({})).await;
    let seen = next.seen_by(&app, &world.worker, select).await;
    assert_eq!(seen["person"], json!({ "ageBand": null, "language": null }));
    let did = done(&app, &world.case_manager, "withdrawConsentFields", with(json!(["GOALS"])).await, what).await;
    assert_eq!(did["referrals"].as_array().unwrap().len(), 2, "{did}");
}

/// What a consent was not given for is not released: a receiver that accepts sees no more than it had to decide on.
async fn what_the_purpose_does_not_cover_is_not_released(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let select = "caseIdentifier goals { text }";
    let (story, for_care) = stage.accepted().await;
    let query = "query($id: ID!) { case(by: {id: $id}) { consents { purpose } } }";
    let seen = app.run(&world.case_manager, query, json!({ "id": story.case })).await;
    assert_eq!(seen["case"]["consents"], json!([{ "purpose": "CARE" }]), "unless something else is said");
    assert!(for_care.seen_by(&app, &world.worker, select).await["goals"][0]["text"].is_string());
    let (_, sent) = stage.sent().await;
    assert_eq!(app.count("access_grant WHERE purpose = 'CARE'").await, 2);
    crate::support::seed::run(&app, "UPDATE consent SET purpose = 'AUDIT'", vec![]).await;
    let accepted = sent.act(&app, &world.intake, "acceptReferral", json!({})).await;
    let seen = accepted.seen_by(&app, &world.worker, select).await;
    assert_eq!((seen["caseIdentifier"].is_string(), &seen["goals"][0]["text"]), (true, &json!(null)));
}

/// What was recorded before purposes had names was for care, as were the windows that it opened.
async fn what_was_recorded_before_is_for_care(engine: Engine) {
    use passerelle_migration::{Migrator, MigratorTrait as _};
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    Stage::set(&app, &world).await.sent().await;
    let steps = Migrator::migrations();
    let at = steps.iter().position(|step| step.name().contains("000014")).unwrap();
    let since = u32::try_from(steps.len() - at).unwrap();
    let purposes = async |code: &str| {
        let of = async |table: &str| app.count(&format!("{table} WHERE purpose = '{code}'")).await;
        (of("consent").await, of("access_grant").await)
    };
    Migrator::down(app.app.store.for_migrations(), Some(since)).await.unwrap();
    assert_eq!((purposes("REFERRAL").await, purposes("CARE").await), ((1, 1), (0, 0)));
    app.app.store.migrate().await.unwrap();
    assert_eq!((purposes("REFERRAL").await, purposes("CARE").await), ((0, 0), (1, 1)));
}

async fn why_a_caregiver_was_not_told_is_for_the_holder(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, sent) = stage.sent().await;
    let input = json!({ "caseId": story.case, "expectedVersion": 3,
        "receiverId": crate::support::world::gid(passerelle::domain::global_id::Kind::Organization, world.provider),
        "fields": ["CASE_IDENTIFIER", "NEED", "URGENCY"], "method": "VERBAL", "language": "fr", "noticeVersion": "2026-1",
        "givenOn": "2026-11-25", "givenBy": "COMPETENT_AUTHORITY", "childView": "AGREES", "caregiverInformed": false,
        "caregiverReason": "CANARY-CAREGIVER is the one to fear" });
    let select = "consent { caregiverReason }";
    let made = done(&app, &world.case_manager, "recordConsent", input, select).await;
    assert_eq!(made["consent"]["caregiverReason"], "CANARY-CAREGIVER is the one to fear");
    let query = "query($id: ID!) { case(by: {id: $id}) { consents { caregiverReason } } }";
    let seen = app.run(&world.intake, query, json!({ "id": story.case })).await;
    assert!(!seen.to_string().contains("CANARY"), "{seen}");
    let seen = sent.seen_by(&app, &world.intake, "case { consents { caregiverReason } }").await;
    assert!(!seen.to_string().contains("CANARY"), "{seen}");
}

/// An application that may record cases and send, and read no referral, withdraws with all that follows.
async fn a_withdrawal_needs_no_sight_of_the_referrals(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, sent) = stage.sent().await;
    let key = uuid::Uuid::now_v7();
    let text = "INSERT INTO client_application (id, organization_id, name, scopes, is_active, epoch, version, created_at) \
                VALUES ($1, $2, 'app', '[\"CASES_READ\",\"CASES_WRITE\",\"REFERRALS_WRITE\"]', TRUE, 0, 1, 0)";
    crate::support::seed::run(&app, text, vec![key.into(), world.partner.into()]).await;
    let token = app.token(key, world.partner, passerelle::token::Kind::Client, 0, 0);
    let client = crate::support::app::Persona { id: key, organization: world.partner, token: Some(token) };
    let input = withdrawal(&stage, &story).await;
    let did = done(&app, &client, "withdrawConsent", input, "referrals { wasWithdrawn }").await;
    assert_eq!(did["referrals"], json!([{ "wasWithdrawn": true }]));
    assert_eq!(sent.seen_by(&app, &world.intake, ALL).await["caseIdentifier"], json!(null));
}

async fn about_a_child_a_guardian_consents_and_the_child_is_heard(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, draft) = stage.draft().await;
    crate::support::seed::run(&app, "UPDATE case_file SET age_band = 'FROM_5_TO_11'", vec![]).await;
    let send = async |informed: bool| {
        let input = draft.input(json!({ "personInformed": informed }));
        tried(&app, &world.case_manager, "sendReferral", input, "").await["userErrors"][0]["missing"].clone()
    };
    assert_eq!(
        send(false).await,
        json!(["PERSON_INFORMED", "GUARDIAN_CONSENT", "CAREGIVER_INFORMED", "CHILD_VIEW"]),
        "all at once"
    );
    let change = "UPDATE consent SET given_by = 'GUARDIAN', child_view = 'DISAGREES', caregiver_informed = TRUE";
    crate::support::seed::run(&app, change, vec![]).await;
    assert_eq!(send(true).await, json!(["BEST_INTERESTS"]));
    crate::support::seed::run(&app, "UPDATE consent SET basis = 'BEST_INTERESTS'", vec![]).await;
    assert_eq!(send(true).await, json!(null));
}

async fn who_accepts_and_who_withdraws_do_not_both_win(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    for _ in 0..8 {
        let (story, sent) = stage.sent().await;
        let input = withdrawal(&stage, &story).await;
        let accept = answer(&app, &world.intake, "acceptReferral", sent.input(json!({})));
        let (withdrawn, accepted) = join(answer(&app, &world.case_manager, "withdrawConsent", input), accept).await;
        assert_eq!(code(&withdrawn, "withdrawConsent"), "ok");
        let accepted = code(&accepted, "acceptReferral");
        assert!(["ok", "STALE_VERSION", "WRONG_STATE"].contains(&accepted.as_str()), "{accepted}");
        assert_eq!(app.count("access_grant WHERE until_at IS NULL").await, 0, "no window stays open");
    }
}

async fn a_redaction_is_confirmed_once_and_told_when_overdue(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, _, redaction) = stage.redaction().await;
    let list = "{ redactions { totalCount nodes { consentId confirmedAt } } }";
    assert_eq!(app.run(&world.outsider, list, json!({})).await["redactions"]["totalCount"], json!(0));
    let seen = app.run(&world.worker, list, json!({})).await;
    assert_eq!(seen["redactions"]["nodes"], json!([{ "consentId": null, "confirmedAt": null }]));
    assert_eq!(passerelle::usecase::consent::tell_overdue(&app.app).await.unwrap(), 0);
    app.clock.advance(jiff::SignedDuration::from_hours(1));
    let input = json!({ "redactionId": redaction });
    done(&app, &world.intake, "confirmRedaction", input.clone(), "redaction { confirmedAt }").await;
    assert_eq!(rule(&app, &world.intake, "confirmRedaction", input).await, "ALREADY_EXISTS");
    stage.redaction().await;
    app.clock.advance(jiff::SignedDuration::from_hours(72));
    assert_eq!(passerelle::usecase::consent::tell_overdue(&app.app).await.unwrap(), 1, "not the confirmed one");
    assert_eq!(passerelle::usecase::consent::tell_overdue(&app.app).await.unwrap(), 0, "once");
    assert_eq!(app.count("notification WHERE kind = 'REDACTION_OVERDUE' AND role = 'DATA_PROTECTION'").await, 2);
}

async fn an_expiry_is_told_once_before_and_once_after(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    stage.accepted().await;
    crate::support::seed::run(&app, "UPDATE consent SET expires_on = '2026-12-01'", vec![]).await;
    let tell = async || passerelle::usecase::consent::tell_expired(&app.app).await.unwrap();
    assert_eq!((tell().await, tell().await), (1, 0));
    app.clock.advance(jiff::SignedDuration::from_hours(24 * 7));
    assert_eq!((tell().await, tell().await), (1, 0));
    assert_eq!(app.count("notification WHERE kind = 'CONSENT_EXPIRES_SOON' AND NOT must_act").await, 1);
    assert_eq!(app.count("notification WHERE kind = 'CONSENT_EXPIRED' AND must_act").await, 1);
    assert_eq!(app.count("referral WHERE status = 'ACCEPTED'").await, 1, "no service ends by it");
}

on_both_engines!(
    what_is_not_accepted_is_taken_back,
    a_running_service_goes_on_without_a_window,
    without_word_back_the_sender_sees_no_result,
    without_word_back_nobody_else_learns_why_a_service_stopped,
    a_single_field_is_taken_back,
    what_the_purpose_does_not_cover_is_not_released,
    what_was_recorded_before_is_for_care,
    why_a_caregiver_was_not_told_is_for_the_holder,
    a_withdrawal_needs_no_sight_of_the_referrals,
    about_a_child_a_guardian_consents_and_the_child_is_heard,
    who_accepts_and_who_withdraws_do_not_both_win,
    a_redaction_is_confirmed_once_and_told_when_overdue,
    an_expiry_is_told_once_before_and_once_after,
);
