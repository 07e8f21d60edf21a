//! What is said about people is nowhere but sealed in the database: not readable in its files, not in logs, not in
//! errors. Canaries go through every text of the inputs, well-formed and not.

use crate::support::app::{Persona, TestApp, new_database};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::decision::answers;
use crate::support::situations::{Stage, answer};
use crate::support::verbs::{Story, done, key};
use crate::support::world::{World, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, Once};

/// What must not be found. The other tests' stories write it too, so their log lines are listened to as well.
const CANARY: &str = "CANARY";

static LINES: AtomicUsize = AtomicUsize::new(0);
static LEAKS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Hears every log line of this process and keeps those with a canary.
struct Ear;

impl Write for Ear {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        LINES.fetch_add(1, Ordering::SeqCst);
        let text = String::from_utf8_lossy(line);
        if text.contains(CANARY) {
            LEAKS.lock().unwrap().push(text.into_owned());
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Everything of ours, and what the libraries below would say in production.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let filter = "passerelle=trace,async_graphql=trace,sea_orm=info,sqlx=info,actix_web=info,actix_http=info";
        let logs = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(|| Ear);
        logs.try_init().unwrap();
    });
}

/// Sends a canary in every text of the inputs that is about people.
async fn tell_everything(app: &TestApp, world: &World) {
    let stage = Stage::set(app, world).await;
    let (manager, intake) = (&world.case_manager, &world.intake);
    let story = Story::open(app, world).await;
    let number = json!({ "caseId": story.case, "scheme": "dossier", "value": "CANARY-ALIAS" });
    done(app, manager, "addCaseAlias", number, "case { aliases { value } }").await;
    let person = json!({ "caseId": story.case, "expectedVersion": 3, "givenName": "CANARY-GIVEN", "familyName": "CANARY-FAMILY",
        "documentNumbers": ["CANARY-PASSPORT"], "email": "CANARY@example.org", "address": "CANARY-ADDRESS",
        "caregiver": "CANARY-AUNT", "protectiveFactors": ["CANARY-FRIENDS"], "healthNeeds": "CANARY-HEALTH",
        "vulnerabilities": [{ "flag": "INDEBTED", "assessedOn": "2026-11-01", "assessedBy": "CANARY-NURSE",
                              "reviewOn": "2027-05-01" }] });
    done(app, manager, "setPerson", person, "case { person { givenName healthNeeds } }").await;
    let other = json!({ "reason": "OTHER", "note": "CANARY-REASON moved in with an aunt" });
    stage.sent().await.1.act(app, intake, "declineReferral", other.clone()).await;
    stage.sent().await.1.act(app, manager, "withdrawReferral", other).await;
    stage.completed().await;
    decide(app, world, &stage).await;
    deliver(app, world, &stage).await;
    assert_eq!(app.count("referral_goal WHERE note_sealed IS NOT NULL").await, 4);
    assert_eq!(app.count("referral WHERE note_sealed IS NOT NULL").await, 4);
}

/// The texts of the steps before and around a decision.
async fn decide(app: &TestApp, world: &World, stage: &Stage<'_>) {
    let (manager, intake) = (&world.case_manager, &world.intake);
    stage.asked().await.1.act(app, manager, "answerReferralInfo", answers()).await;
    let mut other = json!({ "reason": "OTHER", "note": "CANARY-REASON moved in with an aunt" });
    stage.accepted().await.1.act(app, intake, "unacceptReferral", other.clone()).await;
    other["betterServiceId"] = json!(gid(Kind::Service, world.service));
    stage.sent().await.1.act(app, intake, "redirectReferral", other).await;
    let service = stage.service_with_a_list(Some(9)).await;
    for _ in 0..2 {
        let sent = stage.story().await.refer_to(app, manager, service).await;
        let waiting = sent.act(app, intake, "waitlistReferral", json!({ "expectedOn": "2026-12-10" })).await;
        if app.count("referral WHERE status = 'WAITLISTED'").await == 2 {
            let why = json!({ "outOfOrderReason": "CANARY-REASON the aunt has room" });
            waiting.act(app, &world.provider_supervisor, "offerReferralPlace", why).await;
        }
    }
    assert_eq!(app.count("referral_question WHERE answer_sealed IS NOT NULL").await, 2);
    assert_eq!(app.count("referral WHERE offer_note_sealed IS NOT NULL").await, 1);
}

