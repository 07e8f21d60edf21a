//! The record of a consent, and what a withdrawal lets go.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::run;
use crate::support::situations::Stage;
use crate::support::situations::consent::withdrawal;
use crate::support::verbs::{done, text};
use crate::support::world::{World, add_service};
use serde_json::{Value, json};
use uuid::Uuid;

const RECORD: &str = "query($id: ID!, $tag: LanguageTag) { consentRecord(consentId: $id, language: $tag) { isRightToLeft text \
    holder { name } receiver { name } consent { withdrawnAt } disclosures { fields until } redactions { confirmedAt } } }";

async fn the_holder_can_hand_the_person_a_record(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, _) = stage.sent().await;
    let input = withdrawal(&stage, &story).await;
    let consent = text(&input["consentId"]);
    let record = async |who: &Persona, tag: &str| {
        app.run(who, RECORD, json!({ "id": consent, "tag": tag })).await["consentRecord"].clone()
    };
    let before = record(&world.case_manager, "en").await;
    assert!(text(&before["text"]).contains("It is still shown."), "{before}");
    assert!(text(&before["text"]).contains("What for: care"), "{before}");
    done(&app, &world.case_manager, "withdrawConsent", input, "").await;
    for who in [&world.case_manager, &world.data_protection] {
        let after = record(who, "fr").await;
        assert_eq!((&after["holder"]["name"], &after["receiver"]["name"]), (&json!("Partner"), &json!("Provider")));
        assert!(after["consent"]["withdrawnAt"].is_string() && after["disclosures"][0]["until"].is_string());
        assert_eq!(after["redactions"], json!([{ "confirmedAt": null }]));
        let words = text(&after["text"]);
        assert!(words.contains("Retiré :") && !words.contains("CANARY") && !words.contains("consent-"), "{words}");
    }
    assert_eq!(record(&world.case_manager, "ar").await["isRightToLeft"], json!(true));
    for who in [&world.intake, &world.coordinator, &world.outsider, &world.psychologist, &world.evaluator] {
        assert_eq!(record(who, "en").await, Value::Null);
    }
}

async fn held(app: &TestApp, service: Uuid) -> i32 {
    let text = "SELECT held FROM capacity WHERE service_id = $1";
    app.app.store.rows(text, vec![service.into()]).await.unwrap()[0].try_get("", "held").unwrap()
}

/// Two places of one service and one of another are held under one consent; all are free again at once.
async fn a_withdrawal_lets_every_held_place_go(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (one, two) = (
        add_service(&app, world.provider, world.district, Some(5)).await,
        add_service(&app, world.provider, world.district, Some(5)).await,
    );
    run(&app, "UPDATE service SET holds_places_at_sending = TRUE", vec![]).await;
    let story = stage.story().await;
    for service in [one, two] {
        let mut input = story.referral(service);
        input["holdPlace"] = json!(true);
        done(&app, &world.case_manager, "createReferral", input, "").await;
    }
    let accepted = story.refer_to(&app, &world.case_manager, stage.service).await;
    let accepted = accepted.act(&app, &world.intake, "acceptReferral", json!({})).await;
    let need = json!({ "caseId": story.case, "expectedVersion": 3, "categoryCode": "ECO.IND.TVET", "dimension": "ECONOMIC",
        "level": "INDIVIDUAL", "urgency": "ROUTINE", "delivery": "REFERRAL", "goals": ["CANARY-GOAL weave"] });
    let need = done(&app, &world.case_manager, "addNeed", need, "need { id }").await;
    let mut again = story.referral(one);
    (again["needId"], again["holdPlace"]) = (need["need"]["id"].clone(), json!(true));
    done(&app, &world.case_manager, "createReferral", again, "").await;
    assert_eq!((held(&app, one).await, held(&app, two).await), (2, 1));

    let input = withdrawal(&stage, &story).await;
    let select = "referrals { wasWithdrawn }";
    let done = done(&app, &world.case_manager, "withdrawConsent", input, select).await;
    let moved =
        done["referrals"].as_array().unwrap().iter().filter(|moved| moved["wasWithdrawn"] == json!(true)).count();
    assert_eq!((moved, done["referrals"].as_array().unwrap().len()), (3, 4));
    assert_eq!((held(&app, one).await, held(&app, two).await), (0, 0), "each place is free again");
    let seen = accepted.seen_by(&app, &world.worker, "status caseIdentifier").await;
    assert_eq!(seen, json!({ "status": "ACCEPTED", "caseIdentifier": null }), "the service goes on, and shows nothing");
    let back = json!({ "reason": "NO_CAPACITY" });
    let refused = crate::support::verbs::rule(&app, &world.intake, "unacceptReferral", accepted.input(back)).await;
    assert_eq!(refused, "CONSENT_MISSING", "there is nothing to decide anew without a consent");
}

on_both_engines!(the_holder_can_hand_the_person_a_record, a_withdrawal_lets_every_held_place_go);
