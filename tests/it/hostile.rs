//! Hostile requests over real HTTP: each is refused with a closed code in few words that repeat nothing, the server
//! lives on, and none costs it noticeably more than an honest request.

use crate::support::apart::{Apart, Signer};
use crate::support::app::{Answer, TestApp, new_database, read};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::hostile_requests::{Hostile, corpus};
use crate::support::situations::{answer, code};
use crate::support::verbs::Story;
use crate::support::world::World;
use passerelle::http::Code;
use serde_json::{Value, json};
use std::io::Write as _;
use std::time::Duration;

const HONEST: &str = r#"{"query":"{ __typename }"}"#;

/// Somebody who sends what he likes.
struct Sender {
    client: reqwest::Client,
    url: String,
}

impl Sender {
    fn to(url: &str) -> Self {
        // Not a measure: only that a server that is busy forever ends the test instead of stopping it.
        let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30)).build().unwrap();
        Self { client, url: url.to_owned() }
    }

    async fn send(&self, hostile: &Hostile) -> Result<(u16, String), reqwest::Error> {
        let answer = self
            .client
            .request(hostile.method.clone(), format!("{}{}", self.url, hostile.path))
            .header("content-type", hostile.content_type)
            .header("accept", "application/graphql-response+json")
            .body(hostile.body.clone())
            .send()
            .await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    }

    /// The server answers as ever.
    async fn lives(&self) -> bool {
        let asked = self.client.post(format!("{}/graphql", self.url)).header("content-type", "application/json");
        let Ok(answer) = asked.body(HONEST).send().await else { return false };
        read(answer).await.body["data"]["__typename"] == "Query"
    }
}

/// What is wrong with an answer.
fn fault(hostile: &Hostile, status: u16, text: &str) -> Option<String> {
    let Ok(body) = serde_json::from_str::<Value>(text) else { return Some(format!("{status}, not JSON: {text:.80}")) };
    let errors = body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    let codes: Vec<_> = errors.iter().map(|error| error["extensions"]["code"].as_str().unwrap_or("?")).collect();
    let first = codes.first().copied().unwrap_or("NONE");
    if first != hostile.code || codes.iter().any(|code| *code != "?" && Code::parse(code).is_none()) {
        return Some(format!("{status} {codes:?} instead of {}: {text:.200}", hostile.code));
    }
    if codes.len() > 10 || text.len() >= 4096 || status >= 500 {
        return Some(format!("status {status}, {} errors, {} bytes", codes.len(), text.len()));
    }
    // A word that is in every request and in no schema, and any longer piece of what was sent.
    let sent = &hostile.body[..hostile.body.len().min(20_000)];
    let echo = text.as_bytes().windows(20).find(|piece| sent.windows(20).any(|other| other == *piece));
    (text.contains("zebra") || echo.is_some()).then(|| format!("repeats what was sent: {text}"))
}

#[tokio::test]
async fn every_hostile_request_is_refused_and_the_server_lives() {
    let (database, folder) = new_database(Engine::Sqlite).await;
    let mut server = Apart::start(&database, &Signer::new());
    let sender = Sender::to(&server.url);
    let all = corpus();
    assert!(all.len() >= 60, "{}", all.len());
    let mut wrong = Vec::new();
    for hostile in &all {
        match sender.send(hostile).await {
            Ok((status, text)) => {
                wrong.extend(fault(hostile, status, &text).map(|fault| format!("{}: {fault}", hostile.name)));
            }
            Err(error) => wrong.push(format!("{}: no answer: {error:?}", hostile.name)),
        }
        assert!(sender.lives().await, "the server is gone after: {}; before: {wrong:#?}", hostile.name);
    }
    assert!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), all.len());
    server.kill();
    folder.map(std::fs::remove_dir_all).transpose().unwrap();
}

/// CPU time of the server's process for hostile requests, in units of an honest `{ __typename }` measured in the same
/// run: a slow machine or a build without optimization slows both. In a development build the average lies near 2.5 and
/// the dearest, a list of 20,000 items in 140 KB of honest JSON, near 80. A bomb of 24 fragments that the guard lets
/// through costs more than 10,000 units, each further pair of fragments four times as much, and it alone would lift the
/// average above 75; so the bounds tell the two apart by far and leave room for a busy machine.
#[tokio::test]
async fn hostile_requests_cost_the_server_hardly_more_than_honest_ones() {
    const HONEST_ROUNDS: u32 = 600;
    const AVERAGE: f64 = 12.0;
    const DEAREST: f64 = 400.0;
    let (database, folder) = new_database(Engine::Sqlite).await;
    let mut server = Apart::start(&database, &Signer::new());
    let sender = Sender::to(&server.url);
    let Some(_) = server.cpu_ticks() else {
        let _ = writeln!(std::io::stderr(), "SKIPPED, no /proc: CPU time of hostile requests");
        return;
    };
    let ticks = || server.cpu_ticks().unwrap();
    // Warm: connections, memory, the cache of parsed documents.
    for _ in 0..50 {
        assert!(sender.lives().await);
    }
    let before = ticks();
    for _ in 0..HONEST_ROUNDS {
        assert!(sender.lives().await);
    }
    // A tick is ten milliseconds: one more, so that nothing is divided by zero.
    let unit = (ticks() - before + 1) as f64 / f64::from(HONEST_ROUNDS);
    let (mut sum, mut costs) = (0.0, Vec::new());
    let all = corpus();
    for hostile in &all {
        const ROUNDS: u32 = 8;
        let before = ticks();
        for _ in 0..ROUNDS {
            sender.send(hostile).await.unwrap();
        }
        let cost = (ticks() - before) as f64 / f64::from(ROUNDS) / unit;
        sum += cost;
        costs.push((cost, hostile.name));
    }
    costs.sort_by(|one, other| other.0.total_cmp(&one.0));
    let average = sum / all.len() as f64;
    let _ = writeln!(
        std::io::stderr(),
        "hostile: an honest request costs {:.3} ms CPU, {} hostile ones {average:.2} times that on average; dearest {:.1?}",
        unit * 10.0,
        all.len(),
        &costs[..5]
    );
    assert!(average < AVERAGE, "{average} units on average");
    assert!(costs[0].0 < DEAREST, "{costs:?}");
    server.kill();
    folder.map(std::fs::remove_dir_all).transpose().unwrap();
}

