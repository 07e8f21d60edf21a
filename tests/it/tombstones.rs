//! What was entered in error, what is disputed, and what is tried again.

use crate::delivery::{grants, must_act};
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::{run, taken};
use crate::support::situations::{Stage, report};
use crate::support::verbs::{Referred, Story, done, rule, text};
use crate::support::world::{World, add_member, gid};
use passerelle::domain::global_id::{Kind, decode};
use passerelle::domain::referral::Status;
use serde_json::{Value, json};

/// Everything that is content.
const CONTENT: &str = "background note clientReference caseIdentifier person { ageBand } progress { done note }
    goals { text result achievedOn quantity unit note } cancellation { note statement } dispute { note } hold { note }
    infoRequests { question answer } heldPlace { outOfOrderReason }";

async fn it_takes_two_people_of_two_parts_to_void(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let why = json!({ "reason": "WRONG_PERSON" });
    let supervisor = &world.partner_supervisor;
    let (_, sent) = stage.sent().await;
    let asked = sent.act(&app, supervisor, "voidReferral", why.clone()).await;
    let select = "status voiding { by reason voidedAt } background";
    let seen = asked.seen_by(&app, &world.coordinator, select).await;
    assert_eq!((&seen["status"], &seen["voiding"]["by"]), (&json!("SENT"), &json!("SENDER_SUPERVISOR")));
    assert_eq!(asked.seen_by(&app, &world.intake, select).await["voiding"], Value::Null, "it may come to nothing");
    let acts = must_act(&app, &world.coordinator).await;
    assert_eq!(acts, [("VOID_ASKED".to_owned(), "COORDINATOR".to_owned())]);
    let another = add_member(&app, world.partner, "SUPERVISOR").await;
    for who in [supervisor, &another] {
        assert_eq!(rule(&app, who, "voidReferral", asked.input(why.clone())).await, "NOT_PERMITTED");
    }
    let void = asked.act(&app, &world.coordinator, "voidReferral", why.clone()).await;
    let seen = void.seen_by(&app, &world.intake, select).await;
    assert_eq!(
        seen["voiding"],
        json!({ "by": "SENDER_SUPERVISOR", "reason": "WRONG_PERSON", "voidedAt": "2026-11-25T09:00:00Z" })
    );
    let list = "{ redactions { nodes { referralId cause } } }";
    let asked_of = async |who| app.run(who, list, json!({})).await["redactions"]["nodes"].clone();
    assert_eq!(
        asked_of(&world.intake).await,
        json!([{ "referralId": void.id, "cause": null }]),
        "somebody else's data"
    );
    assert_eq!(asked_of(&world.case_manager).await[0]["cause"], "WRONG_PERSON");
    for who in [supervisor, &world.coordinator] {
        assert_eq!(rule(&app, who, "voidReferral", void.input(why.clone())).await, "WRONG_STATE", "once");
    }

    let (_, accepted) = stage.accepted().await;
    let asked = accepted.act(&app, &world.coordinator, "voidReferral", why.clone()).await;
    let other = add_member(&app, world.lead, "COORDINATOR").await;
    assert_eq!(rule(&app, &other, "voidReferral", asked.input(why.clone())).await, "NOT_PERMITTED");
    let acts = must_act(&app, supervisor).await;
    assert!(acts.contains(&("VOID_ASKED".to_owned(), "SUPERVISOR".to_owned())), "{acts:?}");
    asked.act(&app, supervisor, "voidReferral", why).await;
    let test = json!({ "reason": "TEST_RECORD" });
    let asked = stage.sent().await.1.act(&app, supervisor, "voidReferral", test.clone()).await;
    asked.act(&app, &world.coordinator, "voidReferral", test).await;
    assert_eq!(asked_of(&world.intake).await.as_array().unwrap().len(), 2, "nobody is behind a test record");
}

/// Whoever supervises the sender and coordinates the program is still one person.
async fn one_person_with_both_parts_is_not_two(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (_, sent) = Stage::set(&app, &world).await.sent().await;
    run(&app, "UPDATE program SET lead_organization_id = $1", vec![world.partner.into()]).await;
    let roles = r#"[{"role":"SUPERVISOR","program":null},{"role":"COORDINATOR","program":null}]"#;
    let both = vec![roles.into(), world.partner_supervisor.id.into()];
    run(&app, "UPDATE member SET roles = $1 WHERE id = $2", both).await;
    let why = json!({ "reason": "TEST_RECORD" });
    let asked = sent.act(&app, &world.partner_supervisor, "voidReferral", why.clone()).await;
    let again = asked.input(why.clone());
    assert_eq!(rule(&app, &world.partner_supervisor, "voidReferral", again).await, "NOT_PERMITTED");
    let other = add_member(&app, world.partner, "COORDINATOR").await;
    asked.act(&app, &other, "voidReferral", why).await;
}

