//! Whether the directory is true: freshness that can be computed again, reminders, stale entries, ended funding, and many
//! services at once.

use crate::support::app::{Persona, TestApp};
use crate::support::clocked::{age, still};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::verbs::{self, Story, text};
use crate::support::world::{World, add_service, gid};
use passerelle::domain::clock::Clock as _;
use passerelle::domain::freshness::{LOOKBACK_DAYS, Signs, freshness};
use passerelle::domain::global_id::{Kind, decode};
use passerelle::usecase::clock::Runner;
use passerelle::usecase::service::{end_funding, tell_aging};
use serde_json::{Value, json};
use uuid::Uuid;

const DAY: i64 = 86_400_000_000;

/// Runs a mutation that must take effect, whatever the hour.
async fn done(app: &TestApp, who: &Persona, name: &str, input: Value, select: &str) -> Value {
    verbs::done(app, &still(app, who), name, input, select).await
}

/// Runs a mutation that must be turned down, whatever the hour, and gives its code.
async fn rule(app: &TestApp, who: &Persona, name: &str, input: Value) -> String {
    verbs::rule(app, &still(app, who), name, input).await
}

async fn shown(app: &TestApp, world: &World, service: Uuid) -> Value {
    let query = "query($id: ID!) { service(by: { id: $id }) { version status isStale isOpenForReferrals closedBecause
        pauseReason freshness { score verifiedOn staleOn reasons { code points count } } } }";
    app.run(&still(app, &world.case_manager), query, json!({ "id": gid(Kind::Service, service) })).await["service"]
        .clone()
}

fn codes(service: &Value) -> Vec<String> {
    service["freshness"]["reasons"].as_array().unwrap().iter().map(|reason| text(&reason["code"])).collect()
}

/// The signs of a service, counted anew from nothing but what happened.
async fn from_events(app: &TestApp, service: Uuid) -> Signs {
    let text = "SELECT e.kind AS kind, e.at AS at, e.places_free AS free FROM event e \
        LEFT JOIN referral r ON r.id = e.subject_id LEFT JOIN service_correction co ON co.id = e.subject_id \
        WHERE e.subject_id = $1 OR r.service_id = $1 OR co.service_id = $1 ORDER BY e.at, e.id";
    let now = app.clock.now().as_microsecond();
    let day = |at: i64| at.div_euclid(DAY);
    let mut signs = Signs { max_age_days: 90, ..Signs::default() };
    for row in app.app.store.rows(text, vec![service.into()]).await.unwrap() {
        let kind: String = row.try_get("", "kind").unwrap();
        let at: i64 = row.try_get("", "at").unwrap();
        let free: Option<i32> = row.try_get("", "free").unwrap();
        let recent = at >= now - LOOKBACK_DAYS * DAY;
        match kind.as_str() {
            "publishService" => {
                signs.verified_days_ago = Some(day(now) - day(at));
                signs.capacity_days_ago = Some((now - at) / DAY);
            }
            "verifyService" | "confirmServices" => signs.verified_days_ago = Some(day(now) - day(at)),
            "reportCapacity" => signs.capacity_days_ago = Some((now - at) / DAY),
            "expireReferral" if recent => signs.silences += 1,
            "declineReferral" if recent && free.is_some_and(|free| free > 0) => signs.capacity_declines += 1,
            "openServiceCorrection" => signs.open_corrections += 1,
            "answerServiceCorrection" => signs.open_corrections -= 1,
            _ => {}
        }
    }
    signs
}

async fn agrees(app: &TestApp, world: &World, service: Uuid, when: &str) -> Value {
    let told = shown(app, world, service).await;
    let again = freshness(&from_events(app, service).await);
    assert_eq!(told["freshness"]["score"], json!(again.score), "{when}: {told}");
    let reasons: Vec<String> =
        again.reasons.iter().map(|reason| passerelle::domain::code::Code::code(reason.code).to_owned()).collect();
    assert_eq!(codes(&told), reasons, "{when}");
    told
}

