//! Who a person is, is told field by field: under a consent, under an agreement, and once a receiver has taken them on.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::Stage;
use crate::support::verbs::{Referred, Story, done, rule, text};
use crate::support::world::{World, add_member, gid};
use jiff::SignedDuration;
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

const PERSON: &str = "id givenName familyName phone birthDate vulnerabilities { flag assessedBy }
    compartments { compartment isFilled }";
const REFERRED: &str = "agreementId person { ageBand givenName familyName phone birthDate vulnerabilities { flag } }";

/// The partner's case with a person, and a consent of the provider that lists some of their fields.
async fn known(app: &TestApp, world: &World) -> Story {
    let story = Story::open(app, world).await;
    let input = json!({ "caseId": story.case, "expectedVersion": 3, "givenName": "CANARY-GIVEN",
        "familyName": "CANARY-FAMILY", "phone": "+221 77 123 45 67", "birthDate": "1990-05-04",
        "vulnerabilities": [{ "flag": "DISABILITY", "assessedOn": "2026-11-01", "assessedBy": "CANARY-NURSE",
                              "reviewOn": "2027-05-01" }] });
    done(app, &world.case_manager, "setPerson", input, "case { version }").await;
    // The newest consent is the one that counts.
    app.clock.advance(SignedDuration::from_secs(1));
    let input = json!({ "caseId": story.case, "expectedVersion": 4,
        "receiverId": gid(Kind::Organization, world.provider),
        "fields": ["CASE_IDENTIFIER", "NEED", "URGENCY", "AGE_BAND", "GIVEN_NAME", "PHONE"],
        "method": "VERBAL", "language": "fr", "noticeVersion": "2026-1", "givenOn": "2026-11-25" });
    done(app, &world.case_manager, "recordConsent", input, "consent { id }").await;
    story
}

/// An agreement in force between partner and provider.
async fn agreed(app: &TestApp, world: &World) -> String {
    let input = Stage::set(app, world).await.agreement(world.provider);
    let made = done(app, &world.partner_supervisor, "registerAgreement", input, "agreement { id }").await;
    let id = text(&made["agreement"]["id"]);
    let input = json!({ "agreementId": id, "expectedVersion": 1 });
    done(app, &world.provider_supervisor, "confirmAgreement", input, "agreement { status }").await;
    id
}

async fn of_case(app: &TestApp, who: &Persona, story: &Story) -> Value {
    let query = format!("query($id: ID!) {{ case(by: {{ id: $id }}) {{ person {{ {PERSON} }} }} }}");
    app.run(who, &query, json!({ "id": story.case })).await["case"].clone()
}

async fn readings(app: &TestApp) -> i64 {
    app.count("audit WHERE operation = 'readPerson'").await
}

async fn a_person_is_released_field_by_field_from_acceptance_on(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = known(&app, &world).await;
    let refused = rule(&app, &world.case_manager, "createReferral", story.referral(world.service)).await;
    assert_eq!(refused, "AGREEMENT_MISSING");
    let agreement = agreed(&app, &world).await;
    let sent: Referred = story.refer(&app, &world).await;
    let before = sent.seen_by(&app, &world.intake, REFERRED).await;
    assert_eq!(before["agreementId"], json!(agreement));
    assert_eq!(before["person"]["givenName"], json!(null), "nobody is named before the decision");
    assert_eq!(readings(&app).await, 0, "nothing was read, so nothing is written down");
    let taken = sent.act(&app, &world.intake, "acceptReferral", json!({})).await;
    let seen = taken.seen_by(&app, &world.worker, REFERRED).await["person"].clone();
    assert_eq!(
        seen,
        json!({ "ageBand": "FROM_25_TO_39", "givenName": "CANARY-GIVEN", "familyName": null,
                "phone": "+221 77 123 45 67", "birthDate": null, "vulnerabilities": [] })
    );
    assert_eq!(readings(&app).await, 1, "one row for the operation");
    let protection = add_member(&app, world.provider, "DATA_PROTECTION").await;
    for who in [&protection, &world.coordinator] {
        let seen = taken.seen_by(&app, who, "person { givenName phone }").await;
        assert!(!seen.to_string().contains("CANARY"), "{seen}");
    }
}