/// A referral in a state, full of texts.
async fn full(stage: &Stage<'_>, status: Status) -> (Story, Referred) {
    let (app, world) = (stage.app, stage.world);
    match status {
        Status::Sent => stage.sent().await,
        Status::InfoRequested => stage.asked().await,
        Status::Accepted => stage.accepted().await,
        Status::InService => {
            let (story, begun) = stage.begun().await;
            let report = json!({ "done": 1, "planned": 2, "note": "CANARY-PROGRESS" });
            (story, begun.act(app, &world.worker, "reportReferralProgress", report).await)
        }
        Status::OnHold => stage.held().await,
        Status::CancelRequested => stage.asked_to_stop().await,
        Status::Completed => stage.disputed().await,
        Status::Declined => {
            let (story, sent) = stage.sent().await;
            let why = json!({ "reason": "OTHER", "note": "CANARY-DECLINE" });
            (story, sent.act(app, &world.intake, "declineReferral", why).await)
        }
        Status::EndedEarly => {
            let (story, contested) = stage.contested().await;
            let why = json!({ "reason": "OTHER", "note": "CANARY-END", "outcomes": report(&story)["outcomes"] });
            (story, contested.act(app, &world.worker, "endReferralEarly", why).await)
        }
        _ => {
            let (story, sent) = stage.sent().await;
            let why = json!({ "reason": "OTHER", "note": "CANARY-WITHDRAW" });
            (story, sent.act(app, &world.case_manager, "withdrawReferral", why).await)
        }
    }
}

async fn a_tombstone_has_no_content_and_no_place(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let why = json!({ "reason": "WRONG_PERSON" });
    stage.accepted().await; // Another's place, which stays taken.
    for status in [
        Status::Sent,
        Status::InfoRequested,
        Status::Accepted,
        Status::InService,
        Status::OnHold,
        Status::CancelRequested,
        Status::Completed,
        Status::Declined,
        Status::EndedEarly,
        Status::Withdrawn,
    ] {
        let (_, referral) = full(&stage, status).await;
        let key = decode(&referral.id).unwrap().1;
        run(&app, "UPDATE referral SET client_reference_index = 'x' WHERE id = $1", vec![key.into()]).await;
        let asked = referral.act(&app, &world.coordinator, "voidReferral", why.clone()).await;
        let void = asked.act(&app, &world.partner_supervisor, "voidReferral", why.clone()).await;
        for who in [&world.case_manager, &world.worker, &world.coordinator] {
            let seen = void.seen_by(&app, who, &format!("status {CONTENT}")).await;
            assert_eq!(seen["status"], "VOIDED");
            assert_eq!(texts(&seen), 1, "{status:?}: {seen}");
        }
        assert_eq!((taken(&app, stage.service, None).await, grants(&app, &void).await), (1, 0), "{status:?}");
    }
    let kept = "referral WHERE status = 'VOIDED' AND (background_sealed IS NOT NULL OR note_sealed IS NOT NULL OR hold_note_sealed IS NOT NULL \
        OR progress_note_sealed IS NOT NULL OR cancel_note_sealed IS NOT NULL OR contest_note_sealed IS NOT NULL \
        OR dispute_note_sealed IS NOT NULL OR client_reference_index IS NOT NULL)";
    assert_eq!(app.count(kept).await, 0, "the texts are erased");
    assert_eq!(app.count("referral_question").await, 0);
    let kept = "referral_goal WHERE quantity IS NOT NULL OR result IS NOT NULL OR note_sealed IS NOT NULL";
    assert_eq!(app.count(kept).await, 0);
}