/// The texts of the steps after an acceptance.
async fn deliver(app: &TestApp, world: &World, stage: &Stage<'_>) {
    stage.held().await;
    stage.contested().await;
    stage.disputed().await;
    let report = json!({ "done": 1, "planned": 2, "note": "CANARY-PROGRESS comes every day" });
    stage.begun().await.1.act(app, &world.worker, "reportReferralProgress", report).await;
}

/// Documents, variables and bodies that are wrong, each with a canary in it; no answer may repeat it.
async fn send_nonsense(app: &TestApp, world: &World) {
    let who = &world.case_manager;
    let story = Story::open(app, world).await;
    for (query, variables) in nonsense(&story) {
        let said = app.post(who, &query, variables).await;
        assert!(said.body.get("errors").is_some(), "{query} was understood");
        assert!(!said.body.to_string().contains(CANARY), "{}", said.body);
    }
    let goals = |count: usize, text: &str| vec![text.to_owned(); count];
    for (mutation, field, value) in [
        ("addNeed", "goals", json!(goals(11, "CANARY one too many"))),
        ("addNeed", "goals", json!(["CANARY".repeat(200)])),
        ("addNeed", "categoryCode", json!("CANARY.NO.CODE")),
        ("createReferral", "background", json!("CANARY".repeat(500))),
        ("createReferral", "needId", json!("CANARY-NO-ID")),
        ("addCaseAlias", "value", json!("CANARY".repeat(50))),
        ("recordConsent", "noticeVersion", json!("CANARY".repeat(20))),
        ("setPerson", "givenName", json!("CANARY".repeat(50))),
        ("setPerson", "nationality", json!("CANARY")),
        ("setPerson", "phone", json!("CANARY")),
        ("setPerson", "email", json!("CANARY")),
        ("setPerson", "documentNumbers", json!(["CANARY".repeat(50)])),
        ("openCase", "idempotencyKey", json!("CANARY with spaces")),
    ] {
        let mut input = right(&story, world, mutation);
        input[field] = value;
        let said = answer(app, who, mutation, input).await;
        assert_ne!(said.body["data"][mutation]["userErrors"], json!([]), "{mutation}.{field} was taken");
        assert!(!said.body.to_string().contains(CANARY), "{}", said.body);
    }
    for body in ["CANARY", r#"{"query": "CANARY"#, r#"{"CANARY": 1}"#, r#"["CANARY"]"#] {
        let request = app.request(reqwest::Method::POST, "/graphql").header("content-type", "application/json");
        let text = request.body(body).send().await.unwrap().text().await.unwrap();
        assert!(!text.contains(CANARY), "{text}");
    }
    let forged = Persona { token: Some("CANARY.CANARY.CANARY".into()), ..who.clone() };
    let said = app.post(&forged, "{ cases { totalCount } }", json!({})).await;
    assert!(!said.body.to_string().contains(CANARY), "{}", said.body);
}