async fn freshness_is_what_the_events_say(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let input =
        json!({ "name": "Loans", "language": "en", "categoryCode": "ECO.IND.TVET", "capacity": { "total": 3 } });
    let supervisor = &world.provider_supervisor;
    let made = done(&app, supervisor, "publishService", input, "service { id }").await;
    let service = decode(&text(&made["service"]["id"])).unwrap().1;
    assert_eq!(agrees(&app, &world, service, "new").await["freshness"]["score"], 100);
    let sent = Story::open(&app, &world).await.refer_to(&app, &world.case_manager, service).await;
    sent.act(&app, &world.intake, "declineReferral", json!({ "reason": "NO_CAPACITY" })).await;
    assert_eq!(codes(&agrees(&app, &world, service, "declined").await), ["CAPACITY_DECLINES"]);
    let report = json!({ "serviceId": made["service"]["id"], "about": "HOURS" });
    let said = done(&app, &world.case_manager, "reportServiceCorrection", report, "correction { id }").await;
    assert_eq!(codes(&agrees(&app, &world, service, "reported").await), ["CAPACITY_DECLINES", "OPEN_CORRECTIONS"]);
    let answer = json!({ "correctionId": said["correction"]["id"], "expectedVersion": 1, "answer": "TAKEN_OVER" });
    done(&app, supervisor, "answerServiceCorrection", answer, "").await;
    assert_eq!(codes(&agrees(&app, &world, service, "answered").await), ["CAPACITY_DECLINES"]);
    Story::open(&app, &world).await.refer_to(&app, &world.case_manager, service).await;
    age(&app, 29 * 24);
    Runner::default().run(&app.app).await.unwrap();
    let silent = agrees(&app, &world, service, "silent").await;
    assert_eq!(codes(&silent), ["CAPACITY_OUTDATED", "SILENCE", "CAPACITY_DECLINES"]);
    let mut version = silent["version"].as_i64().unwrap();
    let named = |version: i64| json!({ "serviceId": made["service"]["id"], "expectedVersion": version });
    let mut places = named(version);
    places["total"] = json!(0);
    version = done(&app, supervisor, "reportCapacity", places, "service { version }").await["service"]["version"]
        .as_i64()
        .unwrap();
    assert_eq!(codes(&agrees(&app, &world, service, "places").await), ["SILENCE", "CAPACITY_DECLINES"]);
    done(&app, supervisor, "confirmServices", json!({ "services": [named(version)] }), "results { isConfirmed }").await;
    assert_eq!(agrees(&app, &world, service, "confirmed").await["freshness"]["score"], 80);
    age(&app, 62 * 24);
    let aged = agrees(&app, &world, service, "long ago").await;
    assert_eq!(codes(&aged), ["CAPACITY_OUTDATED", "SILENCE"], "a decline is forgotten after ninety days");
    age(&app, 40 * 24);
    assert_eq!(codes(&agrees(&app, &world, service, "stale").await), ["STALE", "CAPACITY_OUTDATED"]);
}

async fn told(app: &TestApp, kind: &str) -> i64 {
    app.count(&format!("notification WHERE kind = '{kind}' AND role = 'DIRECTORY_EDITOR' AND must_act")).await
}

async fn run_sweeps(app: &TestApp) {
    while tell_aging(&app.app).await.unwrap() + end_funding(&app.app).await.unwrap() > 0 {}
}

async fn a_provider_is_reminded_once_told_when_stale_and_blocked_until_confirmed(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    let mut days = (Vec::new(), Vec::new());
    for day in 0..100 {
        let before = (told(&app, "SERVICE_CONFIRMATION_DUE").await, told(&app, "SERVICE_STALE").await);
        run_sweeps(&app).await;
        let after = (told(&app, "SERVICE_CONFIRMATION_DUE").await, told(&app, "SERVICE_STALE").await);
        days.0.extend((after.0 > before.0).then_some(day));
        days.1.extend((after.1 > before.1).then_some(day));
        let stale = shown(&app, &world, world.service).await["isStale"].clone();
        assert_eq!(stale, json!(day > 90), "day {day}");
        age(&app, 24);
    }
    assert_eq!(days, (vec![68], vec![91]));
    let refused = rule(&app, &world.case_manager, "createReferral", story.referral(world.service)).await;
    assert_eq!(refused, "SERVICE_STALE");
    let input = json!({ "serviceId": gid(Kind::Service, world.service), "expectedVersion": 1 });
    done(&app, &world.intake, "verifyService", input, "").await;
    done(&app, &world.case_manager, "createReferral", story.referral(world.service), "").await;
    for _ in 0..70 {
        run_sweeps(&app).await;
        age(&app, 24);
    }
    assert_eq!(told(&app, "SERVICE_CONFIRMATION_DUE").await, 2, "once for each confirmation");
}

