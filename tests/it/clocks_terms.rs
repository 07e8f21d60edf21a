//! Limits, working calendars, who can be reached, and what is due first.

use crate::support::app::TestApp;
use crate::support::clocked::{age, told, urgent};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::run as statement;
use crate::support::situations::clock::{calendar, limits};
use crate::support::verbs::{Referred, Story, done, rule};
use crate::support::world::{World, add_member, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

const DUE: &str = "acknowledgeDueAt decideDueAt contactDueAt";

async fn a_program_sets_its_limits_and_what_was_sent_keeps_its_own(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (before, after) = (Story::open(&app, &world).await, Story::open(&app, &world).await);
    statement(&app, "UPDATE need SET urgency = 'URGENT'", vec![]).await;
    let sent = before.refer(&app, &world).await;
    let program = gid(Kind::Program, world.program);
    let select = "limits { version urgencies { urgency decideHours isSet } }";
    let set = done(&app, &world.coordinator, "setProgramLimits", limits(&program), select).await;
    assert_eq!(set["limits"]["version"], json!(1));
    assert!(
        set["limits"]["urgencies"]
            .as_array()
            .unwrap()
            .contains(&json!({ "urgency": "URGENT", "decideHours": 10, "isSet": true }))
    );
    assert_eq!(rule(&app, &world.coordinator, "setProgramLimits", limits(&program)).await, "STALE_VERSION");
    let mut late = limits(&program);
    late["expectedVersion"] = json!(1);
    late["limits"][0]["acknowledgeHours"] = json!(11);
    assert_eq!(rule(&app, &world.coordinator, "setProgramLimits", late).await, "INVALID");
    let kept = sent.seen_by(&app, &world.case_manager, DUE).await;
    assert_eq!(kept["decideDueAt"], json!("2026-11-28T09:00:00Z"));
    let new = after.refer(&app, &world).await;
    let seen = new.seen_by(&app, &world.case_manager, DUE).await;
    assert_eq!(seen["acknowledgeDueAt"], json!("2026-11-25T14:00:00Z"));
    assert_eq!(seen["decideDueAt"], json!("2026-11-25T19:00:00Z"));
    new.act(&app, &world.intake, "acceptReferral", json!({})).await;
    let seen = new.seen_by(&app, &world.case_manager, DUE).await;
    assert_eq!(seen["contactDueAt"], json!("2026-11-26T05:00:00Z"));
}

async fn acknowledge_due(app: &TestApp, world: &World) -> Value {
    let sent = Story::open(app, world).await.refer(app, world).await;
    sent.seen_by(app, &world.case_manager, DUE).await["acknowledgeDueAt"].clone()
}

async fn working_days_are_those_of_the_nearest_calendar(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    // A Wednesday: Thursday and Friday are the next two working days where nobody set a calendar.
    assert_eq!(acknowledge_due(&app, &world).await, json!("2026-11-27T09:00:00Z"));
    // Of the country: Thursday, and after Friday, Saturday and a holiday, Monday.
    let ministry = add_member(&app, world.official.organization, "DIRECTORY_EDITOR").await;
    let mut input = calendar();
    input["areaId"] = json!(gid(Kind::Area, world.country));
    done(&app, &ministry, "setWorkingCalendar", input, "calendar { version }").await;
    assert_eq!(acknowledge_due(&app, &world).await, json!("2026-11-30T09:00:00Z"));
    // The provider's own: it works every day but Thursday.
    let own = json!({ "expectedVersion": 0, "timeZone": "UTC", "restDays": ["THURSDAY"], "holidays": [] });
    let set = done(&app, &world.provider_supervisor, "setWorkingCalendar", own.clone(), "calendar { version }").await;
    assert_eq!(set["calendar"]["version"], json!(1));
    assert_eq!(acknowledge_due(&app, &world).await, json!("2026-11-28T09:00:00Z"));
    let query =
        "query($o: ID, $a: ID) { workingCalendar(organizationId: $o, areaId: $a) { restDays version timeZone } }";
    let (o, a) = (gid(Kind::Organization, world.provider), gid(Kind::Area, world.district));
    let seen = app.run(&world.case_manager, query, json!({ "o": o, "a": a })).await;
    assert_eq!(seen["workingCalendar"], json!({ "restDays": ["THURSDAY"], "version": 1, "timeZone": "UTC" }));
    let seen = app.run(&world.case_manager, query, json!({ "a": a })).await;
    assert_eq!(seen["workingCalendar"]["version"], json!(0), "that of the country, not of the district");
    assert_eq!(seen["workingCalendar"]["timeZone"], json!("Asia/Amman"));
    let mut nowhere = own;
    nowhere["expectedVersion"] = json!(1);
    nowhere["timeZone"] = json!("Mars/Olympus");
    assert_eq!(rule(&app, &world.provider_supervisor, "setWorkingCalendar", nowhere).await, "INVALID");
}

async fn a_receiver_that_nobody_answers_for_is_told_to_the_sender_at_once(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let reached = Story::open(&app, &world).await.refer(&app, &world).await;
    statement(&app, "UPDATE member SET is_active = FALSE WHERE organization_id = $1", vec![world.provider.into()])
        .await;
    statement(&app, "UPDATE client_application SET is_active = FALSE", vec![]).await;
    let unreached = Story::open(&app, &world).await.refer(&app, &world).await;
    let is =
        async |referral: &Referred, who| referral.seen_by(&app, who, "isDeliverable").await["isDeliverable"].clone();
    assert_eq!(is(&reached, &world.case_manager).await, json!(true));
    assert_eq!(is(&unreached, &world.case_manager).await, json!(false));
    assert_eq!(is(&unreached, &world.coordinator).await, json!(false));
    let expected = ("RECEIVER_UNREACHABLE".to_owned(), "SW".to_owned());
    let times = async |referral: &Referred| {
        told(&app, &world, referral).await.iter().filter(|notice| **notice == expected).count()
    };
    assert_eq!((times(&unreached).await, times(&reached).await), (1, 0));
    app.clock.advance(jiff::SignedDuration::from_mins(1));
    // That nobody is left at the receiver of what was sent before is told at the next run, and that once.
    for _ in 0..2 {
        crate::support::clocked::run_clock(&app).await;
        assert_eq!((times(&unreached).await, times(&reached).await), (1, 1));
        assert_eq!(is(&reached, &world.case_manager).await, json!(false));
    }
    // The clock looks again, and tells it again once where it was so from the start.
    for hours in [24, 20] {
        age(&app, hours);
        crate::support::clocked::run_clock(&app).await;
        assert_eq!((times(&unreached).await, times(&reached).await), (2, 1), "{hours} hours later");
    }
    age(&app, 5);
    crate::support::clocked::run_clock(&app).await;
    assert_eq!((times(&unreached).await, times(&reached).await), (2, 1), "not each time that it looks");
    statement(&app, "UPDATE member SET is_active = TRUE", vec![]).await;
    let intake = crate::support::clocked::still(&app, &world.intake);
    assert_eq!(is(&unreached, &intake).await, json!(null), "not for the receiver");
    // Nobody has to send it twice.
    age(&app, 24);
    crate::support::clocked::run_clock(&app).await;
    let who = crate::support::clocked::still(&app, &world.case_manager);
    assert_eq!((is(&unreached, &who).await, is(&reached, &who).await), (json!(true), json!(true)));
    // Out of reach once more, it is told once more.
    statement(&app, "UPDATE member SET is_active = FALSE WHERE organization_id = $1", vec![world.provider.into()])
        .await;
    crate::support::clocked::run_clock(&app).await;
    assert_eq!((times(&unreached).await, times(&reached).await), (3, 2));
}

const OVERVIEW: &str = "{ referralOverview {
    sent { ...T } received { ...T } coordinated { ...T } } }
    fragment T on ReferralTally { totalCount overdueCount dueWithinDayCount byStatus { status count } }";