async fn the_holder_reads_what_its_watchers_only_count(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = known(&app, &world).await;
    for who in [&world.case_manager, &world.partner_supervisor] {
        let seen = of_case(&app, who, &story).await["person"].clone();
        assert_eq!(seen["familyName"], json!("CANARY-FAMILY"));
        assert_eq!(seen["vulnerabilities"], json!([{ "flag": "DISABILITY", "assessedBy": "CANARY-NURSE" }]));
    }
    assert_eq!(readings(&app).await, 2);
    let protection = add_member(&app, world.partner, "DATA_PROTECTION").await;
    let seen = of_case(&app, &protection, &story).await["person"].clone();
    assert!(!seen.to_string().contains("CANARY"), "{seen}");
    assert_eq!(seen["compartments"][0], json!({ "compartment": "IDENTITY", "isFilled": true }));
    assert_eq!(readings(&app).await, 2);
    let manager = add_member(&app, world.partner, "PROGRAM_MANAGER").await;
    let node = "query($id: ID!) { node(id: $id) { __typename } }";
    for who in [&manager, &world.evaluator, &world.outsider, &world.official, &world.donor_officer] {
        assert_eq!(of_case(&app, who, &story).await, json!(null));
        assert_eq!(app.run(who, node, json!({ "id": seen["id"] })).await["node"], json!(null));
    }
    assert_eq!(app.run(&world.case_manager, node, json!({ "id": seen["id"] })).await["node"]["__typename"], "Person");
    let input = json!({ "caseId": story.case, "expectedVersion": 5, "phone": null });
    done(&app, &world.case_manager, "setPerson", input, "").await;
    assert_eq!(of_case(&app, &world.case_manager, &story).await["person"]["phone"], json!(null));
}

async fn an_agreement_that_ended_shows_no_more_and_hides_nothing_that_runs(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let agreement = agreed(&app, &world).await;
    let running = known(&app, &world).await.refer(&app, &world).await;
    let running = running.act(&app, &world.intake, "acceptReferral", json!({})).await;
    let waiting = known(&app, &world).await.refer(&app, &world).await;
    let which = json!({ "agreementId": agreement, "expectedVersion": 2 });
    done(&app, &world.provider_supervisor, "endAgreement", which, "").await;
    let seen = running.seen_by(&app, &world.worker, "person { givenName }").await;
    assert_eq!(seen["person"]["givenName"], json!("CANARY-GIVEN"), "what runs stays visible");
    let taken = waiting.act(&app, &world.intake, "acceptReferral", json!({})).await;
    let seen = taken.seen_by(&app, &world.worker, "person { ageBand givenName }").await;
    assert_eq!(seen["person"], json!({ "ageBand": "FROM_25_TO_39", "givenName": null }));
    let story = known(&app, &world).await;
    let refused = rule(&app, &world.case_manager, "createReferral", story.referral(world.service)).await;
    assert_eq!(refused, "AGREEMENT_MISSING");
}

async fn a_child_is_known_by_a_date_of_birth_too(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    for (known, expected) in [
        (json!({ "birthDate": "2008-11-26" }), json!(["GUARDIAN_CONSENT", "CAREGIVER_INFORMED", "CHILD_VIEW"])),
        (json!({ "birthDate": "2008-11-25" }), Value::Null),
        (
            json!({ "vulnerabilities": [{ "flag": "UNACCOMPANIED_CHILD", "assessedOn": "2026-11-01",
                "assessedBy": "worker", "reviewOn": "2027-05-01" }] }),
            json!(["GUARDIAN_CONSENT", "CHILD_VIEW", "SUPERVISOR_APPROVAL"]),
        ),
    ] {
        let story = returned(&app, &world, &json!({ "assistance": "ASSISTED" })).await;
        let mut input = json!({ "caseId": story.case, "expectedVersion": 3 });
        input.as_object_mut().unwrap().extend(known.as_object().unwrap().clone());
        done(&app, &world.case_manager, "setPerson", input, "").await;
        let sent = story.referral(world.service);
        let tried = crate::support::verbs::tried(&app, &world.case_manager, "createReferral", sent, "").await;
        assert_eq!(tried["userErrors"][0]["missing"], expected, "{known}");
    }
}

