//! A receiver passes a part of its referral on: the chain holds, the case's holder stays accountable, and nothing of it
//! outlives the referral of which it is a part.

use crate::support::app::{Persona, TestApp};
use crate::support::clocked::{still, stored};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::chain::{Part, passing_on};
use crate::support::situations::{Stage, report};
use crate::support::verbs::{Referred, done, rule, text};
use crate::support::world::{World, add_service};
use serde_json::{Value, json};

const PARTS: &str = "chain { passedOn { referralId status receiver { name } results { result } loopMeaning reason } }";

/// What somebody was told, and of what.
async fn told(app: &TestApp, who: &Persona, event: &str) -> Vec<(String, bool)> {
    let query = "{ viewer { notifications(first: 50) { nodes { event subjectId mustAct } } } }";
    let seen = app.run(&still(app, who), query, json!({})).await;
    let nodes = seen["viewer"]["notifications"]["nodes"].as_array().unwrap().clone();
    let about = nodes.iter().filter(|node| node["event"] == event);
    about.map(|node| (text(&node["subjectId"]), node["mustAct"] == true)).collect()
}

async fn a_part_goes_under_the_persons_consent_that_names_its_receiver(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let part = stage.passed_on().await;
    let needs = told(&app, &world.case_manager, "PASSED_ON_NEEDS_CONSENT").await;
    assert_eq!(needs, [(part.parent.id.clone(), true)], "the holder records the consent");
    let sender = &world.provider_supervisor;
    let send = part.draft.input(json!({ "personInformed": true }));
    assert_eq!(rule(&app, sender, "sendReferral", send.clone()).await, "CONSENT_MISSING", "the provider's own is none");
    for (who, code) in
        [(&world.worker, "NOT_PERMITTED"), (&world.case_manager, "NOT_FOUND"), (&part.intake, "NOT_FOUND")]
    {
        assert_eq!(rule(&app, who, "sendReferral", send.clone()).await, code);
    }
    let (part, sent) = part.sent(&stage).await;
    assert_eq!(app.count("notification WHERE kind = 'PASSED_ON_MOVED'").await, 1);
    let select = "status caseIdentifier background sender { name } person { sex ageBand } goals { text }
                  chain { parentId accountable { name } }";
    let seen = sent.seen_by(&app, &part.intake, select).await;
    let expected = json!({ "status": "SENT", "caseIdentifier": part.story.identifier, "sender": { "name": "Provider" },
        "background": "CANARY-BACKGROUND tools are missing", "person": { "sex": "FEMALE", "ageBand": null },
        "goals": [{ "text": null }], "chain": { "parentId": part.parent.id, "accountable": { "name": "Partner" } } });
    assert_eq!(seen, expected, "what the consent for it says");
    assert_eq!(part.parent.seen_by(&app, &part.intake, "id").await, Value::Null, "and nothing of the other");
    let seen = sent.seen_by(&app, sender, "person { sex ageBand language } goals { text } background").await;
    assert_eq!(
        seen["person"],
        json!({ "sex": null, "ageBand": "FROM_25_TO_39", "language": "fr" }),
        "what it was shown itself"
    );
    assert_eq!(seen["goals"], json!([{ "text": "CANARY-GOAL find a first customer" }]));
}

async fn whoever_passes_on_does_not_learn_where_else_the_person_was_referred(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, parent) = stage.accepted().await;
    let begun = json!({ "firstContactOn": "2026-11-25" });
    let parent = parent.act(&app, &world.worker, "startReferralService", begun).await;
    let (asked, other) = (stage.onward().await, stage.onward().await);
    stage.agree_to_pass_on(&story).await;
    story.refer_to(&app, &world.case_manager, asked).await;
    app.clock.advance(jiff::SignedDuration::from_secs(60));
    let select = "referral { id version status }";
    let mut drafts = Vec::new();
    for service in [asked, other] {
        let input = passing_on(&parent, service, json!({ "goalIds": [story.goals[1]] }));
        let made = done(&app, &world.worker, "passReferralOn", input, select).await;
        assert_eq!(made["referral"]["status"], "DRAFT");
        drafts.push(Referred { id: text(&made["referral"]["id"]), version: 1 });
    }
    let sender = &world.provider_supervisor;
    let informed = json!({ "personInformed": true });
    for draft in &drafts {
        let code = rule(&app, sender, "sendReferral", draft.input(informed.clone())).await;
        assert_eq!(code, "CONSENT_MISSING", "the consent was for the holder's own referral");
    }
    stage.agree_to_pass_on(&story).await;
    for draft in &drafts {
        draft.act(&app, sender, "sendReferral", informed.clone()).await;
    }
    let again = passing_on(&parent, asked, json!({ "goalIds": [story.goals[1]] }));
    assert_eq!(rule(&app, &world.worker, "passReferralOn", again).await, "DUPLICATE_REFERRAL", "its own, it knows");
}