/// What a tombstone holds is read by nobody, even if it is still there and a window is open.
async fn what_a_tombstone_holds_is_read_by_nobody(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, completed) = stage.completed().await;
    let why = json!({ "reason": "TEST_RECORD" });
    let asked = completed.act(&app, &world.coordinator, "voidReferral", why.clone()).await;
    let void = asked.act(&app, &world.partner_supervisor, "voidReferral", why).await;
    for left in [
        "UPDATE referral SET background_sealed = 'x', note_sealed = 'x', client_reference_sealed = 'x', progress_done = 1, \
         progress_planned = 2, progress_reported_at = 3, progress_note_sealed = 'x', cancel_asked_at = 1, \
         cancel_note_sealed = 'x', contest_note_sealed = 'x', disputed_at = 1, dispute_note_sealed = 'x', held_at = 1, \
         hold_note_sealed = 'x', offer_note_sealed = 'x'",
        "UPDATE referral_goal SET result = 'ACHIEVED', achieved_on = '2026-11-25', quantity = 1, unit_sealed = 'x', \
         note_sealed = 'x'",
        "UPDATE access_grant SET until_at = NULL",
    ] {
        run(&app, left, vec![]).await;
    }
    for who in [&world.case_manager, &world.worker, &world.coordinator] {
        let seen = void.seen_by(&app, who, &format!("status {CONTENT}")).await;
        assert_eq!(texts(&seen), 1, "{seen}");
    }
}

/// How many values there are in an answer that are not null.
fn texts(value: &Value) -> usize {
    match value {
        Value::Null => 0,
        Value::Object(fields) => fields.values().map(texts).sum(),
        Value::Array(items) => items.iter().map(texts).sum(),
        _ => 1,
    }
}

async fn a_held_place_is_let_go_with_its_referral(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    for holding in ["slot_until_at = 9", "status = 'OFFERED', offer_until_at = 9"] {
        let (_, sent) = stage.sent().await;
        let key = decode(&sent.id).unwrap().1;
        // One more is held for somebody else.
        run(&app, "UPDATE capacity SET held = 2 WHERE service_id = $1", vec![stage.service.into()]).await;
        let place = format!(
            "UPDATE referral SET {holding}, capacity_id = (SELECT id FROM capacity WHERE service_id = $1) WHERE id = $2"
        );
        run(&app, &place, vec![stage.service.into(), key.into()]).await;
        let why = json!({ "reason": "TEST_RECORD" });
        let asked = sent.act(&app, &world.partner_supervisor, "voidReferral", why.clone()).await;
        asked.act(&app, &world.coordinator, "voidReferral", why).await;
        assert_eq!(app.count("capacity WHERE held = 1 AND taken = 0 AND total IS NULL").await, 1, "{holding}");
        assert_eq!(app.count("referral WHERE slot_until_at IS NOT NULL OR offer_until_at IS NOT NULL").await, 0);
    }
}

/// The status of a story's need, as its holder sees it.
async fn need(app: &TestApp, world: &World, story: &Story) -> Value {
    let query = "query($id: ID!) { case(by: { id: $id }) { needs { status } } }";
    let seen = app.run(&world.case_manager, query, json!({ "id": story.case })).await;
    seen["case"]["needs"][0]["status"].clone()
}

async fn a_need_met_in_error_is_open_again(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, completed) = stage.completed().await;
    let closed = completed.act(&app, &world.case_manager, "closeReferralLoop", json!({ "meaning": "MET" })).await;
    let why = json!({ "reason": "WRONG_PERSON" });
    let asked = closed.act(&app, &world.coordinator, "voidReferral", why.clone()).await;
    assert_eq!(need(&app, &world, &story).await, "MET", "one alone changes nothing");
    asked.act(&app, &world.partner_supervisor, "voidReferral", why).await;
    assert_eq!(need(&app, &world, &story).await, "OPEN");
}