async fn what_changes_after_a_consent_expired_is_not_shown(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = known(&app, &world).await;
    agreed(&app, &world).await;
    let sent = story.refer(&app, &world).await;
    let taken = sent.act(&app, &world.intake, "acceptReferral", json!({})).await;
    let select = "person { givenName phone }";
    let seen = taken.seen_by(&app, &world.intake, select).await;
    assert_eq!(seen["person"], json!({ "givenName": "CANARY-GIVEN", "phone": "+221 77 123 45 67" }));
    let set = async |version: i64, phone: &str| {
        let input = json!({ "caseId": story.case, "expectedVersion": version, "phone": phone });
        done(&app, &world.case_manager, "setPerson", input, "case { version }").await;
    };
    set(5, "+221 77 000 00 01").await;
    let seen = taken.seen_by(&app, &world.intake, select).await;
    assert_eq!(seen["person"]["phone"], json!("+221 77 000 00 01"), "while it holds, what is true is shown");
    crate::support::seed::run(&app, "UPDATE consent SET expires_on = '2026-11-24'", vec![]).await;
    set(6, "+221 77 000 00 02").await;
    let seen = taken.seen_by(&app, &world.intake, select).await;
    assert_eq!(seen["person"], json!({ "givenName": "CANARY-GIVEN", "phone": null }), "and nothing new after that");
}

async fn every_way_of_return_can_be_referred_and_no_government_reads_it(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let only = r#"{"return_types":["AVRR"]}"#;
    let narrow = crate::support::world::add_service(&app, world.provider, world.district, None).await;
    let text = "UPDATE service SET eligibility = $1 WHERE id = $2";
    crate::support::seed::run(&app, text, vec![only.into(), narrow.into()]).await;
    for (voluntariness, assistance, humanitarian, is_taken) in [
        ("VOLUNTARY", "ASSISTED", false, true),
        ("OBLIGED", "ASSISTED", true, false),
        ("VOLUNTARY", "UNASSISTED", false, false),
        ("FORCED", "ASSISTED", false, false),
        ("UNDISCLOSED", "UNKNOWN", false, true),
    ] {
        let facts = json!({ "voluntariness": voluntariness, "assistance": assistance,
            "humanitarianSetting": humanitarian, "hostLegalSituation": "TOLERATED",
            "returnInstrument": "REMOVAL_ORDER", "hostCountry": "ZZ" });
        for who in [&world.case_manager, &world.official] {
            let input = json!({ "programId": gid(Kind::Program, world.program), "returnFacts": facts });
            let query = "case { id returnFacts { returnType hostCountry } }";
            let opened = done(&app, who, "openCase", input, query).await["case"].clone();
            assert_eq!(opened["returnFacts"].is_null(), who.id == world.official.id, "{opened}");
        }
        let story = returned(&app, &world, &facts).await;
        story.refer(&app, &world).await;
        let story = returned(&app, &world, &facts).await;
        let select = "referral { id }";
        let tried =
            crate::support::verbs::tried(&app, &world.case_manager, "createReferral", story.referral(narrow), select);
        let missing = tried.await["userErrors"][0]["missing"].clone();
        let expected = if is_taken { json!(null) } else { json!(["ELIGIBLE_RETURN_TYPE"]) };
        assert_eq!(missing, expected, "{voluntariness} {assistance}");
    }
}

/// A case of the partner's with these facts about the return, a need and a consent.
async fn returned(app: &TestApp, world: &World, facts: &Value) -> Story {
    let who = &world.case_manager;
    let input =
        json!({ "programId": gid(Kind::Program, world.program), "returnFacts": facts, "ageBand": "FROM_18_TO_24" });
    let opened = done(app, who, "openCase", input, "case { id identifier }").await["case"].clone();
    let input = json!({ "caseId": opened["id"], "expectedVersion": 1, "categoryCode": "ECO.IND.TVET",
        "dimension": "ECONOMIC", "level": "INDIVIDUAL", "urgency": "ROUTINE", "delivery": "REFERRAL", "goals": ["g"] });
    let added = done(app, who, "addNeed", input, "need { id goals { id } }").await;
    let input = json!({ "caseId": opened["id"], "expectedVersion": 2,
        "receiverId": gid(Kind::Organization, world.provider), "fields": ["CASE_IDENTIFIER", "NEED", "URGENCY"],
        "method": "VERBAL", "language": "fr", "noticeVersion": "2026-1", "givenOn": "2026-11-25" });
    done(app, who, "recordConsent", input, "").await;
    let goals = vec![text(&added["need"]["goals"][0]["id"])];
    let (case, identifier, need) = (text(&opened["id"]), text(&opened["identifier"]), text(&added["need"]["id"]));
    Story { case, identifier, need, goals }
}

on_both_engines!(
    a_child_is_known_by_a_date_of_birth_too,
    what_changes_after_a_consent_expired_is_not_shown,
    an_agreement_that_ended_shows_no_more_and_hides_nothing_that_runs,
    every_way_of_return_can_be_referred_and_no_government_reads_it,
    a_person_is_released_field_by_field_from_acceptance_on,
    the_holder_reads_what_its_watchers_only_count,
);