async fn the_holder_sees_that_it_is_passed_on_and_what_came_of_it(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (part, accepted) = stage.passed_on().await.accepted(&stage).await;
    let (holder, sender) = (&world.case_manager, &world.provider_supervisor);
    let completed = accepted.act(&app, &part.worker, "completeReferral", part.report()).await;
    let line = |status: &str, meaning: Value| {
        json!({ "chain": { "passedOn": [{ "referralId": accepted.id, "status": status, "receiver": { "name": "Municipality" },
                "results": [{ "result": "PARTLY" }], "loopMeaning": meaning, "reason": null }] } })
    };
    assert_eq!(part.parent.seen_by(&app, holder, PARTS).await, line("COMPLETED", Value::Null));
    assert_eq!(accepted.seen_by(&app, holder, "id").await, Value::Null, "not the other organization's words");
    let told = told(&app, holder, "PASSED_ON_MOVED").await;
    assert_eq!(told.len(), 3, "sent, accepted, completed: {told:?}");
    assert!(told.iter().all(|(subject, must_act)| *subject == part.parent.id && !must_act));
    completed.act(&app, sender, "closeReferralLoop", json!({ "meaning": "MET" })).await;
    assert_eq!(part.parent.seen_by(&app, sender, PARTS).await, line("COMPLETED", json!("MET")));
    let query = "query($id: ID!) { case(by: { id: $id }) { needs { status } } }";
    let case = app.run(holder, query, json!({ "id": part.story.case })).await;
    assert_eq!(case["case"]["needs"][0]["status"], "OPEN", "what it means for the need is the holder's to say");
    let done = part.parent.act(&app, &world.worker, "completeReferral", report(&part.story)).await;
    done.act(&app, holder, "closeReferralLoop", json!({ "meaning": "PARTLY_MET" })).await;
    let case = app.run(holder, query, json!({ "id": part.story.case })).await;
    assert_eq!(case["case"]["needs"][0]["status"], "PARTLY_MET", "the part's own meaning counts for nothing");
}

async fn nothing_outlives_that_of_which_it_is_a_part(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (part, accepted) = stage.passed_on().await.accepted(&stage).await;
    let complete = part.parent.input(report(&part.story));
    assert_eq!(
        rule(&app, &world.worker, "completeReferral", complete).await,
        "OPEN_REFERRALS",
        "its own part ends last"
    );
    let close = json!({ "caseId": part.story.case, "expectedVersion": 1, "reason": "GOALS_MET" });
    assert_ne!(rule(&app, &world.case_manager, "closeCase", close).await, "ok");
    let why = |part: &Part| json!({ "reason": "FUNDING_ENDED", "outcomes": part.story.outcomes() });
    part.parent.act(&app, &world.coordinator, "endReferralEarly", why(&part)).await;
    assert_eq!(stored(&app, &accepted).await, "CANCEL_REQUESTED", "a running service winds down safely");
    let seen = accepted.seen_by(&app, &part.worker, "caseIdentifier person { sex } cancellation { reason }").await;
    let expected = json!({ "caseIdentifier": null, "person": null, "cancellation": { "reason": "NO_LONGER_NEEDED" } });
    assert_eq!(seen, expected, "and sees nothing of the person any more");
    assert_eq!(app.count("event WHERE kind = 'followParentReferral'").await, 1);
    let now = Referred { version: accepted.version + 1, ..accepted };
    now.act(&app, &part.worker, "confirmReferralCancellation", json!({ "nothingDelivered": true })).await;

    let (part, sent) = stage.passed_on().await.sent(&stage).await;
    part.parent.act(&app, &world.coordinator, "endReferralEarly", why(&part)).await;
    assert_eq!(stored(&app, &sent).await, "WITHDRAWN");
    let part = stage.passed_on().await;
    part.parent.act(&app, &world.coordinator, "endReferralEarly", why(&part)).await;
    assert_eq!(stored(&app, &part.draft).await, "WITHDRAWN", "a draft as well");
    let open =
        "access_grant g JOIN referral r ON r.id = g.cause_id WHERE r.parent_id IS NOT NULL AND g.until_at IS NULL";
    assert_eq!(app.count(open).await, 0, "no grant is left");
}

