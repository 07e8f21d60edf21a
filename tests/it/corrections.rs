//! Entries that somebody finds wrong: hints, declines that mend the directory, and their answers.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::run;
use crate::support::verbs::{Referred, Story, done, rule, text, tried};
use crate::support::world::{World, add_member, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

const LIST: &str = "query($filter: ServiceCorrectionFilter) { serviceCorrections(filter: $filter) { totalCount nodes {
    id version about criterion text status reason serviceName publisher { name } reportedBy { name } } } }";

async fn listed(app: &TestApp, who: &Persona, filter: Value) -> Value {
    app.run(who, LIST, json!({ "filter": filter })).await["serviceCorrections"].clone()
}

async fn declined(app: &TestApp, world: &World, more: Value) -> (Referred, Value) {
    let sent = Story::open(app, world).await.refer(app, world).await;
    let payload = tried(app, &world.intake, "declineReferral", sent.input(more), "referral { version }").await;
    (sent, payload)
}

async fn ineligibility_rests_on_a_published_condition_or_proposes_one(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    run(&app, "UPDATE service SET eligibility = '{\"non_returnees\":false}'", vec![]).await;
    let wrong = [
        (json!({ "reason": "NOT_ELIGIBLE" }), "REQUIRED"),
        (json!({ "reason": "NOT_ELIGIBLE", "criterion": "HAS_LAND" }), "INVALID"),
        (json!({ "reason": "NOT_ELIGIBLE", "criterion": "RETURNEES", "proposedCriterion": "Has land" }), "INVALID"),
        (json!({ "reason": "NO_CAPACITY", "criterion": "RETURNEES" }), "INVALID"),
    ];
    for (more, code) in wrong {
        let (_, payload) = declined(&app, &world, more.clone()).await;
        assert_eq!(payload["userErrors"][0]["code"], code, "{more}");
    }
    // Nothing is known of whether the person returned, so the citation stands and nothing is to be mended.
    let (sent, _) = declined(&app, &world, json!({ "reason": "NOT_ELIGIBLE", "criterion": "RETURNEES" })).await;
    let because = "ineligibleBecause { criterion proposed }";
    let seen = sent.seen_by(&app, &world.case_manager, because).await;
    assert_eq!(seen["ineligibleBecause"], json!({ "criterion": "RETURNEES", "proposed": null }));
    assert_eq!(app.count("service_correction").await, 0);
    // The person speaks French, as the receiver was shown, and French is spoken there.
    let (_, payload) = declined(&app, &world, json!({ "reason": "NOT_ELIGIBLE", "criterion": "LANGUAGE" })).await;
    assert_eq!(payload["userErrors"], json!([]));
    let proposing = json!({ "reason": "NOT_ELIGIBLE", "proposedCriterion": "Has land" });
    let (sent, payload) = declined(&app, &world, proposing).await;
    assert_eq!(payload["userErrors"], json!([]));
    let seen = sent.seen_by(&app, &world.case_manager, because).await;
    assert_eq!(seen["ineligibleBecause"], json!({ "criterion": null, "proposed": "Has land" }));
    let all = listed(&app, &world.provider_supervisor, json!({ "ownServices": true, "status": ["OPEN"] })).await;
    let told: Vec<_> =
        all["nodes"].as_array().unwrap().iter().map(|one| (text(&one["about"]), one["criterion"].clone())).collect();
    assert_eq!(
        told,
        [("PROPOSED_CRITERION".to_owned(), json!(null)), ("CITED_CRITERION".to_owned(), json!("LANGUAGE"))]
    );
    let notices = "notification WHERE kind = 'SERVICE_CORRECTION_OPENED' AND must_act AND role = 'DIRECTORY_EDITOR'";
    assert_eq!(app.count(notices).await, 2);
}

