//! Partners with systems of their own: the chain holds, and so do their numbers.

use crate::delivery::{anew, days};
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::transfer::{answering, proposing_many};
use crate::support::situations::{Stage, report};
use crate::support::verbs::{Referred, done, key, text, tried};
use crate::support::world::{World, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};
use std::collections::BTreeMap;

async fn a_receiving_partner_names_a_better_service_without_losing_the_chain(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (story, sent) = Stage::set(&app, &world).await.sent().await;
    let better = json!({ "betterServiceId": gid(Kind::Service, world.service) });
    let redirected = sent.act(&app, &world.intake, "redirectReferral", better).await;
    let seen = redirected.seen_by(&app, &world.case_manager, "status redirectedTo { draftId }").await;
    assert_eq!(seen["status"], "DECLINED");
    let draft = Referred { id: text(&seen["redirectedTo"]["draftId"]), version: 1 };
    let onward = draft.act(&app, &world.case_manager, "sendReferral", json!({ "personInformed": true })).await;
    let accepted = onward.act(&app, &world.intake, "acceptReferral", json!({})).await;
    let seen = accepted.seen_by(&app, &world.case_manager, "status previousId attempt caseIdentifier").await;
    let chain =
        json!({ "status": "ACCEPTED", "previousId": sent.id, "attempt": 2, "caseIdentifier": story.identifier });
    assert_eq!(seen, chain);
}

async fn a_receiving_partner_takes_a_part_and_the_rest_is_referred_on(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (story, sent) = Stage::set(&app, &world).await.sent().await;
    let part = json!({ "takenGoalIds": [story.goals[0]] });
    let taken = sent.act(&app, &world.intake, "acceptReferralPartly", part).await;
    let seen = taken.seen_by(&app, &world.case_manager, "status restNeedId").await;
    assert_eq!(seen["status"], "ACCEPTED");
    let mut input = story.referral(world.service);
    input["needId"] = seen["restNeedId"].clone();
    let rest = done(&app, &world.case_manager, "createReferral", input, "referral { status goals { text } }").await;
    let goals = json!([{ "text": "CANARY-GOAL find a first customer" }]);
    assert_eq!(rest["referral"], json!({ "status": "SENT", "goals": goals }));
}

async fn a_partner_receives_a_case_and_passes_a_part_onward_without_losing_the_chain(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    // The provider received the person and helps; a part of it another can do better.
    let (part, onward) = stage.passed_on().await.accepted(&stage).await;
    let (ours, theirs) = (&world.provider_supervisor, &part.worker);
    let chain = "chain { parentId accountable { name } } sender { name } receiver { name }";
    let expected = json!({ "chain": { "parentId": part.parent.id, "accountable": { "name": "Partner" } },
                           "sender": { "name": "Provider" }, "receiver": { "name": "Municipality" } });
    for who in [ours, theirs] {
        assert_eq!(onward.seen_by(&app, who, chain).await, expected, "both know for whom they do it");
    }
    let completed = onward.act(&app, theirs, "completeReferral", part.report()).await;
    completed.act(&app, ours, "closeReferralLoop", json!({ "meaning": "PARTLY_MET" })).await;
    let whole = part.parent.act(&app, &world.worker, "completeReferral", report(&part.story)).await;
    // Whoever sent the person sees the whole chain and says what it means.
    let select = "status chain { passedOn { status receiver { name } results { result } loopMeaning } }";
    let seen = whole.seen_by(&app, &world.case_manager, select).await;
    let parts = json!([{ "status": "COMPLETED", "receiver": { "name": "Municipality" },
                         "results": [{ "result": "PARTLY" }], "loopMeaning": "PARTLY_MET" }]);
    assert_eq!(seen, json!({ "status": "COMPLETED", "chain": { "passedOn": parts } }));
    whole.act(&app, &world.case_manager, "closeReferralLoop", json!({ "meaning": "MET" })).await;
    let query = "query($id: ID!) { case(by: { id: $id }) { needs { status } } }";
    let case = app.run(&world.case_manager, query, json!({ "id": part.story.case })).await;
    assert_eq!(case["case"]["needs"], json!([{ "status": "MET" }]));
}

async fn a_partner_keeps_its_own_case_numbers_mapped_to_the_shared_reference(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (story, sent) = Stage::set(&app, &world).await.sent().await;
    let alias = json!({ "caseId": story.case, "scheme": "dossier", "value": "A-17" });
    done(&app, &world.case_manager, "addCaseAlias", alias, "").await;
    let by_number = "query($by: CaseBy!) { case(by: $by) { id identifier } }";
    let by = json!({ "by": { "alias": { "scheme": "dossier", "value": "A-17" } } });
    let seen = app.run(&world.case_manager, by_number, by.clone()).await;
    assert_eq!(seen["case"], json!({ "id": story.case, "identifier": story.identifier }));
    assert_eq!(app.run(&world.intake, by_number, by).await["case"], Value::Null, "its own, and nobody else's");
    assert_eq!(sent.seen_by(&app, &world.intake, "caseIdentifier").await["caseIdentifier"], json!(story.identifier));
}

