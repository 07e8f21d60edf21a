//! A file is fetched by a link that is good once and for a short while; all others get one answer.

use crate::support::app::TestApp;
use crate::support::bulk::{change, get, lines, link, nothing, seen, start, work_off};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::{run, waiting};
use crate::support::verbs::{done, key, rule, text};
use crate::support::world::World;
use passerelle::usecase::bulk::Runner;
use reqwest::Method;
use serde_json::{Value, json};

async fn with_a_file(app: &TestApp, world: &World) -> Value {
    waiting(app, world, world.service, 5).await;
    let job = start(app, &world.intake, "REFERRALS").await;
    let runner: Runner = crate::support::bulk::runner(app).with_rows_at_once(2);
    while runner.round().await.unwrap() {}
    seen(app, &world.intake, &job).await
}

async fn a_link_is_good_once_and_not_for_long(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let job = with_a_file(&app, &world).await;
    let guessed = nothing(&app, &format!("/bulk/{}", "0".repeat(64))).await;
    assert!(guessed.starts_with("404 "), "{guessed}");
    let path = link(&app, &world.intake, &job, 0).await;
    assert!(path.len() == "/bulk/".len() + 64 && !path.contains('?'), "{path}");
    let head = app.request(Method::HEAD, &path).send().await.unwrap();
    assert_eq!(head.status().as_u16(), 405, "looking at a link does not use it up");
    let answer = app.request(Method::GET, &path).header("accept-encoding", "gzip, br").send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("content-type"), "application/gzip");
    assert_eq!(json!(header("content-length").parse::<i64>().unwrap()), job["file"]["bytes"]);
    assert_eq!(lines(&answer.bytes().await.unwrap()).len(), 5);
    assert_eq!(nothing(&app, &path).await, guessed, "a second time");
    let late = link(&app, &world.intake, &job, 0).await;
    app.wait(15 * 60);
    assert_eq!(nothing(&app, &late).await, guessed, "too late");
    for wrong in ["/bulk/", "/bulk/x", &format!("/bulk/{}", "f".repeat(63)), &format!("{path}0"), "/bulk/%00"] {
        assert!(nothing(&app, wrong).await.starts_with("404 "), "{wrong}");
    }
    assert_eq!(app.count(&format!("bulk_link WHERE secret_hash = '{}'", &path["/bulk/".len()..])).await, 0);
}

async fn what_broke_goes_on_behind_what_arrived(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let job = with_a_file(&app, &world).await;
    let (_, whole) = get(&app, &link(&app, &world.intake, &job, 0).await).await;
    for arrived in [1, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
        let (status, rest) = get(&app, &link(&app, &world.intake, &job, arrived).await).await;
        assert_eq!((status, [&whole[..arrived], &rest].concat()), (200, whole.clone()), "behind {arrived}");
    }
    for offset in [-1, i64::try_from(whole.len()).unwrap()] {
        let asked = json!({ "bulkJobId": job["id"], "offset": offset });
        assert_eq!(rule(&app, &world.intake, "createBulkLink", asked).await, "INVALID");
    }
    // The same request again is answered the same link, which is not a second one.
    let asked = json!({ "idempotencyKey": key(), "bulkJobId": job["id"] });
    let made = async || {
        text(&done(&app, &world.intake, "createBulkLink", asked.clone(), "link { path }").await["link"]["path"])
    };
    let (first, again) = (made().await, made().await);
    assert_eq!(first, again);
    assert_eq!(get(&app, &first).await.0, 200);
    assert_eq!(get(&app, &again).await.0, 404);
}

async fn a_file_goes_with_its_day_its_access_and_its_job(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let job = with_a_file(&app, &world).await;
    let path = link(&app, &world.intake, &job, 0).await;
    run(&app, "UPDATE member SET is_active = FALSE WHERE id = $1", vec![world.intake.id.into()]).await;
    assert_eq!(get(&app, &path).await.0, 404, "whose access has ended fetches nothing");
    assert_eq!(app.count("audit WHERE operation = 'fetchBulkFile'").await, 0);
    run(&app, "UPDATE member SET is_active = TRUE WHERE id = $1", vec![world.intake.id.into()]).await;
    let path = link(&app, &world.intake, &job, 0).await;
    done(&app, &world.provider_administrator, "cancelBulkJob", change(&job), "bulkJob { state }").await;
    assert_eq!((get(&app, &path).await.0, app.count("bulk_piece").await), (404, 0));
    assert_eq!(rule(&app, &world.intake, "createBulkLink", json!({ "bulkJobId": job["id"] })).await, "NOT_NOW");
    let job = start(&app, &world.intake, "REFERRALS").await;
    work_off(&app).await;
    app.wait(24 * 3_600);
    assert_eq!(crate::support::bulk::runner(&app).sweep().await.unwrap(), 1);
    assert_eq!(app.count("bulk_piece").await, 0);
    let who = crate::support::clocked::still(&app, &world.intake);
    let job = seen(&app, &who, &job).await;
    assert_eq!((&job["state"], &job["file"]), (&json!("EXPIRED"), &json!(null)));
}

on_both_engines!(
    a_link_is_good_once_and_not_for_long,
    what_broke_goes_on_behind_what_arrived,
    a_file_goes_with_its_day_its_access_and_its_job,
);