async fn an_overview_counts_what_one_sees_in_one_statement(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    urgent(&app, &world, "ROUTINE").await;
    let late = urgent(&app, &world, "URGENT").await;
    late.act(&app, &world.intake, "declineReferral", json!({ "reason": "OUT_OF_AREA" })).await;
    let counts = json!({ "totalCount": 2, "overdueCount": 0, "dueWithinDayCount": 1,
        "byStatus": [{ "status": "DECLINED", "count": 1 }, { "status": "SENT", "count": 1 }] });
    let nothing = json!({ "totalCount": 0, "overdueCount": 0, "dueWithinDayCount": 0, "byStatus": [] });
    let (needed, seen) = app.statements(app.run(&world.intake, OVERVIEW, json!({}))).await;
    assert_eq!(needed, 2, "one beside the one that finds out who asks");
    assert_eq!(seen["referralOverview"], json!({ "sent": nothing, "received": counts, "coordinated": nothing }));
    let seen = app.run(&world.case_manager, OVERVIEW, json!({})).await;
    assert_eq!(seen["referralOverview"]["sent"], counts);
    let seen = app.run(&world.coordinator, OVERVIEW, json!({})).await;
    assert_eq!(seen["referralOverview"]["coordinated"], counts);
    for who in [&world.outsider, &world.donor_officer, &world.evaluator, &world.editor] {
        let seen = app.run(who, OVERVIEW, json!({})).await;
        assert_eq!(seen["referralOverview"], json!({ "sent": nothing, "received": nothing, "coordinated": nothing }));
    }
    age(&app, 25);
    let who = crate::support::clocked::still(&app, &world.intake);
    let seen = app.run(&who, OVERVIEW, json!({})).await;
    assert_eq!(seen["referralOverview"]["received"]["overdueCount"], json!(1));
}

