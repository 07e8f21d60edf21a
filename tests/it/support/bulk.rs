//! Bulk jobs, as a story tells them: somebody starts one, a node works it off, the file is fetched.

use super::app::{Answer, Persona, TestApp, read};
use super::verbs::{done, text};
use flate2::read::MultiGzDecoder;
use passerelle::graphql;
use passerelle::graphql::bulk_rows::Rows;
use passerelle::usecase::bulk::Runner;
use reqwest::Method;
use serde_json::{Value, json};
use std::io::Read as _;
use std::sync::Arc;

/// What is read of a job.
pub const JOB: &str = "id version state kind purpose direction progress { rowsDone rowsExpected } waitsUntil error startedById \
    approvedById changesAfter file { rows bytes sha256 expiresAt } endedAt";

/// What reads rows and does commands for a node.
pub fn rows(app: &TestApp) -> Rows {
    Rows::new(Arc::clone(&app.app), graphql::api(Arc::clone(&app.app)))
}

/// A node that works on jobs.
pub fn runner(app: &TestApp) -> Runner {
    Runner::new(Arc::clone(&app.app), Arc::new(rows(app)))
}

/// Works until nothing can be done now; tells how many steps it took.
pub async fn work_off(app: &TestApp) -> usize {
    let (runner, mut steps) = (runner(app), 0);
    while runner.round().await.unwrap() {
        steps += 1;
    }
    steps
}

/// Starts an export and gives the job.
pub async fn start(app: &TestApp, who: &Persona, kind: &str) -> Value {
    let input = json!({ "kind": kind, "purpose": "SYNC" });
    let started = done(app, who, "startBulkExport", input, &format!("bulkJob {{ {JOB} }}")).await;
    started["bulkJob"].clone()
}

/// A job as somebody sees it now; null where they don't.
pub async fn seen(app: &TestApp, who: &Persona, job: &Value) -> Value {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on BulkJob {{ {JOB} }} }} }}");
    app.run(who, &query, json!({ "id": job["id"] })).await["node"].clone()
}

/// The input of a change of a job.
pub fn change(job: &Value) -> Value {
    json!({ "bulkJobId": job["id"], "expectedVersion": job["version"] })
}

/// A link to a job's file, behind so many bytes.
pub async fn link(app: &TestApp, who: &Persona, job: &Value, offset: usize) -> String {
    let input = json!({ "bulkJobId": job["id"], "offset": offset });
    text(&done(app, who, "createBulkLink", input, "link { path expiresAt }").await["link"]["path"])
}

/// What a path below `/bulk` answers.
pub async fn get(app: &TestApp, path: &str) -> (u16, Vec<u8>) {
    let answer = app.request(Method::GET, path).send().await.unwrap();
    (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec())
}

/// What a path answers that leads nowhere, without what differs between any two requests.
pub async fn nothing(app: &TestApp, path: &str) -> String {
    let Answer { status, mut body, headers } = read(app.request(Method::GET, path).send().await.unwrap()).await;
    body["error"]["requestId"] = json!("");
    let mut names: Vec<&str> = headers.keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    format!("{status} {body} {names:?}")
}

/// The lines of a file.
pub fn lines(file: &[u8]) -> Vec<Value> {
    let mut text = String::new();
    MultiGzDecoder::new(file).read_to_string(&mut text).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The file of a job, fetched by its starter.
pub async fn fetched(app: &TestApp, who: &Persona, job: &Value) -> Vec<u8> {
    let (status, bytes) = get(app, &link(app, who, job, 0).await).await;
    assert_eq!(status, 200);
    bytes
}