async fn a_partner_hands_over_its_cases_and_open_referrals_when_its_contract_ends(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (referred, sent) = stage.sent().await;
    stage.agree_to_transfer(&referred).await;
    let (quiet, unasked) = (stage.transferable().await, stage.story().await);
    let select = "results { caseId transferId refusedBecause }";
    let input = proposing_many(&stage, None);
    let made = done(&app, &world.case_manager, "proposeCaseTransfers", input, select).await;
    let rows = made["results"].as_array().unwrap();
    let refused: Vec<&Value> = rows.iter().filter(|row| !row["refusedBecause"].is_null()).collect();
    assert_eq!(
        (rows.len(), refused.len(), &refused[0]["caseId"]),
        (3, 1, &json!(unasked.case)),
        "who was not asked stays"
    );
    for row in rows.iter().filter(|row| !row["transferId"].is_null()) {
        let input = answering(&text(&row["transferId"]), json!({}));
        done(&app, &world.official, "acceptCaseTransfer", input, "").await;
    }
    let list = "{ cases { totalCount } referrals(filter: {direction: SENT, isLoopOpen: true}) { nodes { id } } }";
    let theirs = app.run(&world.official, list, json!({})).await;
    assert_eq!(theirs, json!({ "cases": { "totalCount": 2 }, "referrals": { "nodes": [{ "id": sent.id }] } }));
    let ours = app.run(&world.case_manager, list, json!({})).await;
    assert_eq!(ours, json!({ "cases": { "totalCount": 1 }, "referrals": { "nodes": [] } }));
    let goes_on = Referred { version: sent.version + 1, ..sent };
    let accepted = goes_on.act(&app, &world.intake, "acceptReferral", json!({})).await;
    let seen = accepted.seen_by(&app, &world.official, "status sender { name }").await;
    assert_eq!(seen, json!({ "status": "ACCEPTED", "sender": { "name": "Ministry" } }), "nothing stood still");
    assert_ne!(quiet.case, unasked.case);
}

async fn a_partner_works_offline_for_a_day_and_syncs_without_duplicates(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (first, second, third) = (stage.sent().await.1, stage.sent().await.1, stage.sent().await.1);
    let later = Referred { version: first.version + 1, ..first.clone() };
    // What waits on the device until there is a line again, each command with the key that it was given there.
    let offline = [
        ("acknowledgeReferral", first.input(json!({ "idempotencyKey": key() }))),
        ("acceptReferral", later.input(json!({ "idempotencyKey": key() }))),
        ("declineReferral", second.input(json!({ "idempotencyKey": key(), "reason": "NO_CAPACITY" }))),
        ("acceptReferral", third.input(json!({ "idempotencyKey": key() }))),
    ];
    // Meanwhile somebody else decides the third.
    third.act(&app, &world.provider_supervisor, "declineReferral", json!({ "reason": "OUT_OF_AREA" })).await;
    days(&app, 1);
    let intake = anew(&app, &world.intake);
    let before = (app.count("event").await, app.count("outbox").await);
    let mut answers: BTreeMap<usize, Vec<Value>> = BTreeMap::new();
    // Shuffled, and twice, as a bad line does it: what depends on another goes through once that one has.
    for at in [1, 3, 2, 0, 2, 1, 0, 3] {
        let (command, input) = &offline[at];
        let select = "referral { id status version }";
        answers.entry(at).or_default().push(tried(&app, &intake, command, input.clone(), select).await);
    }
    let code = |answer: &Value| answer["userErrors"][0]["code"].clone();
    assert_eq!(answers[&0][0]["userErrors"], json!([]));
    assert_eq!(answers[&0][0]["referral"]["id"], answers[&0][1]["referral"]["id"], "done once, answered twice");
    assert_eq!(answers[&2][0], answers[&2][1]);
    assert_eq!((code(&answers[&1][0]), &answers[&1][1]["userErrors"]), (json!("STALE_VERSION"), &json!([])));
    assert_eq!(answers[&1][0]["userErrors"][0]["currentVersion"], first.version, "it says what it waits for");
    for conflict in &answers[&3] {
        assert_eq!(code(conflict), "STALE_VERSION", "somebody else was there first");
        assert_eq!(conflict["userErrors"][0]["currentVersion"], third.version + 1);
    }
    assert_eq!((app.count("event").await, app.count("outbox").await), (before.0 + 3, before.1 + 3), "once each");
    for (referral, status) in [(&first, "ACCEPTED"), (&second, "DECLINED"), (&third, "DECLINED")] {
        assert_eq!(referral.seen_by(&app, &intake, "status").await["status"], status);
    }
}

on_both_engines!(
    a_partner_works_offline_for_a_day_and_syncs_without_duplicates,
    a_partner_receives_a_case_and_passes_a_part_onward_without_losing_the_chain,
    a_receiving_partner_names_a_better_service_without_losing_the_chain,
    a_receiving_partner_takes_a_part_and_the_rest_is_referred_on,
    a_partner_keeps_its_own_case_numbers_mapped_to_the_shared_reference,
    a_partner_hands_over_its_cases_and_open_referrals_when_its_contract_ends,
);