async fn a_consent_that_is_withdrawn_ends_what_was_passed_on_under_it(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let part = stage.passed_on().await;
    let consent = stage.agree_to_pass_on(&part.story).await;
    let informed = json!({ "personInformed": true });
    let sent = part.draft.act(&app, &world.provider_supervisor, "sendReferral", informed).await;
    let input = json!({ "consentId": consent, "expectedVersion": 1 });
    done(&app, &world.case_manager, "withdrawConsent", input, "").await;
    assert_eq!(stored(&app, &sent).await, "WITHDRAWN");
    assert_eq!(told(&app, &world.provider_supervisor, "withdrawConsent").await.len(), 1, "who passed it on is told");
    let seen = part.parent.seen_by(&app, &world.worker, "status caseIdentifier").await;
    assert_eq!(seen, json!({ "status": "IN_SERVICE", "caseIdentifier": part.story.identifier }), "its own goes on");
}

async fn only_what_is_the_receivers_to_give_is_passed_on_and_once(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let pass = async |who: &Persona, input: Value| rule(&app, who, "passReferralOn", input).await;
    let (_, sent) = stage.sent().await;
    let onward = stage.onward().await;
    assert_eq!(pass(&world.worker, passing_on(&sent, onward, json!({}))).await, "WRONG_STATE");
    assert_eq!(pass(&world.case_manager, passing_on(&sent, onward, json!({}))).await, "NOT_PERMITTED");
    assert_eq!(pass(&world.outsider, passing_on(&sent, onward, json!({}))).await, "NOT_FOUND");
    let (part, accepted) = stage.passed_on().await.accepted(&stage).await;
    let own = add_service(&app, world.provider, world.district, None).await;
    let holders = add_service(&app, world.partner, world.district, None).await;
    for service in [own, holders] {
        assert_eq!(pass(&world.worker, passing_on(&part.parent, service, json!({}))).await, "INVALID");
    }
    let foreign = json!({ "goalIds": [stage.story().await.goals[0]] });
    assert_eq!(pass(&world.worker, passing_on(&part.parent, onward, foreign)).await, "NOT_FOUND");
    let third = add_service(&app, world.stranger, world.district, None).await;
    assert_eq!(pass(&part.worker, passing_on(&accepted, third, json!({}))).await, "WRONG_STATE", "not passed on again");
    let actions = "availableActions { action isAvailable }";
    for (referral, who, expected) in [(&part.parent, &world.worker, true), (&accepted, &part.worker, false)] {
        let seen = referral.seen_by(&app, who, actions).await;
        let listed = seen["availableActions"].as_array().unwrap().clone();
        let row = listed.iter().find(|row| row["action"] == "PASS_REFERRAL_ON").unwrap();
        assert_eq!(row["isAvailable"], expected);
    }
}

on_both_engines!(
    a_part_goes_under_the_persons_consent_that_names_its_receiver,
    whoever_passes_on_does_not_learn_where_else_the_person_was_referred,
    the_holder_sees_that_it_is_passed_on_and_what_came_of_it,
    nothing_outlives_that_of_which_it_is_a_part,
    a_consent_that_is_withdrawn_ends_what_was_passed_on_under_it,
    only_what_is_the_receivers_to_give_is_passed_on_and_once,
);