/// PostgreSQL's text has no NUL: what holds one is refused before it comes to a statement, by either way in.
async fn texts_with_nul_are_refused_typed(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    let manager = &world.case_manager;
    let before = app.count("event").await;
    let need = |goal: &str| {
        json!({ "caseId": story.case, "expectedVersion": 3, "categoryCode": "ECO.IND.TVET", "dimension": "ECONOMIC",
            "level": "INDIVIDUAL", "urgency": "ROUTINE", "delivery": "REFERRAL", "goals": [goal] })
    };
    let mut referral = story.referral(world.service);
    referral["background"] = json!("\0");
    let mut keyed = need("zebra");
    keyed["idempotencyKey"] = json!("zebra\0");
    let number = json!({ "caseId": story.case, "scheme": "a\0", "value": "7" });
    let opening = json!({ "programId": "zebra\0", "language": "f\0" });
    let service = json!({ "language": "en", "name": "zebra\0", "takesReferrals": false });
    for (who, mutation, input) in [
        (manager, "addNeed", need("a\0b")),
        (manager, "addNeed", keyed),
        (manager, "createReferral", referral),
        (manager, "addCaseAlias", number),
        (manager, "openCase", opening),
        (&world.editor, "publishService", service),
    ] {
        let answered = answer(&app, who, mutation, input).await;
        assert_eq!((answered.status, code(&answered, mutation).as_str()), (400, "BAD_USER_INPUT"), "{mutation}");
    }
    for literal in [r#""a\u0000""#, "\"a\0\"", "\"\"\"a\0\"\"\""] {
        let query = format!(
            "mutation {{ addCaseAlias(input: {{idempotencyKey: \"k\", caseId: \"{}\", scheme: \"s\", value: {literal}}}) \
             {{ userErrors {{ code }} }} }}",
            story.case
        );
        assert_eq!(app.refused(manager, &query, json!({})).await, "BAD_USER_INPUT", "{literal:?}");
    }
    hidden(&app, &world).await;
    assert_eq!(app.count("event").await, before);
}

/// NUL in what is decoded later: cursors, identifiers and parameters of a GET.
async fn hidden(app: &TestApp, world: &World) {
    use base64::Engine as _;
    let encoded = |bytes: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
    let cursor = encoded(&[&[7; 16][..], b"vocational\0"].concat());
    let empty = encoded(&[0; 40]);
    for (query, word, expected) in [
        ("query($t: ID!) { node(id: $t) { id } }", &empty, "NONE"),
        ("query($t: Cursor) { services(after: $t) { nodes { id } } }", &cursor, "BAD_USER_INPUT"),
        (
            "query($t: Cursor) { services(before: $t, orderBy: {field: NAME, direction: ASC}) { nodes { id } } }",
            &cursor,
            "BAD_USER_INPUT",
        ),
        ("query($t: Cursor) { organizations(after: $t) { nodes { id } } }", &cursor, "BAD_USER_INPUT"),
        ("query($t: Cursor) { areas(after: $t) { nodes { id } } }", &cursor, "BAD_USER_INPUT"),
        ("query($t: Cursor) { referrals(after: $t) { nodes { id } } }", &empty, "BAD_USER_INPUT"),
        ("query($t: Cursor) { cases(after: $t) { nodes { id } } }", &empty, "BAD_USER_INPUT"),
        ("query($t: String!) { case(by: {identifier: $t}) { id } }", &empty, "BAD_USER_INPUT"),
    ] {
        let answered = app.post(&world.case_manager, query, json!({ "t": word })).await;
        let said = answered.body["errors"][0]["extensions"]["code"].as_str().unwrap_or("NONE");
        assert_eq!(said, expected, "{query}: {}", answered.body);
    }
    let path = "/graphql?query=query($t:String)%7Bservices(filter:%7Btext:$t%7D)%7BtotalCount%7D%7D&variables=%7B%22t%22:%22a%5Cu0000%22%7D";
    let request = app.request(reqwest::Method::GET, path).header("accept", "application/graphql-response+json");
    let Answer { status, body, .. } = read(request.send().await.unwrap()).await;
    assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (400, &json!("BAD_USER_INPUT")), "{body}");
}

on_both_engines!(texts_with_nul_are_refused_typed);