async fn a_program_says_how_often_its_services_are_confirmed(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let program = gid(Kind::Program, world.program);
    let input = json!({ "name": "Loans", "language": "en", "categoryCode": "ECO.IND.TVET", "programId": program });
    let made = done(&app, &world.provider_supervisor, "publishService", input, "service { id }").await;
    let service = decode(&text(&made["service"]["id"])).unwrap().1;
    let rules = |version: i64, days: Value| json!({ "programId": program, "expectedVersion": version, "maxAgeDays": days, "needsReview": false });
    for days in [0, 367] {
        let code = rule(&app, &world.coordinator, "setProgramDirectoryRules", rules(0, json!(days))).await;
        assert_eq!(code, "INVALID");
    }
    assert_eq!(
        rule(&app, &world.partner_supervisor, "setProgramDirectoryRules", rules(0, json!(20))).await,
        "NOT_PERMITTED"
    );
    let select = "rules { maxAgeDays needsReview version }";
    done(&app, &world.coordinator, "setProgramDirectoryRules", rules(0, json!(20)), select).await;
    assert_eq!(rule(&app, &world.coordinator, "setProgramDirectoryRules", rules(0, json!(30))).await, "STALE_VERSION");
    age(&app, 15 * 24);
    run_sweeps(&app).await;
    assert_eq!(told(&app, "SERVICE_CONFIRMATION_DUE").await, 1);
    age(&app, 6 * 24);
    run_sweeps(&app).await;
    let seen = shown(&app, &world, service).await;
    assert_eq!((told(&app, "SERVICE_STALE").await, &seen["isStale"]), (1, &json!(true)));
    assert_eq!(seen["closedBecause"], "STALE");
    assert_eq!(seen["freshness"]["staleOn"], "2026-12-16");
    assert_eq!(shown(&app, &world, world.service).await["isStale"], false, "others keep the server's number");
}

async fn ended_funding_closes_a_service_and_leaves_what_runs(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let supervisor = &world.provider_supervisor;
    let ends =
        json!({ "serviceId": gid(Kind::Service, world.service), "expectedVersion": 1, "fundingEnds": "2027-01-04" });
    done(&app, supervisor, "updateService", ends, "service { fundingEnds }").await;
    let running = Story::open(&app, &world).await.refer(&app, &world).await;
    running.act(&app, &world.intake, "acceptReferral", json!({})).await;
    let story = Story::open(&app, &world).await;
    let mut days = Vec::new();
    for day in 0..41 {
        let before = told(&app, "SERVICE_FUNDING_ENDS").await;
        run_sweeps(&app).await;
        days.extend((told(&app, "SERVICE_FUNDING_ENDS").await > before).then_some(day));
        age(&app, 24);
    }
    assert_eq!(days, [10], "thirty days ahead, once");
    // The 5th of January: the day after the last, before any node has looked.
    let seen = shown(&app, &world, world.service).await;
    assert_eq!((&seen["status"], &seen["closedBecause"]), (&json!("PUBLISHED"), &json!("FUNDING_ENDED")));
    assert_eq!(
        rule(&app, &world.case_manager, "createReferral", story.referral(world.service)).await,
        "SERVICE_CLOSED"
    );
    run_sweeps(&app).await;
    let seen = shown(&app, &world, world.service).await;
    assert_eq!((&seen["status"], &seen["pauseReason"]), (&json!("PAUSED"), &json!("Funding has ended")));
    assert_eq!(told(&app, "SERVICE_FUNDING_ENDED").await, 1);
    assert_eq!(
        running.seen_by(&app, &still(&app, &world.intake), "status").await["status"],
        "ACCEPTED",
        "what runs goes on"
    );
    let again = json!({ "serviceId": gid(Kind::Service, world.service), "expectedVersion": 3 });
    assert_eq!(rule(&app, supervisor, "resumeService", again.clone()).await, "NOT_NOW");
    let mut more = again.clone();
    more["fundingEnds"] = json!(null);
    done(&app, supervisor, "updateService", more, "").await;
    let mut again = again;
    again["expectedVersion"] = json!(4);
    done(&app, supervisor, "resumeService", again, "").await;
}