fn nonsense(story: &Story) -> Vec<(String, Value)> {
    let case = &story.case;
    let add = "mutation($input: AddNeedInput!) { addNeed(input: $input) { userErrors { code } } }";
    let none = || json!({});
    vec![
        ("{ CANARY }".into(), none()),
        ("{ CANARY".into(), none()),
        ("query CANARY { cases { totalCount CANARY } }".into(), none()),
        ("{ cases(CANARY: 1) { totalCount } }".into(), none()),
        ("{ cases @CANARY { totalCount } }".into(), none()),
        ("{ ...CANARY }".into(), none()),
        ("{ cases(first: \"CANARY\") { totalCount } }".into(), none()),
        ("{ cases(after: \"CANARY\") { totalCount } }".into(), none()),
        ("{ cases(filter: {status: [CANARY]}) { totalCount } }".into(), none()),
        ("{ case(by: {identifier: \"CANARY\"}) { id } }".into(), none()),
        ("query($CANARY: CANARY!) { cases { totalCount } }".into(), json!({ "CANARY": 1 })),
        (add.into(), json!({ "input": "CANARY" })),
        (add.into(), json!({ "input": { "caseId": case, "CANARY": 1 } })),
        (add.into(), json!({ "input": { "caseId": case, "idempotencyKey": key(), "expectedVersion": "CANARY" } })),
        (add.into(), json!({ "input": { "goals": [{ "CANARY": "CANARY" }] } })),
    ]
}

/// An input that would be taken.
fn right(story: &Story, world: &World, mutation: &str) -> Value {
    match mutation {
        "addNeed" => json!({ "caseId": story.case, "expectedVersion": 3, "categoryCode": "ECO.IND.TVET",
            "dimension": "ECONOMIC", "level": "INDIVIDUAL", "urgency": "ROUTINE", "delivery": "DIRECT", "goals": ["g"] }),
        "createReferral" => story.referral(world.service),
        "setPerson" => json!({ "caseId": story.case, "expectedVersion": 3 }),
        "addCaseAlias" => json!({ "caseId": story.case, "scheme": "s", "value": "v" }),
        "recordConsent" => json!({ "caseId": story.case, "expectedVersion": 3,
            "receiverId": gid(Kind::Organization, world.provider), "fields": ["CASE_IDENTIFIER", "NEED", "URGENCY"],
            "method": "VERBAL", "language": "fr", "noticeVersion": "1", "givenOn": "2026-11-25" }),
        _ => json!({ "programId": gid(Kind::Program, world.program) }),
    }
}

async fn no_canary_gets_out(engine: Engine) {
    listen();
    let (url, folder) = new_database(engine).await;
    let app = TestApp::over(&url).await;
    let world = World::fill(&app).await;
    tell_everything(&app, &world).await;
    send_nonsense(&app, &world).await;
    if engine == Engine::Postgres {
        no_row_holds_it(&app).await;
    }
    // Closed first, so that no file goes away while it is read.
    app.app.store.close().await;
    drop(app);
    if let Some(folder) = folder {
        no_file_holds_it(&folder);
        std::fs::remove_dir_all(folder).unwrap();
    }
    assert!(LINES.load(Ordering::SeqCst) > 50, "the log is listened to");
    let leaks = LEAKS.lock().unwrap().clone();
    assert!(leaks.is_empty(), "in the log: {leaks:#?}");
}

fn no_file_holds_it(folder: &Path) {
    let holds = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    let mut is_readable = false;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        // The engine may still be taking its own side files away.
        let Ok(bytes) = std::fs::read(&path) else { continue };
        assert!(!holds(&bytes, CANARY), "in {}", path.display());
        is_readable |= holds(&bytes, "Municipality");
    }
    assert!(is_readable, "what is not sealed is found, so the search works");
}

async fn no_row_holds_it(app: &TestApp) {
    let tables = "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()";
    let mut is_readable = false;
    for table in app.app.store.rows(tables, vec![]).await.unwrap() {
        let table: String = table.try_get("", "name").unwrap();
        let rows = format!("SELECT CAST(row_to_json(whole) AS TEXT) AS body FROM {table} whole");
        for row in app.app.store.rows(&rows, vec![]).await.unwrap() {
            let body: String = row.try_get("", "body").unwrap();
            assert!(!body.contains(CANARY), "in {table}: {body}");
            is_readable |= body.contains("Municipality");
        }
    }
    assert!(is_readable, "what is not sealed is found, so the search works");
}

on_both_engines!(no_canary_gets_out);
