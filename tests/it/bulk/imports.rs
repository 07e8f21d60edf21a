//! An import is a file of commands: uploaded in parts over links, done line by line, each once, and told of line by line.

use crate::support::app::{Answer, Persona, TestApp, read};
use crate::support::bulk::{JOB, fetched, get, lines, link, rows, runner, seen, start, work_off};
use crate::support::clocked::{still, stored};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::{run, waiting};
use crate::support::verbs::{Referred, done, key, rule};
use crate::support::world::World;
use passerelle::app::Policy;
use passerelle::domain::budget::{Rate, Rates};
use passerelle::domain::global_id::decode;
use passerelle::usecase::bulk::Doer as _;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// A line that acknowledges a referral.
fn acknowledging(referral: &Referred) -> String {
    let input = json!({ "idempotencyKey": key(), "referralId": referral.id, "expectedVersion": referral.version });
    json!({ "madeAt": "2026-11-24T10:00:00Z", "command": { "acknowledgeReferral": input } }).to_string()
}

async fn announced(app: &TestApp, who: &Persona, text: &str) -> Value {
    let sum: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02X}")).collect();
    let input = json!({ "bytes": text.len(), "sha256": sum });
    let started = done(app, who, "startBulkImport", input, &format!("bulkJob {{ receivedBytes {JOB} }}")).await;
    started["bulkJob"].clone()
}

/// Uploads bytes by a link of its own.
async fn upload(app: &TestApp, who: &Persona, job: &Value, at: usize, bytes: &str) -> Answer {
    let path = link(app, who, job, at).await;
    read(app.request(Method::PUT, &path).body(bytes.to_owned()).send().await.unwrap()).await
}

async fn imported(app: &TestApp, who: &Persona, text: &str) -> Value {
    let job = announced(app, who, text).await;
    assert_eq!(upload(app, who, &job, 0, text).await.body["isComplete"], true);
    work_off(app).await;
    seen(app, who, &job).await
}

async fn each_line_is_done_and_told_of(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let sent = waiting(&app, &world, world.service, 60).await;
    let mut all: Vec<String> = sent.iter().map(acknowledging).collect();
    all.insert(3, "CANARY this is no command".into());
    all.insert(5, json!({ "madeAt": "2026-11-24T10:00:00Z", "command": { "eraseReferral": {} } }).to_string());
    // What is not theirs is refused as in a mutation of its own.
    let unknown = Referred {
        id: crate::support::world::gid(passerelle::domain::global_id::Kind::Referral, uuid::Uuid::now_v7()),
        version: 1,
    };
    all.push(acknowledging(&unknown));
    let text = all.join("\n");
    let job = announced(&app, &world.intake, &text).await;
    assert_eq!(
        (&job["state"], &job["direction"], &job["receivedBytes"]),
        (&json!("AWAITING_UPLOAD"), &json!("IMPORT"), &json!(0))
    );
    let half = text.len() / 2;
    let came = upload(&app, &world.intake, &job, 0, &text[..half]).await;
    assert_eq!(came.body, json!({ "receivedBytes": half, "bytes": text.len(), "isComplete": false }));
    assert_eq!(work_off(&app).await, 0, "nothing is done before all has come");
    let elsewhere = json!({ "bulkJobId": job["id"], "offset": 0 });
    assert_eq!(
        rule(&app, &world.intake, "createBulkLink", elsewhere).await,
        "INVALID",
        "it goes on behind what has come"
    );
    // A link for an upload is none for a download, and asking the wrong way does not use it up.
    let path = link(&app, &world.intake, &job, half).await;
    assert_eq!(get(&app, &path).await.0, 404);
    let rest = text[half..].to_owned();
    let answer = read(app.request(Method::PUT, &path).body(rest.clone()).send().await.unwrap()).await;
    assert_eq!((answer.status, &answer.body["isComplete"]), (200, &json!(true)));
    let again = read(app.request(Method::PUT, &path).body(rest).send().await.unwrap()).await;
    assert_eq!(again.status, 404, "a link is good once");
    work_off(&app).await;
    let job = seen(&app, &world.intake, &job).await;
    assert_eq!((&job["state"], &job["progress"]["rowsDone"]), (&json!("DONE"), &json!(63)));
    let told = lines(&fetched(&app, &world.intake, &job).await);
    assert_eq!(told.len(), 63);
    for (at, line) in told.iter().enumerate() {
        assert_eq!(line["line"], at);
        let outcome = if line["outcome"].is_string() { &line["outcome"] } else { &line["result"]["outcome"] };
        let expected = if at == 3 || at == 5 {
            "UNREADABLE"
        } else if at == 62 {
            "REFUSED"
        } else {
            "APPLIED"
        };
        assert_eq!(outcome, expected, "{line}");
    }
    assert_eq!(told[62]["result"]["userErrors"][0]["code"], "NOT_FOUND");
    for referral in &sent {
        assert_eq!(stored(&app, referral).await, "ACKNOWLEDGED");
    }
    assert_eq!(app.count("bulk_piece WHERE body_sealed LIKE '%CANARY%'").await, 0);
}