async fn what_is_due_first_comes_first_page_by_page(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let mut expected = Vec::new();
    for hours in [50, 10, 30, 20, 40] {
        let referral = urgent(&app, &world, "URGENT").await;
        let key = passerelle::domain::global_id::decode(&referral.id).unwrap().1;
        let due = app.app.now() + hours * 3_600_000_000;
        statement(&app, "UPDATE referral SET next_due_at = $2 WHERE id = $1", vec![key.into(), due.into()]).await;
        expected.push((hours, referral.id));
    }
    let none = urgent(&app, &world, "URGENT").await;
    none.act(&app, &world.intake, "declineReferral", json!({ "reason": "OUT_OF_AREA" })).await;
    expected.push((1_000, none.id));
    expected.sort_unstable();
    let query = "query($after: Cursor) { referrals(orderBy: NEXT_DUE_AT, first: 2, after: $after) {
        nodes { id } pageInfo { hasNextPage endCursor } } }";
    let (mut seen, mut after) = (Vec::new(), json!(null));
    loop {
        let page = app.run(&world.intake, query, json!({ "after": after })).await["referrals"].clone();
        seen.extend(page["nodes"].as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap().to_owned()));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
    }
    let expected: Vec<String> = expected.into_iter().map(|(_, id)| id).collect();
    assert_eq!(seen, expected);
    let back = "{ referrals(orderBy: NEXT_DUE_AT, last: 2) { nodes { id } } }";
    let page = app.run(&world.intake, back, json!({})).await;
    assert_eq!(page["referrals"]["nodes"], json!([{ "id": expected[4] }, { "id": expected[5] }]));
}

async fn the_clocks_own_commands_are_offered_to_nobody(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let referral = urgent(&app, &world, "URGENT").await;
    for who in [&world.case_manager, &world.intake, &world.coordinator, &world.provider_supervisor] {
        let seen = referral.seen_by(&app, who, "availableActions { action }").await;
        assert!(!seen["availableActions"].as_array().unwrap().contains(&json!({ "action": "EXPIRE_REFERRAL" })));
    }
}

on_both_engines!(
    a_program_sets_its_limits_and_what_was_sent_keeps_its_own,
    working_days_are_those_of_the_nearest_calendar,
    a_receiver_that_nobody_answers_for_is_told_to_the_sender_at_once,
    an_overview_counts_what_one_sees_in_one_statement,
    what_is_due_first_comes_first_page_by_page,
    the_clocks_own_commands_are_offered_to_nobody,
);
