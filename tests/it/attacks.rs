//! Ways in that an attacker who read the source found, each closed by the test that shows it.

use crate::support::app::{TestApp, read};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::verbs::{Story, done};
use crate::support::world::{World, add_member, gid};
use jiff::SignedDuration;
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

/// A list of thousands that are all wrong is told as wrong ten times.
async fn a_flood_of_wrong_values_is_answered_briefly(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let input = json!({ "idempotencyKey": "k", "name": "n", "language": "fr", "languages": vec!["fr"; 3_000] });
    let query = "mutation($i: PublishServiceInput!) { publishService(input: $i) { userErrors { code field } } }";
    let answer = app.post(&world.editor, query, json!({ "i": input })).await;
    let told = answer.body["data"]["publishService"]["userErrors"].as_array().unwrap().len();
    assert!((1..=10).contains(&told), "{told} errors");
}

/// A list of codes is never longer than the codes there are.
async fn a_flood_of_codes_asks_for_each_once(engine: Engine) {
    let app = TestApp::start(engine).await;
    World::fill(&app).await;
    let query = "query($d: [Dimension!], $k: [OrganizationKind!]) {
        services(filter: {dimension: $d, organizationKind: $k}) { totalCount } organizations(filter: {kind: $k}) { totalCount } }";
    let public = crate::support::app::Persona::public();
    let flood = json!({ "d": vec!["ECONOMIC"; 1_500], "k": vec!["SERVICE_PROVIDER"; 1_500] });
    let found = app.run(&public, query, flood).await;
    assert_eq!((&found["services"]["totalCount"], &found["organizations"]["totalCount"]), (&json!(1), &json!(3)));
}

/// A referral is no window on a service that was hidden in the meantime.
async fn a_hidden_service_stays_hidden_behind_a_referral(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    let mut input = story.referral(world.service);
    input["send"] = json!(false);
    let draft = done(&app, &world.case_manager, "createReferral", input, "referral { id }").await;
    let change = json!({
        "serviceId": gid(Kind::Service, world.service), "expectedVersion": 1, "visibility": "OWN",
        "description": "CANARY-HIDDEN", "contacts": [{ "role": "Night desk", "phone": "+000 111" }],
    });
    done(&app, &world.provider_supervisor, "updateService", change, "service { id }").await;
    let query = "query($id: ID!) { referral(by: {id: $id}) { service { name description contacts { phone }
        capacities { total } locations { location { address latitude } } } } }";
    let seen = app.run(&world.case_manager, query, json!({ "id": draft["referral"]["id"] })).await;
    let service = &seen["referral"]["service"];
    assert_eq!(service["name"], json!("Vocational training"));
    assert_eq!((&service["description"], &service["contacts"]), (&json!(""), &json!([])));
    assert_eq!((&service["capacities"], &service["locations"]), (&json!([]), &json!([])));
    let input = json!({ "referralId": draft["referral"]["id"], "expectedVersion": 1, "personInformed": true });
    assert_eq!(crate::support::verbs::rule(&app, &world.case_manager, "sendReferral", input).await, "SERVICE_CLOSED");
}

/// Who may not see a referral is not told of it either.
async fn notifications_are_for_those_who_may_see(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    Story::open(&app, &world).await.refer(&app, &world).await;
    let editor = add_member(&app, world.provider, "DIRECTORY_EDITOR").await;
    let query = "{ viewer { notifications { totalCount nodes { id } } } }";
    let told = app.run(&world.intake, query, json!({})).await;
    assert_eq!(told["viewer"]["notifications"]["totalCount"], json!(1));
    let unseen = app.run(&editor, query, json!({})).await;
    assert_eq!(unseen["viewer"]["notifications"], json!({ "totalCount": 0, "nodes": [] }));
    let id = &told["viewer"]["notifications"]["nodes"][0]["id"];
    let node = app.run(&editor, "query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
    assert_eq!(node["node"], Value::Null);
}

/// A consent that has expired ends nothing and discloses nothing more.
async fn an_expired_consent_discloses_nothing_more(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    let input = json!({
        "caseId": story.case, "expectedVersion": 3, "receiverId": gid(Kind::Organization, world.provider),
        "fields": ["CASE_IDENTIFIER", "NEED", "URGENCY", "GOALS"], "method": "VERBAL", "language": "fr",
        "noticeVersion": "1", "givenOn": "2026-11-25", "expiresOn": "2026-11-25",
    });
    let consent = done(&app, &world.case_manager, "recordConsent", input, "consent { id }").await;
    let mut input = story.referral(world.service);
    input["consentId"] = consent["consent"]["id"].clone();
    let made = done(&app, &world.case_manager, "createReferral", input, "referral { id version }").await;
    app.clock.advance(SignedDuration::from_hours(24));
    // Tokens outlive the day in the demonstration's keyring no longer than twelve hours, so the intake signs in anew.
    let intake = add_member(&app, world.provider, "INTAKE").await;
    let input = json!({ "referralId": made["referral"]["id"], "expectedVersion": made["referral"]["version"] });
    let accepted =
        done(&app, &intake, "acceptReferral", input, "referral { status caseIdentifier goals { text } }").await;
    assert_eq!(accepted["referral"]["status"], json!("ACCEPTED"));
    assert!(accepted["referral"]["caseIdentifier"].is_string(), "what was seen stays");
    assert_eq!(accepted["referral"]["goals"][0]["text"], Value::Null, "nothing more is shown");
}

/// A receiver learns that a referral was taken back, not why; a coordinator learns no outcome of a goal.
async fn reasons_and_outcomes_stay_with_those_concerned(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let sent = Story::open(&app, &world).await.refer(&app, &world).await;
    let withdrawn = sent.act(&app, &world.case_manager, "withdrawReferral", json!({ "reason": "DECEASED" })).await;
    let select = "status reason events { nodes { reason } }";
    let receiver = withdrawn.seen_by(&app, &world.intake, select).await;
    assert_eq!(receiver["status"], json!("WITHDRAWN"));
    assert!(!receiver.to_string().contains("DECEASED"), "{receiver}");
    let sender = withdrawn.seen_by(&app, &world.case_manager, select).await;
    assert_eq!(sender["reason"], json!("DECEASED"));

    let story = Story::open(&app, &world).await;
    let accepted = story.refer(&app, &world).await.act(&app, &world.intake, "acceptReferral", json!({})).await;
    let report = crate::support::situations::report(&story);
    let completed = accepted.act(&app, &world.worker, "completeReferral", report).await;
    let seen = completed.seen_by(&app, &world.coordinator, "status goals { result unit quantity achievedOn }").await;
    let nothing = json!({ "result": null, "unit": null, "quantity": null, "achievedOn": null });
    assert_eq!((&seen["status"], &seen["goals"][0]), (&json!("COMPLETED"), &nothing));
}

/// An address ends up in logs, so who is known asks with POST.
async fn a_request_with_a_token_is_a_post(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let get = || app.request(reqwest::Method::GET, "/graphql?query=%7B__typename%7D");
    assert_eq!(read(get().send().await.unwrap()).await.status, 200);
    let known = get().bearer_auth(world.intake.token.clone().unwrap()).send().await.unwrap();
    assert_eq!(read(known).await.status, 405);
}

on_both_engines!(
    a_flood_of_wrong_values_is_answered_briefly,
    a_flood_of_codes_asks_for_each_once,
    a_hidden_service_stays_hidden_behind_a_referral,
    notifications_are_for_those_who_may_see,
    an_expired_consent_discloses_nothing_more,
    reasons_and_outcomes_stay_with_those_concerned,
    a_request_with_a_token_is_a_post,
);