async fn a_dispute_opens_need_and_loop_until_the_coordinator_decides(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let manager = &world.case_manager;
    for (decision, verification, meaning) in [("UPHELD", "REFUTED", "NOT_MET"), ("REJECTED", "PERSON_CONFIRMED", "MET")]
    {
        let (story, completed) = stage.completed().await;
        let confirmed = json!({ "meaning": "MET", "personConfirmedBy": "PHONE" });
        let closed = completed.act(&app, manager, "closeReferralLoop", confirmed).await;
        let bare = closed.input(json!({ "about": "NOT_AS_REPORTED" }));
        assert_eq!(rule(&app, manager, "disputeReferralOutcome", bare).await, "TEXT_REQUIRED");
        let why = json!({ "about": "NOT_RECEIVED", "note": "CANARY-DISPUTE never came", "personChannel": "IN_PERSON" });
        let disputed = closed.act(&app, manager, "disputeReferralOutcome", why.clone()).await;
        assert_eq!(need(&app, &world, &story).await, "OPEN");
        let select = "verification loopClosedAt loopMeaning dispute { about by note decision disputedAt }";
        let seen = disputed.seen_by(&app, &world.worker, select).await;
        let dispute = json!({ "about": "NOT_RECEIVED", "by": "PERSON", "note": "CANARY-DISPUTE never came",
                              "decision": null, "disputedAt": "2026-11-25T09:00:00Z" });
        let told = json!({ "verification": "DISPUTED", "loopClosedAt": null, "loopMeaning": null, "dispute": dispute });
        assert_eq!(seen, told);
        let acts = must_act(&app, &world.coordinator).await;
        assert_eq!(acts.last().unwrap(), &("OUTCOME_DISPUTED".to_owned(), "COORDINATOR".to_owned()));
        for who in [manager, &world.coordinator] {
            let close = disputed.input(json!({ "meaning": "NOT_MET" }));
            assert_eq!(rule(&app, who, "closeReferralLoop", close).await, "WRONG_STATE", "not before the decision");
        }
        let found = json!({ "decision": decision });
        let decided = disputed.act(&app, &world.coordinator, "decideReferralDispute", found).await;
        let seen = decided.seen_by(&app, manager, "verification dispute { decision } status").await;
        assert_eq!((&seen["verification"], &seen["dispute"]["decision"]), (&json!(verification), &json!(decision)));
        assert_eq!(rule(&app, manager, "disputeReferralOutcome", decided.input(why)).await, "WRONG_STATE", "once");
        if decision == "UPHELD" {
            for more in [json!({ "meaning": "MET" }), json!({ "meaning": "NOT_MET", "personConfirmedBy": "SLIP" })] {
                let refuted = decided.input(more);
                assert_eq!(rule(&app, &world.coordinator, "closeReferralLoop", refuted).await, "INVALID");
            }
        }
        let closed = decided.act(&app, &world.coordinator, "closeReferralLoop", json!({ "meaning": meaning })).await;
        assert_eq!(closed.seen_by(&app, manager, "verification").await["verification"], verification);
        assert_eq!(need(&app, &world, &story).await, meaning);
    }
}

async fn a_coordinator_closes_only_after_a_dispute(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, completed) = stage.completed().await;
    let close = completed.input(json!({ "meaning": "MET" }));
    assert_eq!(rule(&app, &world.coordinator, "closeReferralLoop", close.clone()).await, "WRONG_STATE");
    let closed = completed.act(&app, &world.case_manager, "closeReferralLoop", json!({ "meaning": "MET" })).await;
    let seen = closed.seen_by(&app, &world.coordinator, "verification").await;
    assert_eq!(seen["verification"], "SENDER_CONFIRMED");
    let (_, sent) = stage.sent().await;
    let ended = sent.act(&app, &world.intake, "declineReferral", json!({ "reason": "NO_CAPACITY" })).await;
    let confirmed = ended.input(json!({ "meaning": "NOT_MET", "personConfirmedBy": "PHONE" }));
    assert_eq!(rule(&app, &world.case_manager, "closeReferralLoop", confirmed).await, "INVALID", "nothing to confirm");
}

async fn a_coordinator_drafts_the_next_attempt_for_the_sender(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, sent) = stage.sent().await;
    let service = gid(Kind::Service, stage.service);
    let open = json!({ "previousId": sent.id, "serviceId": service });
    assert_eq!(rule(&app, &world.coordinator, "redraftReferral", open).await, "WRONG_STATE", "it is still open");
    let ended = sent.act(&app, &world.intake, "declineReferral", json!({ "reason": "NO_CAPACITY" })).await;
    let again = json!({ "previousId": ended.id, "serviceId": service });
    let made = done(&app, &world.coordinator, "redraftReferral", again.clone(), "referralId").await;
    let draft = Referred { id: text(&made["referralId"]), version: 1 };
    let select =
        "status attempt previousId needId background goals { goalId result } sender { id } events { totalCount }";
    let seen = draft.seen_by(&app, &world.case_manager, select).await;
    let goals: Vec<Value> = story.goals.iter().map(|goal| json!({ "goalId": goal, "result": null })).collect();
    let told = json!({ "status": "DRAFT", "attempt": 2, "previousId": ended.id, "needId": story.need, "background": null,
        "goals": goals, "sender": { "id": gid(Kind::Organization, world.partner) }, "events": { "totalCount": 1 } });
    assert_eq!(seen, told);
    assert_eq!(draft.seen_by(&app, &world.coordinator, "id").await, Value::Null, "a draft is the sender's");
    let acts = must_act(&app, &world.case_manager).await;
    assert_eq!(acts.last().unwrap(), &("redraftReferral".to_owned(), "CASE_MANAGER".to_owned()));
    assert_eq!(rule(&app, &world.coordinator, "redraftReferral", again).await, "DUPLICATE_REFERRAL");
    draft.act(&app, &world.case_manager, "sendReferral", json!({ "personInformed": true })).await;
}