async fn one_call_pauses_everything_of_one_organization(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let second = add_service(&app, world.provider, world.district, None).await;
    let others = add_service(&app, world.municipality, world.district, None).await;
    let input = json!({ "reason": "No money left" });
    assert_eq!(rule(&app, &world.intake, "pauseServices", input.clone()).await, "NOT_PERMITTED");
    let select = "paused { count serviceIds }";
    let done_once = done(&app, &world.provider_supervisor, "pauseServices", input, select).await;
    assert_eq!(done_once["paused"]["count"], 2);
    for (service, status) in [(world.service, "PAUSED"), (second, "PAUSED"), (others, "PUBLISHED")] {
        assert_eq!(shown(&app, &world, service).await["status"], status);
    }
    assert_eq!(app.count("event WHERE kind = 'pauseServices'").await, 2);
}

async fn many_are_confirmed_with_a_result_for_each_and_nothing_half_done(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let mut services = vec![world.service];
    for _ in 0..2 {
        services.push(add_service(&app, world.provider, world.district, None).await);
    }
    let others = add_service(&app, world.municipality, world.district, None).await;
    age(&app, 24);
    let row =
        |service: &Uuid, version: i64| json!({ "serviceId": gid(Kind::Service, *service), "expectedVersion": version });
    let rows = json!([row(&services[0], 1), row(&services[1], 7), row(&services[2], 1), row(&others, 1)]);
    let supervisor = &world.provider_supervisor;
    let payload = verbs::tried(
        &app,
        &still(&app, supervisor),
        "confirmServices",
        json!({ "services": rows }),
        "results { isConfirmed }",
    )
    .await;
    let errors: Vec<_> = payload["userErrors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["code"].clone(), one["field"].clone()))
        .collect();
    let expected = [
        (json!("STALE_VERSION"), json!(["services", "1", "expectedVersion"])),
        (json!("NOT_FOUND"), json!(["services", "3", "serviceId"])),
    ];
    assert_eq!(errors, expected);
    assert_eq!(payload["results"], json!(null));
    assert_eq!(shown(&app, &world, services[0]).await["freshness"]["verifiedOn"], "2026-11-25", "nothing is half done");
    let input = json!({ "services": rows, "errorPolicy": "REJECT_FAILED_ROWS" });
    let select = "results { isConfirmed refused service { version } }";
    let done_each = done(&app, supervisor, "confirmServices", input, select).await;
    let expected = json!([
        { "isConfirmed": true, "refused": null, "service": { "version": 2 } },
        { "isConfirmed": false, "refused": "STALE_VERSION", "service": { "version": 1 } },
        { "isConfirmed": true, "refused": null, "service": { "version": 2 } },
        { "isConfirmed": false, "refused": "NOT_FOUND", "service": { "version": 1 } },
    ]);
    assert_eq!(done_each["results"], expected);
    assert_eq!(shown(&app, &world, services[2]).await["freshness"]["verifiedOn"], "2026-11-26");
    let twice = json!({ "services": [row(&services[0], 2), row(&services[0], 2)] });
    assert_eq!(rule(&app, supervisor, "confirmServices", twice).await, "INVALID");
}

on_both_engines!(
    freshness_is_what_the_events_say,
    a_provider_is_reminded_once_told_when_stale_and_blocked_until_confirmed,
    a_program_says_how_often_its_services_are_confirmed,
    ended_funding_closes_a_service_and_leaves_what_runs,
    one_call_pauses_everything_of_one_organization,
    many_are_confirmed_with_a_result_for_each_and_nothing_half_done,
);
