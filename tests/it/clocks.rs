//! What happens to referrals when nobody moves them.

use crate::support::app::{TestApp, new_database};
use crate::support::clocked::{age, run_clock, stored, told, urgent};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::{run as statement, waiting};
use crate::support::verbs::Story;
use crate::support::world::World;
use jiff::SignedDuration;
use passerelle::domain::global_id::decode;
use passerelle::usecase::clock::{Ran, Runner};

async fn silence_is_told_up_the_ladder_and_ends(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let referral = urgent(&app, &world, "URGENT").await;
    let ladder: [(i64, &[(&str, &str)]); 6] = [
        (23, &[]),
        (24, &[("ACKNOWLEDGEMENT_OVERDUE", "RS")]),
        (36, &[("ACKNOWLEDGEMENT_OVERDUE", "CO"), ("ACKNOWLEDGEMENT_OVERDUE", "SS")]),
        (72, &[("DECISION_OVERDUE", "RS")]),
        (108, &[("DECISION_OVERDUE", "CO"), ("DECISION_OVERDUE", "SS")]),
        (143, &[]),
    ];
    let mut passed = 0;
    for (hour, expected) in ladder {
        let before = told(&app, &world, &referral).await;
        age(&app, hour - passed);
        passed = hour;
        run_clock(&app).await;
        run_clock(&app).await;
        let mut after = told(&app, &world, &referral).await;
        after.drain(..before.len());
        let expected: Vec<_> = expected.iter().map(|(kind, who)| ((*kind).to_owned(), (*who).to_owned())).collect();
        assert_eq!(after, expected, "after {hour} hours");
        assert_eq!(stored(&app, &referral).await, "SENT");
    }
    let grants = "access_grant WHERE until_at IS NULL";
    let before = (app.count("event").await, app.count("outbox").await, app.count("audit").await);
    assert_eq!(app.count(grants).await, 1);
    age(&app, 1);
    assert_eq!(run_clock(&app).await, Some(Ran { steps: 1, put_off: 0 }));
    assert_eq!(stored(&app, &referral).await, "EXPIRED");
    let after = (app.count("event").await, app.count("outbox").await, app.count("audit").await);
    assert_eq!(after, (before.0 + 1, before.1 + 1, before.2 + 1));
    assert_eq!(app.count(grants).await, 0);
    let event = "event WHERE kind = 'expireReferral' AND acting_role = 'CLOCK' AND reason = 'NO_RESPONSE'";
    assert_eq!(app.count(event).await, 1);
}

async fn an_emergency_never_expires_and_becomes_the_coordinators(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let referral = urgent(&app, &world, "EMERGENCY").await;
    for _ in 0..100 {
        age(&app, 24);
        run_clock(&app).await;
    }
    assert_eq!(stored(&app, &referral).await, "SENT");
    let expected = [
        ("ACKNOWLEDGEMENT_OVERDUE", "CO"),
        ("ACKNOWLEDGEMENT_OVERDUE", "RS"),
        ("ACKNOWLEDGEMENT_OVERDUE", "SS"),
        ("COORDINATOR_TAKES_OVER", "CO"),
        ("PARALLEL_REFERRAL_NEEDED", "CO"),
        ("DECISION_OVERDUE", "RS"),
        ("DECISION_OVERDUE", "SS"),
        ("PARALLEL_REFERRAL_NEEDED", "CO"),
        ("COORDINATOR_TAKES_OVER", "CO"),
    ];
    let mut seen = told(&app, &world, &referral).await;
    let mut expected = expected.map(|(kind, who)| (kind.to_owned(), who.to_owned())).to_vec();
    seen.sort();
    expected.sort();
    assert_eq!(seen, expected);
}

async fn a_question_pauses_the_decision_for_seven_days_at_the_most(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let referral = urgent(&app, &world, "URGENT").await;
    let questions = serde_json::json!({ "questions": ["CANARY-QUESTION since when?"] });
    referral.act(&app, &world.intake, "requestReferralInfo", questions).await;
    age(&app, 7 * 24 + 143);
    run_clock(&app).await;
    assert_eq!(stored(&app, &referral).await, "INFO_REQUESTED");
    let seen = told(&app, &world, &referral).await;
    assert!(seen.contains(&("QUESTION_UNANSWERED".to_owned(), "SW".to_owned())), "{seen:?}");
    age(&app, 1);
    run_clock(&app).await;
    assert_eq!(stored(&app, &referral).await, "EXPIRED");
}

