//! A case is handed over with all that hangs on it, or not at all; in between its holder answers for it.

use crate::support::app::{Persona, TestApp};
use crate::support::clocked::{age, run_clock, still};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::transfer::{agreeing, answering, proposing, proposing_many};
use crate::support::situations::{Stage, answer, code};
use crate::support::verbs::{Story, done, rule, text, tried};
use crate::support::world::{World, gid};
use futures_util::future::join_all;
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

const ONE: &str = "query($id: ID!) { node(id: $id) { ... on CaseTransfer { status caseIdentifier openReferrals note
    needs { categoryCode urgency } from { name } to { name } handedOverReferrals declineReason answerNote } } }";
const CASE: &str = "query($id: ID!) { case(by: {id: $id}) { isHeld identifier returnFacts { voluntariness }
    timeline(first: 50) { nodes { kind subjectId } } } }";
const ACCESS: &str = "query($id: ID!) { caseAccess(caseId: $id, includeEnded: true) { nodes { because until since
    organization { name } } } }";
const TO_DO: &str = "{ viewer { notifications(filter: {mustAct: true}) { nodes { event subjectId } } } }";
const TOLD: &str = "{ viewer { notifications { nodes { event mustAct subjectId } } } }";

async fn seen(app: &TestApp, who: &Persona, id: &str) -> Value {
    app.run(who, ONE, json!({ "id": id })).await["node"].clone()
}

async fn told(app: &TestApp, who: &Persona, kind: &str, id: &str) -> Vec<bool> {
    let seen = app.run(who, TOLD, json!({})).await;
    let nodes = seen["viewer"]["notifications"]["nodes"].as_array().unwrap().clone();
    let about = nodes.into_iter().filter(|told| told["event"] == kind && told["subjectId"] == id);
    about.map(|told| told["mustAct"].as_bool().unwrap()).collect()
}

async fn a_case_is_handed_over_with_its_referrals_and_the_former_holder_sees_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, sent) = stage.sent().await;
    stage.agree_to_transfer(&story).await;
    let id = stage.propose(&story).await;
    assert_eq!(told(&app, &world.official, "proposeCaseTransfer", &id).await, [true]);
    let asked = seen(&app, &world.official, &id).await;
    assert_eq!((&asked["caseIdentifier"], &asked["openReferrals"]), (&json!(story.identifier), &json!(1)));
    assert_eq!(asked["needs"], json!([{ "categoryCode": "ECO.IND.TVET", "urgency": "ROUTINE" }]));
    assert_eq!(app.run(&world.official, CASE, json!({ "id": story.case })).await["case"], Value::Null, "not yet");

    let accepted = done(
        &app,
        &world.official,
        "acceptCaseTransfer",
        answering(&id, json!({})),
        "caseTransfer { status handedOverReferrals }",
    )
    .await;
    assert_eq!(accepted["caseTransfer"], json!({ "status": "ACCEPTED", "handedOverReferrals": 1 }));
    let held = app.run(&world.official, CASE, json!({ "id": story.case })).await["case"].clone();
    assert_eq!((&held["isHeld"], &held["identifier"]), (&json!(true), &json!(story.identifier)));
    assert_eq!(held["returnFacts"], Value::Null, "a ministry never reads how somebody returned");
    let kinds: Vec<&Value> = held["timeline"]["nodes"].as_array().unwrap().iter().map(|event| &event["kind"]).collect();
    assert!(
        kinds.contains(&&json!("proposeCaseTransfer")) && kinds.contains(&&json!("acceptCaseTransfer")),
        "{kinds:?}"
    );
    for former in [&world.case_manager, &world.partner_supervisor, &world.data_protection] {
        assert_eq!(app.run(former, CASE, json!({ "id": story.case })).await["case"], Value::Null);
        assert_eq!(sent.seen_by(&app, former, "id").await, Value::Null);
        let gone = seen(&app, former, &id).await;
        assert_eq!(
            (&gone["status"], &gone["caseIdentifier"], &gone["needs"]),
            (&json!("ACCEPTED"), &Value::Null, &json!([]))
        );
    }
    let now = sent.seen_by(&app, &world.official, "version sender { name } background").await;
    assert_eq!(now["sender"]["name"], "Ministry");
    assert_eq!(sent.seen_by(&app, &world.intake, "sender { name }").await["sender"]["name"], "Ministry");
    assert_eq!(told(&app, &world.intake, "acceptCaseTransfer", &sent.id).await, [false]);
    assert_eq!(told(&app, &world.case_manager, "acceptCaseTransfer", &id).await, [false]);
    let version = now["version"].as_i64().unwrap();
    let taken = crate::support::verbs::Referred { id: sent.id.clone(), version };
    assert_eq!(
        rule(&app, &world.case_manager, "withdrawReferral", taken.input(json!({ "reason": "PERSON_DECLINED" }))).await,
        "NOT_FOUND"
    );
    taken.act(&app, &world.official, "withdrawReferral", json!({ "reason": "PERSON_DECLINED" })).await;

    let lines = app.run(&world.official, ACCESS, json!({ "id": story.case })).await;
    let lines = lines["caseAccess"]["nodes"].as_array().unwrap().clone();
    let of =
        |because: &str| lines.iter().find(|line| line["because"] == because).unwrap_or_else(|| panic!("{lines:?}"));
    assert_eq!(of("HOLDER")["organization"]["name"], "Ministry");
    assert_eq!(of("FORMER_HOLDER")["organization"]["name"], "Partner");
    assert_eq!(of("HOLDER")["since"], of("FORMER_HOLDER")["until"]);
    assert_eq!(app.count("audit WHERE operation = 'acceptCaseTransfer' AND decision = 'ALLOW'").await, 2);
}