async fn what_was_not_taken_on_is_not_drafted_again(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, accepted) = stage.accepted().await;
    let left = decode(&story.goals[0]).unwrap().1;
    run(&app, "UPDATE referral_goal SET is_left_out = TRUE WHERE goal_id = $1", vec![left.into()]).await;
    let ended = accepted.act(&app, &world.worker, "endReferralEarly", json!({ "reason": "FUNDING_ENDED" })).await;
    let again = json!({ "previousId": ended.id, "serviceId": gid(Kind::Service, stage.service) });
    let made = done(&app, &world.coordinator, "redraftReferral", again, "referralId").await;
    let draft = Referred { id: text(&made["referralId"]), version: 1 };
    let seen = draft.seen_by(&app, &world.case_manager, "goals { goalId }").await;
    assert_eq!(seen["goals"], json!([{ "goalId": story.goals[1] }]), "it has a need of its own by now");
}

async fn the_coordinator_is_told_of_the_third_attempt(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let query = "{ viewer { notifications(first: 50) { nodes { event subjectId } } } }";
    let third = async || {
        let told = app.run(&world.coordinator, query, json!({})).await;
        let nodes = told["viewer"]["notifications"]["nodes"].as_array().unwrap().clone();
        nodes.into_iter().filter(|notice| notice["event"] == "THIRD_ATTEMPT").map(|notice| notice["subjectId"].clone())
    };
    let (story, sent) = stage.sent().await;
    let why = json!({ "reason": "NO_CAPACITY" });
    let mut last = sent.act(&app, &world.intake, "declineReferral", why.clone()).await;
    for (attempt, told) in [(2, 0), (3, 1), (4, 2)] {
        let mut input = story.draft(stage.service);
        input["previousId"] = json!(last.id);
        let made = done(&app, &world.case_manager, "createReferral", input, "referral { id version attempt }").await;
        assert_eq!(made["referral"]["attempt"], json!(attempt));
        let heard: Vec<Value> = third().await.collect();
        assert_eq!(heard.len(), told, "attempt {attempt}");
        assert_eq!(heard.first().cloned(), (told > 0).then(|| json!(last.id)), "the newest is of the one before");
        let draft = Referred { id: text(&made["referral"]["id"]), version: 1 };
        let informed = json!({ "personInformed": true });
        let next = draft.act(&app, &world.case_manager, "sendReferral", informed).await;
        last = next.act(&app, &world.intake, "declineReferral", why.clone()).await;
        app.clock.advance(jiff::SignedDuration::from_secs(1));
    }
    let again = json!({ "previousId": last.id, "serviceId": gid(Kind::Service, stage.service) });
    done(&app, &world.coordinator, "redraftReferral", again, "referralId").await;
    assert_eq!(third().await.count(), 3);
}

async fn nothing_is_drafted_for_a_need_that_is_met_or_a_case_that_is_closed(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let again = stage.redrafting().await;
    run(&app, "UPDATE need SET status = 'MET'", vec![]).await;
    assert_eq!(rule(&app, &world.coordinator, "redraftReferral", again.clone()).await, "NEED_CLOSED");
    let closing = "UPDATE case_file SET status = 'CLOSED', closed_at = 1, close_reason = 'GOALS_MET'";
    run(&app, closing, vec![]).await;
    assert_eq!(rule(&app, &world.coordinator, "redraftReferral", again).await, "CASE_CLOSED");
}

on_both_engines!(
    it_takes_two_people_of_two_parts_to_void,
    one_person_with_both_parts_is_not_two,
    a_tombstone_has_no_content_and_no_place,
    what_a_tombstone_holds_is_read_by_nobody,
    a_held_place_is_let_go_with_its_referral,
    a_need_met_in_error_is_open_again,
    a_dispute_opens_need_and_loop_until_the_coordinator_decides,
    a_coordinator_closes_only_after_a_dispute,
    a_coordinator_drafts_the_next_attempt_for_the_sender,
    what_was_not_taken_on_is_not_drafted_again,
    the_coordinator_is_told_of_the_third_attempt,
    nothing_is_drafted_for_a_need_that_is_met_or_a_case_that_is_closed,
);