async fn two_nodes_never_do_a_thing_twice(engine: Engine) {
    let (url, _folder) = new_database(engine).await;
    let (app, other) = (TestApp::over(&url).await, TestApp::over(&url).await);
    let world = World::fill(&app).await;
    waiting(&app, &world, world.service, 40).await;
    for node in [&app, &other] {
        age(node, 100 * 24);
    }
    let (mut one, mut two) = (Runner::default(), Runner::default());
    let (ran, also) = tokio::join!(one.run(&app.app), two.run(&other.app));
    let steps = |ran: Option<Ran>| ran.map_or(0, |ran| ran.steps);
    let taken = steps(ran.unwrap()) + steps(also.unwrap());
    assert_eq!(app.count("event WHERE kind = 'expireReferral'").await, 40);
    assert_eq!(u64::try_from(app.count("referral_rung").await).unwrap() + 40, taken, "a step each");
}

async fn a_holder_thought_dead_is_fenced_off(engine: Engine) {
    let (url, _folder) = new_database(engine).await;
    // Two nodes, each with a clock of its own: that of the one which was thought dead stands still.
    let (app, behind) = (TestApp::over(&url).await, TestApp::over(&url).await);
    let world = World::fill(&app).await;
    waiting(&app, &world, world.service, 3).await;
    let long_ago =
        "UPDATE referral SET sent_at = 1, decide_from_at = 1, acknowledge_due_at = 2, decide_due_at = 2, clock_at = 2";
    statement(&app, long_ago, vec![]).await;
    let (mut stale, mut fresh) = (Runner::default(), Runner::default());
    assert!(stale.take(&behind.app).await.unwrap());
    assert!(!fresh.take(&app.app).await.unwrap(), "one holder at a time");
    app.clock.advance(SignedDuration::from_secs(61));
    assert!(fresh.take(&app.app).await.unwrap());
    assert_eq!(fresh.lease().unwrap().token, stale.lease().unwrap().token + 1);
    assert_eq!(stale.run(&behind.app).await.unwrap(), None, "it learns that it no longer holds the lease");
    assert_eq!(app.count("referral_rung").await, 0, "nothing was done under an old token");
    assert!(fresh.run(&app.app).await.unwrap().unwrap().steps > 0);
}

async fn a_bad_row_blocks_no_other(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let bad = urgent(&app, &world, "URGENT").await;
    let good = urgent(&app, &world, "URGENT").await;
    let key = decode(&bad.id).unwrap().1;
    statement(&app, "UPDATE referral SET dimension = 'NONSENSE' WHERE id = $1", vec![key.into()]).await;
    age(&app, 1000);
    let ran = run_clock(&app).await.unwrap();
    assert_eq!(ran.put_off, 1);
    assert_eq!(stored(&app, &good).await, "EXPIRED");
    assert_eq!(run_clock(&app).await.unwrap(), Ran::default(), "put off for five minutes");
    statement(&app, "UPDATE referral SET dimension = 'SOCIAL' WHERE id = $1", vec![key.into()]).await;
    app.clock.advance(SignedDuration::from_mins(5));
    run_clock(&app).await;
    assert_eq!(stored(&app, &bad).await, "EXPIRED");
}

async fn a_forgotten_draft_is_thrown_away_and_its_event_stays(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    let input = story.draft(world.service);
    crate::support::verbs::done(&app, &world.case_manager, "createReferral", input, "referral { id }").await;
    run_clock(&app).await;
    assert_eq!(app.count("referral").await, 1);
    age(&app, 30 * 24);
    run_clock(&app).await;
    assert_eq!((app.count("referral").await, app.count("referral_goal").await), (0, 0));
    assert_eq!(app.count("event WHERE kind IN ('createReferral', 'purgeReferralDraft')").await, 2);
}

async fn old_keys_are_forgotten_once_a_day_by_one_node(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    Story::open(&app, &world).await;
    let mut runner = Runner::default();
    runner.run(&app.app).await.unwrap();
    assert!(app.count("idempotency").await > 0);
    age(&app, 31 * 24);
    runner.run(&app.app).await.unwrap();
    assert_eq!(app.count("idempotency").await, 0);
}

on_both_engines!(
    silence_is_told_up_the_ladder_and_ends,
    an_emergency_never_expires_and_becomes_the_coordinators,
    a_question_pauses_the_decision_for_seven_days_at_the_most,
    two_nodes_never_do_a_thing_twice,
    a_holder_thought_dead_is_fenced_off,
    a_bad_row_blocks_no_other,
    a_forgotten_draft_is_thrown_away_and_its_event_stays,
    old_keys_are_forgotten_once_a_day_by_one_node,
);