async fn a_proposed_condition_is_taken_over_into_the_entry(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let proposing = json!({ "reason": "NOT_ELIGIBLE", "proposedCriterion": "Has land" });
    declined(&app, &world, proposing).await;
    let all = listed(&app, &world.provider_supervisor, json!({})).await;
    let answer = |more: Value| {
        let mut input = json!({ "correctionId": all["nodes"][0]["id"], "expectedVersion": 1, "answer": "TAKEN_OVER" });
        input.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        input
    };
    let supervisor = &world.provider_supervisor;
    assert_eq!(rule(&app, supervisor, "answerServiceCorrection", answer(json!({}))).await, "REQUIRED");
    let built_in = answer(json!({ "criterionKey": "AGE" }));
    assert_eq!(rule(&app, supervisor, "answerServiceCorrection", built_in).await, "INVALID");
    assert_eq!(
        rule(&app, &world.worker, "answerServiceCorrection", answer(json!({ "criterionKey": "HAS_LAND" }))).await,
        "NOT_PERMITTED"
    );
    let select = "correction { status version service { version criteria { key kind text } } }";
    let input = answer(json!({ "criterionKey": "HAS_LAND" }));
    let done = done(&app, supervisor, "answerServiceCorrection", input.clone(), select).await;
    assert_eq!(done["correction"]["status"], "TAKEN_OVER");
    let criteria = done["correction"]["service"]["criteria"].as_array().unwrap().clone();
    assert!(criteria.contains(&json!({ "key": "HAS_LAND", "kind": "STATED", "text": "Has land" })), "{criteria:?}");
    let mut again = input;
    again["expectedVersion"] = json!(2);
    assert_eq!(rule(&app, supervisor, "answerServiceCorrection", again).await, "NOT_NOW");
    let (_, payload) = declined(&app, &world, json!({ "reason": "NOT_ELIGIBLE", "criterion": "HAS_LAND" })).await;
    assert_eq!(payload["userErrors"], json!([]), "from now on it can be cited");
}

async fn whoever_sees_a_service_can_say_that_it_is_wrong_and_is_answered(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let service = gid(Kind::Service, world.service);
    let report = json!({ "serviceId": service, "about": "CONTACT", "text": "Nobody answers" });
    let said = done(&app, &world.case_manager, "reportServiceCorrection", report.clone(), "correction { id }").await;
    assert_eq!(rule(&app, &world.case_manager, "reportServiceCorrection", report).await, "ALREADY_EXISTS");
    let more = json!({ "serviceId": service, "about": "OTHER" });
    assert_eq!(rule(&app, &world.case_manager, "reportServiceCorrection", more).await, "TEXT_REQUIRED");
    let more = json!({ "serviceId": service, "about": "PROPOSED_CRITERION", "text": "x" });
    assert_eq!(rule(&app, &world.case_manager, "reportServiceCorrection", more).await, "INVALID");
    let editor = add_member(&app, world.provider, "DIRECTORY_EDITOR").await;
    let seen = listed(&app, &editor, json!({ "ownServices": true, "serviceId": service })).await;
    assert_eq!(seen["nodes"][0]["reportedBy"]["name"], "Partner");
    let nothing = json!({ "totalCount": 0, "nodes": [] });
    let id = said["correction"]["id"].clone();
    for who in [&world.outsider, &world.editor, &world.donor_officer, &world.coordinator, &world.official] {
        assert_eq!(listed(&app, who, json!({})).await, nothing, "a stranger sees nothing");
        let node = app.run(who, "query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
        assert_eq!(node, json!({ "node": null }));
    }
    assert_eq!(app.refused(&Persona::public(), LIST, json!({})).await, "UNAUTHENTICATED");
    let dismissing = json!({ "correctionId": id, "expectedVersion": 1, "answer": "DISMISSED" });
    assert_eq!(rule(&app, &editor, "answerServiceCorrection", dismissing.clone()).await, "TEXT_REQUIRED");
    assert_eq!(rule(&app, &world.outsider, "answerServiceCorrection", dismissing.clone()).await, "TEXT_REQUIRED");
    let mut input = dismissing;
    input["reason"] = json!("It works again");
    assert_eq!(rule(&app, &world.outsider, "answerServiceCorrection", input.clone()).await, "NOT_FOUND");
    assert_eq!(rule(&app, &world.case_manager, "answerServiceCorrection", input.clone()).await, "NOT_PERMITTED");
    done(&app, &editor, "answerServiceCorrection", input, "").await;
    let seen = listed(&app, &world.case_manager, json!({ "status": ["DISMISSED"] })).await;
    assert_eq!(seen["nodes"][0]["reason"], "It works again");
    assert_eq!(app.count("notification WHERE kind = 'SERVICE_CORRECTION_ANSWERED'").await, 1);
}

async fn a_service_that_is_hidden_cannot_be_found_wrong(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let input = json!({ "name": "Shelter", "language": "en", "visibility": "OWN" });
    let made = done(&app, &world.editor, "publishService", input, "service { id }").await;
    let report = json!({ "serviceId": made["service"]["id"], "about": "CLOSED" });
    assert_eq!(rule(&app, &world.case_manager, "reportServiceCorrection", report).await, "NOT_FOUND");
}

on_both_engines!(
    ineligibility_rests_on_a_published_condition_or_proposes_one,
    a_proposed_condition_is_taken_over_into_the_entry,
    whoever_sees_a_service_can_say_that_it_is_wrong_and_is_answered,
    a_service_that_is_hidden_cannot_be_found_wrong,
);