async fn only_the_persons_own_consent_to_it_hands_a_case_over(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let manager = &world.case_manager;
    let other = Story::open_by(&app, &world, manager, world.official.organization).await;
    assert_eq!(
        rule(&app, manager, "proposeCaseTransfer", proposing(&stage, &other)).await,
        "CONSENT_MISSING",
        "to a referral is none to this"
    );
    let mut unasked = agreeing(&other, world.provider, 3);
    unasked["purpose"] = json!("CASE_TRANSFER");
    done(&app, manager, "recordConsent", unasked, "").await;
    assert_eq!(
        rule(&app, manager, "createReferral", other.referral(stage.service)).await,
        "CONSENT_MISSING",
        "nor the other way round"
    );

    let (story, id) = stage.proposed().await;
    let consents = app
        .run(
            manager,
            "query($id: ID!) { case(by: {id: $id}) { consents { id version purpose } } }",
            json!({ "id": story.case }),
        )
        .await;
    let consents = consents["case"]["consents"].as_array().unwrap().clone();
    let consent = consents.iter().find(|consent| consent["purpose"] == "CASE_TRANSFER").unwrap();
    let input = json!({ "consentId": consent["id"], "expectedVersion": consent["version"] });
    done(&app, manager, "withdrawConsent", input, "").await;
    let asked = seen(&app, &world.official, &id).await;
    assert_eq!(
        (&asked["caseIdentifier"], &asked["openReferrals"], &asked["note"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!(rule(&app, &world.official, "acceptCaseTransfer", answering(&id, json!({}))).await, "CONSENT_MISSING");
    let held = app.run(manager, CASE, json!({ "id": story.case })).await;
    assert_eq!(held["case"]["isHeld"], true, "nothing was moved");
}

async fn a_child_is_handed_over_by_a_guardian_only(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let story = stage.story().await;
    let young = json!({ "caseId": story.case, "expectedVersion": 3, "ageBand": "FROM_12_TO_17" });
    done(&app, &world.case_manager, "updateCase", young, "").await;
    let input = agreeing(&story, world.official.organization, 4);
    done(&app, &world.case_manager, "recordConsent", input, "").await;
    let refused = tried(&app, &world.case_manager, "proposeCaseTransfer", proposing(&stage, &story), "").await;
    assert_eq!(
        refused["userErrors"][0]["missing"],
        json!(["GUARDIAN_CONSENT", "CAREGIVER_INFORMED", "CHILD_VIEW"]),
        "{refused}"
    );
}

async fn the_receiver_works_in_the_program_or_has_an_agreement(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let manager = &world.case_manager;
    let story = stage.story().await;
    done(&app, manager, "recordConsent", agreeing(&story, world.stranger, 3), "").await;
    let mut input = proposing(&stage, &story);
    input["receiverId"] = json!(gid(Kind::Organization, world.stranger));
    assert_eq!(rule(&app, manager, "proposeCaseTransfer", input.clone()).await, "NOT_IN_PROGRAM");
    let agreement = stage.agreement(world.stranger);
    let made = done(&app, &world.partner_supervisor, "registerAgreement", agreement, "agreement { id }").await;
    let which = json!({ "agreementId": made["agreement"]["id"], "expectedVersion": 1 });
    done(&app, &world.outsider, "confirmAgreement", which, "").await;
    let made = done(&app, manager, "proposeCaseTransfer", input.clone(), "caseTransfer { id }").await;
    assert_eq!(rule(&app, manager, "proposeCaseTransfer", input).await, "ALREADY_EXISTS");
    let id = text(&made["caseTransfer"]["id"]);
    done(&app, &world.outsider, "acceptCaseTransfer", answering(&id, json!({})), "").await;
    assert_eq!(app.run(&world.outsider, CASE, json!({ "id": story.case })).await["case"]["isHeld"], true);
}

async fn an_unanswered_proposal_lapses_and_both_are_told(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (story, id) = Stage::set(&app, &world).await.proposed().await;
    age(&app, 14 * 24 - 1);
    run_clock(&app).await;
    let (official, manager) = (still(&app, &world.official), still(&app, &world.case_manager));
    assert_eq!(seen(&app, &official, &id).await["status"], "PROPOSED");
    age(&app, 1);
    let official = still(&app, &official);
    assert_eq!(rule(&app, &official, "acceptCaseTransfer", answering(&id, json!({}))).await, "TOO_LATE");
    age(&app, 24);
    run_clock(&app).await;
    run_clock(&app).await;
    let (official, manager) = (still(&app, &official), still(&app, &manager));
    assert_eq!(seen(&app, &manager, &id).await["status"], "LAPSED");
    assert_eq!(told(&app, &manager, "lapseCaseTransfer", &id).await, [true]);
    assert_eq!(told(&app, &official, "lapseCaseTransfer", &id).await, [false]);
    assert_eq!(app.count("event WHERE kind = 'lapseCaseTransfer' AND acting_role = 'CLOCK'").await, 1);
    assert_eq!(
        rule(&app, &official, "acceptCaseTransfer", json!({ "transferId": id, "expectedVersion": 2 })).await,
        "NOT_NOW"
    );
    assert_eq!(app.run(&manager, CASE, json!({ "id": story.case })).await["case"]["isHeld"], true);
}

async fn a_declined_or_withdrawn_proposal_leaves_the_case_where_it_is(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, id) = stage.proposed().await;
    assert_eq!(rule(&app, &world.case_manager, "acceptCaseTransfer", answering(&id, json!({}))).await, "NOT_PERMITTED");
    assert_eq!(rule(&app, &world.outsider, "acceptCaseTransfer", answering(&id, json!({}))).await, "NOT_FOUND");
    assert_eq!(
        rule(&app, &world.official, "declineCaseTransfer", answering(&id, json!({ "reason": "OTHER" }))).await,
        "TEXT_REQUIRED"
    );
    let why = json!({ "reason": "OTHER", "note": "CANARY-NOTE our office closes" });
    done(&app, &world.official, "declineCaseTransfer", answering(&id, why), "").await;
    let holder = seen(&app, &world.case_manager, &id).await;
    assert_eq!(
        (&holder["status"], &holder["answerNote"]),
        (&json!("DECLINED"), &json!("CANARY-NOTE our office closes"))
    );
    assert_eq!(told(&app, &world.case_manager, "declineCaseTransfer", &id).await, [true]);
    let gone = seen(&app, &world.official, &id).await;
    assert_eq!((&gone["caseIdentifier"], &gone["note"]), (&Value::Null, &Value::Null), "it has no say any more");
    let again = stage.propose(&story).await;
    done(&app, &world.case_manager, "withdrawCaseTransfer", answering(&again, json!({})), "").await;
    assert_eq!(told(&app, &world.official, "withdrawCaseTransfer", &again).await, [false]);
    let to_do = app.run(&world.official, TO_DO, json!({})).await["viewer"]["notifications"]["nodes"].clone();
    assert_eq!(to_do, json!([]), "nothing is left to answer");
    assert_eq!(app.run(&world.case_manager, CASE, json!({ "id": story.case })).await["case"]["isHeld"], true);
}

async fn of_many_answers_at_once_one_counts(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (_, id) = Stage::set(&app, &world).await.proposed().await;
    let asked = (0..8).map(async |_| {
        code(
            &answer(&app, &world.official, "acceptCaseTransfer", answering(&id, json!({}))).await,
            "acceptCaseTransfer",
        )
    });
    let codes = join_all(asked).await;
    assert_eq!(codes.iter().filter(|code| *code == "ok").count(), 1, "{codes:?}");
    assert_eq!(app.count("event WHERE kind = 'acceptCaseTransfer' AND subject_kind = 'CaseTransfer'").await, 1);
}

async fn many_cases_are_proposed_in_one_call_and_each_says_why_not(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (ready, unasked) = (stage.transferable().await, stage.story().await);
    let unknown = gid(Kind::Case, uuid::Uuid::new_v4());
    let select = "results { caseId transferId refusedBecause }";
    let input = proposing_many(&stage, Some(&[&unasked.case, &unknown, &ready.case]));
    let made = done(&app, &world.case_manager, "proposeCaseTransfers", input, select).await;
    let rows = made["results"].as_array().unwrap();
    let codes: Vec<&Value> = rows.iter().map(|row| &row["refusedBecause"]).collect();
    assert_eq!(codes, [&json!("CONSENT_MISSING"), &json!("NOT_FOUND"), &Value::Null]);
    assert_eq!((rows[0]["transferId"].is_null(), rows[2]["transferId"].is_null()), (true, false));
    assert_eq!(app.count("case_transfer").await, 1);
    let twice = proposing_many(&stage, Some(&[&ready.case, &ready.case]));
    assert_eq!(rule(&app, &world.case_manager, "proposeCaseTransfers", twice).await, "INVALID");
    let rest = done(&app, &world.case_manager, "proposeCaseTransfers", proposing_many(&stage, None), select).await;
    assert_eq!(rest["results"].as_array().unwrap().len(), 1, "what is proposed already is left out: {rest}");
}

async fn proposals_are_seen_by_their_two_sides_in_one_statement(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, id) = stage.proposed().await;
    let list = "{ caseTransfers { totalCount nodes { id caseIdentifier needs { urgency } note } } }";
    let sides = ["case manager", "partner's supervisor", "partner's data protection", "ministry's case manager"];
    for (name, who) in world.everybody().into_iter().filter(|(_, who)| who.token.is_some()) {
        let page = app.run(&who, list, json!({})).await["caseTransfers"].clone();
        assert_eq!(page["totalCount"], json!(i32::from(sides.contains(&name))), "{name}");
        assert_eq!(seen(&app, &who, &id).await.is_null(), !sides.contains(&name), "{name}");
    }
    assert_eq!(app.refused(&Persona::public(), list, json!({})).await, "UNAUTHENTICATED");
    let (one, _) = app.statements(app.run(&world.official, list, json!({}))).await;
    for _ in 0..3 {
        stage.proposed().await;
    }
    let (four, page) = app.statements(app.run(&world.official, list, json!({}))).await;
    assert_eq!((page["caseTransfers"]["totalCount"].clone(), one, four), (json!(4), 2, 2));
}

on_both_engines!(
    a_case_is_handed_over_with_its_referrals_and_the_former_holder_sees_nothing,
    only_the_persons_own_consent_to_it_hands_a_case_over,
    a_child_is_handed_over_by_a_guardian_only,
    the_receiver_works_in_the_program_or_has_an_agreement,
    an_unanswered_proposal_lapses_and_both_are_told,
    a_declined_or_withdrawn_proposal_leaves_the_case_where_it_is,
    of_many_answers_at_once_one_counts,
    many_cases_are_proposed_in_one_call_and_each_says_why_not,
    proposals_are_seen_by_their_two_sides_in_one_statement,
);
