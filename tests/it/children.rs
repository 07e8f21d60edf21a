//! A child is never referred like a grown-up, and a child who is alone only by whoever answers for the work; and nobody is
//! sent where they are not served.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::run;
use crate::support::verbs::{Story, done, tried};
use crate::support::world::{World, add_area, add_service};
use serde_json::{Value, json};
use uuid::Uuid;

async fn missing(app: &TestApp, who: &Persona, story: &Story, service: Uuid) -> Value {
    let sent = story.referral(service);
    let tried = tried(app, who, "createReferral", sent, "referral { status }").await;
    let errors = tried["userErrors"].as_array().unwrap();
    if errors.is_empty() {
        assert_eq!(tried["referral"]["status"], "SENT");
    }
    errors.first().map_or(Value::Null, |error| error["missing"].clone())
}

/// A case of a child, who consents by whom the consent's columns say.
async fn child(app: &TestApp, world: &World, known: Value, consent: &str) -> Story {
    let story = Story::open(app, world).await;
    let mut input = json!({ "caseId": story.case, "expectedVersion": 3 });
    input.as_object_mut().unwrap().extend(known.as_object().unwrap().clone());
    done(app, &world.case_manager, "setPerson", input, "").await;
    let key = passerelle::domain::global_id::decode(&story.case).unwrap().1;
    run(app, &format!("UPDATE consent SET {consent} WHERE case_id = $1"), vec![key.into()]).await;
    story
}

fn alone() -> Value {
    json!({ "vulnerabilities": [{ "flag": "UNACCOMPANIED_CHILD", "assessedOn": "2026-11-01", "assessedBy": "worker",
        "reviewOn": "2027-05-01" }] })
}

async fn for_a_child_who_is_alone_a_relative_does_not_consent_and_a_supervisor_sends(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    for (given, lacks) in [
        ("given_by = 'GUARDIAN', guardian_relation = 'PARENT'", true),
        ("given_by = 'GUARDIAN', guardian_relation = 'SIBLING'", true),
        ("given_by = 'GUARDIAN', guardian_relation = 'CAREGIVER'", true),
        ("given_by = 'GUARDIAN', guardian_relation = 'APPOINTED_GUARDIAN'", false),
        ("given_by = 'COMPETENT_AUTHORITY'", false),
    ] {
        let story = child(&app, &world, alone(), &format!("{given}, child_view = 'AGREES'")).await;
        let by_worker = missing(&app, &world.case_manager, &story, world.service).await;
        let by_supervisor = missing(&app, &world.partner_supervisor, &story, world.service).await;
        let expected = if lacks {
            (json!(["GUARDIAN_CONSENT", "SUPERVISOR_APPROVAL"]), json!(["GUARDIAN_CONSENT"]))
        } else {
            (json!(["SUPERVISOR_APPROVAL"]), Value::Null)
        };
        assert_eq!((by_worker, by_supervisor), expected, "{given}");
    }
}

async fn whether_the_caregiver_was_told_is_answered_before_a_child_is_referred(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let given = "given_by = 'GUARDIAN', guardian_relation = 'PARENT', child_view = 'AGREES'";
    for (told, expected) in [("NULL", json!(["CAREGIVER_INFORMED"])), ("TRUE", Value::Null), ("FALSE", Value::Null)] {
        let consent = format!("{given}, caregiver_informed = {told}");
        let story = child(&app, &world, json!({ "birthDate": "2012-03-01" }), &consent).await;
        assert_eq!(missing(&app, &world.case_manager, &story, world.service).await, expected, "{told}");
    }
}

/// A service given in one area that states to serve another.
async fn serving(app: &TestApp, world: &World, given: Uuid, area: Option<Uuid>) -> Uuid {
    let service = add_service(app, world.provider, given, None).await;
    if let Some(area) = area {
        let text = "INSERT INTO service_area (service_id, area_id) VALUES ($1, $2)";
        run(app, text, vec![service.into(), area.into()]).await;
        let tx = app.app.store.begin().await.unwrap();
        tx.refresh_reach(service.into()).await.unwrap();
        tx.commit().await.unwrap();
    }
    service
}

async fn nobody_is_sent_where_they_are_not_served(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let other = add_area(&app, "XX02", 1, Some(world.country), "Other District").await;
    let below = add_area(&app, "XX0101", 2, Some(world.district), "Quarter").await;
    let refused = json!(["ELIGIBLE_AREA"]);
    for (name, given, states, expected) in [
        ("another district", other, Some(other), refused),
        ("this district", other, Some(world.district), Value::Null),
        ("a part of it", other, Some(below), Value::Null),
        ("the whole country", other, Some(world.country), Value::Null),
        ("given here", world.district, Some(other), Value::Null),
        ("given in all the country", world.country, Some(other), Value::Null),
        ("nothing stated", other, None, Value::Null),
    ] {
        let service = serving(&app, &world, given, states).await;
        let story = Story::open(&app, &world).await;
        assert_eq!(missing(&app, &world.case_manager, &story, service).await, expected, "{name}");
    }
    // Of whom it is not known where they are, nothing is contradicted.
    let service = serving(&app, &world, other, Some(other)).await;
    let story = Story::open(&app, &world).await;
    run(&app, "UPDATE case_file SET area_id = NULL", vec![]).await;
    assert_eq!(missing(&app, &world.case_manager, &story, service).await, Value::Null);
}

on_both_engines!(
    for_a_child_who_is_alone_a_relative_does_not_consent_and_a_supervisor_sends,
    whether_the_caregiver_was_told_is_answered_before_a_child_is_referred,
    nobody_is_sent_where_they_are_not_served,
);