async fn a_node_that_died_has_done_nothing_twice(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let sent = waiting(&app, &world, world.service, 70).await;
    let all: Vec<String> = sent.iter().map(acknowledging).collect();
    let text = all.join("\n") + "\n";
    let job = announced(&app, &world.intake, &text).await;
    upload(&app, &world.intake, &job, 0, &text).await;
    assert!(runner(&app).round().await.unwrap(), "its sum is compared");
    // It did an envelope, and died before it noted so.
    let dead = runner(&app);
    assert!(dead.take_up().await.unwrap().is_some());
    let actor = app.app.store.actor_now(world.intake.id, world.provider).await.unwrap().unwrap();
    let request = format!("bulk-{}", decode(job["id"].as_str().unwrap()).unwrap().1);
    let first: Vec<Vec<u8>> = all[..50].iter().map(|line| line.clone().into_bytes()).collect();
    rows(&app).done(&actor, &request, &first, 0).await.unwrap();
    assert!(!runner(&app).round().await.unwrap(), "it is still thought alive");
    app.wait(121);
    work_off(&app).await;
    let who = still(&app, &world.intake);
    let job = seen(&app, &who, &job).await;
    assert_eq!(job["state"], "DONE");
    let told = lines(&fetched(&app, &who, &job).await);
    let repeated = told.iter().filter(|line| line["result"]["isRepeat"] == true).count();
    assert_eq!((told.len(), repeated), (70, 50));
    assert!(told.iter().all(|line| line["result"]["outcome"] == "APPLIED"));
    assert_eq!(app.count("event WHERE kind = 'acknowledgeReferral'").await, 70);
}

async fn what_is_not_as_announced_is_not_done(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let sent = waiting(&app, &world, world.service, 1).await.remove(0);
    let text = acknowledging(&sent);
    let other = text.replacen("10:00:00", "10:00:01", 1);
    let job = announced(&app, &world.intake, &text).await;
    assert_eq!(upload(&app, &world.intake, &job, 0, &format!("{text} ")).await.status, 413, "too much");
    assert_eq!(upload(&app, &world.intake, &job, 0, &other).await.status, 200);
    work_off(&app).await;
    let job = seen(&app, &world.intake, &job).await;
    assert_eq!((&job["state"], &job["error"]), (&json!("FAILED"), &json!("CHECKSUM_WRONG")));
    let long = format!("{{\"madeAt\": \"{}\"}}", "x".repeat(65 * 1024));
    let job = imported(&app, &world.intake, &long).await;
    assert_eq!((&job["state"], &job["error"]), (&json!("FAILED"), &json!("UNREADABLE")));
    assert_eq!((stored(&app, &sent).await.as_str(), app.count("bulk_piece").await), ("SENT", 0));
    for (bytes, sum, code) in [
        (0, "a".repeat(64), "INVALID"),
        (1, "z".repeat(64), "INVALID"),
        (64 * 1024 * 1024 + 1, "a".repeat(64), "TOO_LONG"),
    ] {
        let input = json!({ "bytes": bytes, "sha256": sum });
        assert_eq!(rule(&app, &world.intake, "startBulkImport", input).await, code);
    }
    let input = json!({ "bytes": 1, "sha256": "a".repeat(64) });
    assert_eq!(rule(&app, &world.editor, "startBulkImport", input).await, "NOT_PERMITTED");
}

async fn an_import_stops_when_access_ends_and_waits_for_tomorrow(engine: Engine) {
    let rates = Rates { imported_rows: Rate::each_day(3), ..Rates::default().without_bound() };
    let app = TestApp::start_with(engine, Policy { rates, ..Policy::default() }).await;
    let world = World::fill(&app).await;
    let sent = waiting(&app, &world, world.service, 8).await;
    let text = sent[..4].iter().map(acknowledging).collect::<Vec<_>>().join("\n");
    let job = imported(&app, &world.intake, &text).await;
    assert_eq!((&job["state"], &job["progress"]["rowsDone"]), (&json!("RUNNING"), &json!(3)));
    assert!(job["waitsUntil"].is_string());
    app.wait(24 * 3_600);
    work_off(&app).await;
    let who = still(&app, &world.intake);
    assert_eq!(seen(&app, &who, &job).await["state"], "DONE");
    app.wait(24 * 3_600);
    let who = still(&app, &world.intake);
    let text = sent[4..].iter().map(acknowledging).collect::<Vec<_>>().join("\n");
    let job = imported(&app, &who, &text).await;
    assert_eq!(job["progress"]["rowsDone"], 3);
    run(&app, "UPDATE member SET roles = '[]' WHERE id = $1", vec![world.intake.id.into()]).await;
    app.wait(24 * 3_600);
    work_off(&app).await;
    assert_eq!(app.count("bulk_job WHERE state = 'FAILED' AND error = 'ACCESS_ENDED'").await, 1);
    assert_eq!(stored(&app, &sent[7]).await, "SENT");
    start(&app, &still(&app, &world.worker), "SERVICES").await;
}

on_both_engines!(
    each_line_is_done_and_told_of,
    a_node_that_died_has_done_nothing_twice,
    what_is_not_as_announced_is_not_done,
    an_import_stops_when_access_ends_and_waits_for_tomorrow,
);
