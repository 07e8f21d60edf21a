//! So many rows a day, a second person above a size, so many jobs at once.

use crate::support::app::TestApp;
use crate::support::bulk::{change, fetched, lines, runner, seen, start, work_off};
use crate::support::clocked::still;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::waiting;
use crate::support::verbs::{done, rule};
use crate::support::world::World;
use passerelle::app::Policy;
use passerelle::domain::budget::{Rate, Rates};
use serde_json::json;
use std::collections::BTreeSet;

fn policy(rows_a_day: i64, alone: i64) -> Policy {
    let rates = Rates { exported_rows: Rate::each_day(rows_a_day), ..Rates::default().without_bound() };
    Policy { rates, export_rows_alone: alone, ..Policy::default() }
}

async fn what_is_too_much_for_today_goes_on_tomorrow(engine: Engine) {
    let app = TestApp::start_with(engine, policy(4, 100)).await;
    let world = World::fill(&app).await;
    waiting(&app, &world, world.service, 7).await;
    let job = start(&app, &world.intake, "REFERRALS").await;
    let other = start(&app, &world.case_manager, "REFERRALS").await;
    work_off(&app).await;
    let today = seen(&app, &world.intake, &job).await;
    assert_eq!((&today["state"], &today["progress"]["rowsDone"]), (&json!("RUNNING"), &json!(4)));
    assert!(today["waitsUntil"].is_string(), "{today}");
    let another = seen(&app, &world.case_manager, &other).await;
    assert_eq!(another["progress"]["rowsDone"], 4, "each organization has its own rows");
    app.wait(24 * 3_600);
    work_off(&app).await;
    let who = still(&app, &world.intake);
    let job = seen(&app, &who, &job).await;
    assert_eq!((&job["state"], &job["waitsUntil"]), (&json!("DONE"), &json!(null)));
    let ids: BTreeSet<String> =
        lines(&fetched(&app, &who, &job).await).iter().map(|line| line["id"].to_string()).collect();
    assert_eq!(ids.len(), 7);
    assert_eq!(app.count("budget WHERE purse = 'exported_rows' AND points = 1").await, 2, "3 of 4 are spent again");
}

async fn a_large_export_needs_a_second_person(engine: Engine) {
    let app = TestApp::start_with(engine, policy(1_000, 3)).await;
    let world = World::fill(&app).await;
    waiting(&app, &world, world.service, 4).await;
    let administrator = &world.provider_administrator;
    let job = start(&app, &world.intake, "REFERRALS").await;
    assert_eq!(rule(&app, administrator, "approveBulkJob", change(&job)).await, "NOT_NOW", "it is not counted yet");
    work_off(&app).await;
    let waits = seen(&app, &world.intake, &job).await;
    assert_eq!(waits["state"], "AWAITING_APPROVAL");
    assert_eq!(waits["progress"], json!({ "rowsDone": 0, "rowsExpected": 4 }));
    assert_eq!(app.count("notification WHERE kind = 'BULK_JOB_WAITS' AND role = 'ADMINISTRATOR'").await, 1);
    assert_eq!(rule(&app, &world.intake, "approveBulkJob", change(&waits)).await, "NOT_PERMITTED");
    assert_eq!(rule(&app, administrator, "approveBulkJob", change(&job)).await, "STALE_VERSION");
    assert_eq!(work_off(&app).await, 0, "nothing is read before");
    let agreed =
        done(&app, administrator, "approveBulkJob", change(&waits), "bulkJob { state approvedById version }").await;
    assert_eq!(agreed["bulkJob"]["state"], "RUNNING");
    work_off(&app).await;
    let job = seen(&app, &world.intake, &job).await;
    assert_eq!((&job["state"], &job["file"]["rows"]), (&json!("DONE"), &json!(4)));
    assert!(job["approvedById"].is_string());

    // Who may agree to others' exports does not agree to their own.
    let job = start(&app, &world.data_protection, "REFERRALS").await;
    work_off(&app).await;
    let job = seen(&app, &world.data_protection, &job).await;
    assert_eq!(rule(&app, &world.data_protection, "approveBulkJob", change(&job)).await, "NOT_PERMITTED");
    done(&app, &world.administrator, "cancelBulkJob", change(&job), "bulkJob { state }").await;
    let job = seen(&app, &world.data_protection, &job).await;
    assert_eq!(job["state"], "CANCELLED", "the other says no");
    assert_eq!(rule(&app, &world.administrator, "approveBulkJob", change(&job)).await, "NOT_NOW");
}

async fn what_grows_beyond_the_size_stops_there(engine: Engine) {
    let app = TestApp::start_with(engine, policy(1_000, 3)).await;
    let world = World::fill(&app).await;
    waiting(&app, &world, world.service, 3).await;
    let job = start(&app, &world.intake, "REFERRALS").await;
    assert!(runner(&app).round().await.unwrap());
    waiting(&app, &world, world.service, 2).await;
    work_off(&app).await;
    let waits = seen(&app, &world.intake, &job).await;
    assert_eq!((&waits["state"], &waits["progress"]["rowsDone"]), (&json!("AWAITING_APPROVAL"), &json!(3)));
    done(&app, &world.provider_administrator, "approveBulkJob", change(&waits), "bulkJob { state }").await;
    work_off(&app).await;
    let job = seen(&app, &world.intake, &job).await;
    let ids: BTreeSet<String> =
        lines(&fetched(&app, &world.intake, &job).await).iter().map(|line| line["id"].to_string()).collect();
    assert_eq!((ids.len(), &job["file"]["rows"]), (5, &json!(5)), "none twice, none left out");
}

async fn nobody_agreed_in_a_week(engine: Engine) {
    let app = TestApp::start_with(engine, policy(1_000, 0)).await;
    let world = World::fill(&app).await;
    waiting(&app, &world, world.service, 1).await;
    let job = start(&app, &world.intake, "REFERRALS").await;
    work_off(&app).await;
    app.wait(7 * 24 * 3_600);
    assert_eq!(runner(&app).sweep().await.unwrap(), 1);
    assert_eq!(seen(&app, &still(&app, &world.intake), &job).await["state"], "EXPIRED");
}

async fn five_jobs_at_once_and_the_same_key_once(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let input = json!({ "idempotencyKey": "one", "kind": "SERVICES", "purpose": "SYNC" });
    for _ in 0..2 {
        done(&app, &world.intake, "startBulkExport", input.clone(), "bulkJob { id }").await;
    }
    assert_eq!(app.count("bulk_job").await, 1);
    for _ in 0..4 {
        start(&app, &world.intake, "SERVICES").await;
    }
    let more = json!({ "kind": "SERVICES", "purpose": "SYNC" });
    assert_eq!(rule(&app, &world.worker, "startBulkExport", more.clone()).await, "NOT_NOW", "of one organization");
    start(&app, &world.case_manager, "SERVICES").await;
    work_off(&app).await;
    done(&app, &world.worker, "startBulkExport", more, "bulkJob { id }").await;
}

on_both_engines!(
    what_is_too_much_for_today_goes_on_tomorrow,
    a_large_export_needs_a_second_person,
    what_grows_beyond_the_size_stops_there,
    nobody_agreed_in_a_week,
    five_jobs_at_once_and_the_same_key_once,
);
