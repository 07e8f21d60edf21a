//! What is followed arrives: in order, without gaps over a lost connection, by the eyes of that moment, and not for longer
//! than access lasts.

use crate::changes::{CHANGES, place};
use crate::followed_frames::FOLLOW;
use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::{run, waiting};
use crate::support::situations::Stage;
use crate::support::situations::transfer::answering;
use crate::support::socket::Socket;
use crate::support::verbs::{Referred, Story, done};
use crate::support::world::World;
use jiff::SignedDuration;
use passerelle::http::{DoorSettings, LiveSettings};
use serde_json::{Value, json};
use std::time::Duration;

const REFERRALS: &str = "subscription($filter: ReferralChangeFilter, $after: Cursor) {
    referralChanged(filter: $filter, after: $after) { cursor event change referralId referral { id status } } }";

async fn latest(app: &TestApp, who: &Persona) -> Value {
    app.run(who, CHANGES, json!({ "first": 0 })).await["changes"]["latestCursor"].clone()
}

/// Waits until everything asked for before has begun: operations begin in the order in which they are asked for.
async fn settled(socket: &mut Socket) {
    socket.subscribe("settled", "{ __typename }", json!({})).await;
    assert_eq!(socket.next("settled").await["data"]["__typename"], "Query");
    assert_eq!(socket.message().await, json!({ "type": "complete", "id": "settled" }));
}

/// The cursor in a reason.
fn resume(reason: &str) -> Value {
    json!(reason.split_once("resume=").unwrap_or_else(|| panic!("{reason}")).1)
}

async fn what_happens_arrives_and_a_lost_connection_misses_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let begin = latest(&app, &world.app).await;
    let mut socket = Socket::of(&app, &world.app).await;
    socket.subscribe("1", FOLLOW, json!({ "types": ["REFERRAL"], "after": begin })).await;
    let (mut seen, mut at) = (Vec::new(), Value::Null);
    let mut sent = Vec::new();
    for round in 0..12 {
        let story = Story::open(&app, &world).await;
        sent.push(story.refer(&app, &world).await);
        if round == 3 {
            // The line breaks; two more happen before it is back.
            drop(socket);
            place(&app).await;
            socket = Socket::of(&app, &world.app).await;
            socket.subscribe("again", FOLLOW, json!({ "types": ["REFERRAL"], "after": at })).await;
        }
        place(&app).await;
        let id = if round < 3 { "1" } else { "again" };
        if round != 4 {
            let pending = if round == 5 { 2 } else { 1 };
            for _ in 0..pending {
                let next = socket.next(id).await;
                let change = &next["data"]["changes"];
                assert_eq!(change["cursor"], next["extensions"]["cursor"], "also told beside the data");
                assert_eq!((&change["change"], &change["subject"]["id"]), (&json!("UPSERT"), &change["subjectId"]));
                at = change["cursor"].clone();
                seen.push(change["subjectId"].as_str().unwrap().to_owned());
            }
        }
    }
    let expected: Vec<&String> = sent.iter().map(|referral| &referral.id).collect();
    assert_eq!(seen.iter().collect::<Vec<_>>(), expected, "all, in order, each once");
}

async fn referrals_are_followed_whole_and_by_filter(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let sent = waiting(&app, &world, world.service, 2).await;
    let begin = latest(&app, &world.intake).await;
    let mut socket = Socket::of(&app, &world.intake).await;
    let one = json!({ "referralIds": [sent[1].id] });
    socket.subscribe("one", REFERRALS, json!({ "filter": one, "after": begin })).await;
    let accepted = json!({ "status": ["ACCEPTED"], "side": "RECEIVED" });
    socket.subscribe("accepted", REFERRALS, json!({ "filter": accepted, "after": begin })).await;
    socket.subscribe("sent", REFERRALS, json!({ "filter": { "side": "SENT" }, "after": begin })).await;
    let known = sent[0].act(&app, &world.intake, "acknowledgeReferral", json!({})).await;
    place(&app).await;
    known.act(&app, &world.intake, "acceptReferral", json!({})).await;
    place(&app).await;
    let mut next = socket.next("accepted").await;
    if next["data"]["referralChanged"]["event"] == "acknowledgeReferral" {
        // Told late, when it was accepted already: what is shown is what a query would show.
        next = socket.next("accepted").await;
    }
    let change = &next["data"]["referralChanged"];
    let referral = json!({ "id": sent[0].id, "status": "ACCEPTED" });
    assert_eq!((&change["event"], &change["referral"]), (&json!("acceptReferral"), &referral));
    sent[1].act(&app, &world.intake, "acknowledgeReferral", json!({})).await;
    place(&app).await;
    let next = socket.next("one").await;
    assert_eq!(next["data"]["referralChanged"]["referralId"], json!(sent[1].id));
}

async fn a_stranger_is_told_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let begin = latest(&app, &world.outsider).await;
    let mut stranger = Socket::of(&app, &world.outsider).await;
    stranger.subscribe("1", FOLLOW, json!({ "after": begin })).await;
    let mut intake = Socket::of(&app, &world.intake).await;
    let begin = latest(&app, &world.intake).await;
    intake.subscribe("1", FOLLOW, json!({ "types": ["REFERRAL"], "after": begin })).await;
    let sent = waiting(&app, &world, world.service, 1).await.remove(0);
    sent.act(&app, &world.intake, "acknowledgeReferral", json!({})).await;
    place(&app).await;
    assert_eq!(intake.next("1").await["data"]["changes"]["subjectId"], json!(sent.id));
    stranger.subscribe("2", "{ __typename }", json!({})).await;
    assert_eq!(stranger.next("2").await["data"]["__typename"], "Query", "and nothing before it");
}

async fn access_lost_in_the_middle_is_told_and_then_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, sent) = stage.sent().await;
    stage.agree_to_transfer(&story).await;
    let id = stage.propose(&story).await;
    place(&app).await;
    let begin = latest(&app, &world.case_manager).await;
    let mut socket = Socket::of(&app, &world.case_manager).await;
    socket.subscribe("1", FOLLOW, json!({ "types": ["REFERRAL"], "after": begin })).await;
    done(&app, &world.official, "acceptCaseTransfer", answering(&id, json!({})), "").await;
    place(&app).await;
    let change = socket.next("1").await["data"]["changes"].clone();
    let expected = (&json!("TOMBSTONE"), &json!(sent.id), &Value::Null);
    assert_eq!((&change["change"], &change["subjectId"], &change["subject"]), expected);
    let seen = sent.seen_by(&app, &world.official, "version").await;
    let taken = Referred { id: sent.id.clone(), version: seen["version"].as_i64().unwrap() };
    taken.act(&app, &world.intake, "acknowledgeReferral", json!({})).await;
    place(&app).await;
    socket.subscribe("2", "{ __typename }", json!({})).await;
    assert_eq!(socket.next("2").await["data"]["__typename"], "Query", "and nothing before it");
}

/// Access is asked often, and pings do not come between.
fn watchful() -> DoorSettings {
    let live = LiveSettings { recheck: Duration::from_millis(25), ..LiveSettings::default() };
    DoorSettings { live, ..DoorSettings::default() }
}

async fn a_socket_ends_with_its_bearers_access(engine: Engine) {
    let app = TestApp::behind(engine, watchful()).await;
    let world = World::fill(&app).await;
    let endings = [
        ("UPDATE member SET is_active = FALSE WHERE id = $1", &world.intake, world.intake.id),
        ("UPDATE member SET epoch = epoch + 1 WHERE id = $1", &world.worker, world.worker.id),
        ("UPDATE client_application SET is_active = FALSE WHERE id = $1", &world.app, world.app.id),
        ("UPDATE organization SET epoch = epoch + 1 WHERE id = $1", &world.outsider, world.stranger),
    ];
    for (text, who, key) in endings {
        let begin = latest(&app, who).await;
        let mut socket = Socket::of(&app, who).await;
        socket.subscribe("1", FOLLOW, json!({ "after": begin })).await;
        settled(&mut socket).await;
        run(&app, text, vec![key.into()]).await;
        let (code, reason) = socket.closed().await;
        assert_eq!((code, resume(&reason)), (4403, begin), "{text}");
    }
    let mut socket = Socket::of(&app, &world.case_manager).await;
    let lifetime = app.app.tokens.max_lifetime_seconds();
    app.clock.advance(SignedDuration::from_secs(lifetime - 1));
    socket.subscribe("1", "{ __typename }", json!({})).await;
    assert_eq!(socket.next("1").await["data"]["__typename"], "Query");
    app.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(socket.closed().await.0, 4403, "the token has expired");
}

/// Changes enough to fill what the kernel keeps for somebody who does not read: 1.7 MB each.
const MANY: usize = 20;

async fn whoever_reads_too_slowly_is_told_where_to_go_on_and_keeps_nobody_waiting(engine: Engine) {
    let live = LiveSettings {
        patience: Duration::from_millis(100),
        farewell: Duration::from_secs(120),
        queue_bytes: 8 * 1024,
        ..LiveSettings::default()
    };
    let app = TestApp::behind(engine, DoorSettings { live, ..DoorSettings::default() }).await;
    let world = World::fill(&app).await;
    let begin = latest(&app, &world.app).await;
    let (mut slow, mut quick) = (Socket::of(&app, &world.app).await, Socket::of(&app, &world.app).await);
    let mut steady = Socket::of(&app, &world.app).await;
    // A long answer to each change fills what the kernel holds for a reader who does not read.
    let wide: String = (0..28).map(|at| format!("a{at}: event ")).collect();
    let document = format!(
        "subscription($after: Cursor) {{ changes(after: $after, types: [REFERRAL]) {{ cursor subjectId {wide} }} }}"
    );
    slow.subscribe("1", &document, json!({ "after": begin })).await;
    steady.subscribe("1", &document, json!({ "after": begin })).await;
    quick.subscribe("1", FOLLOW, json!({ "types": ["REFERRAL"], "after": begin })).await;
    let long = "x".repeat(60_000);
    let sent = waiting(&app, &world, world.service, 1).await;
    let (_, key) = passerelle::domain::global_id::decode(&sent[0].id).unwrap();
    let tx = app.app.store.begin().await.unwrap();
    for _ in 0..MANY {
        tx.add(passerelle_entity::outbox::Model {
            id: uuid::Uuid::now_v7(),
            kind: long.clone(),
            subject_kind: "Referral".into(),
            subject_id: key,
            organization_id: world.provider,
            version: 1,
            ..Default::default()
        })
        .await
        .unwrap();
    }
    tx.commit().await.unwrap();
    place(&app).await;
    let quickly = async {
        for _ in 0..MANY {
            assert_eq!(quick.next("1").await["data"]["changes"]["subjectId"], json!(sent[0].id), "the others go on");
        }
    };
    // By the time that all of it has reached somebody who reads, whoever does not was written to until nothing fitted.
    let steadily = async {
        let mut told = 0;
        while told < MANY {
            match steady.frame().await {
                Some((1, _)) => told += 1,
                Some((8, _)) | None => return,
                Some(_) => {}
            }
        }
    };
    futures_util::future::join(quickly, steadily).await;
    let mut seen = 0_usize;
    let (code, reason) = loop {
        match slow.frame().await.unwrap() {
            (1, _) => seen += 1,
            (8, payload) => {
                let code = u16::from_be_bytes(payload[..2].try_into().unwrap());
                break (code, String::from_utf8(payload[2..].to_vec()).unwrap());
            }
            _ => {}
        }
    };
    assert_eq!(code, 1013, "{reason}");
    assert!(seen < MANY, "not all of it fits");
    let mut again = Socket::of(&app, &world.app).await;
    again.subscribe("2", FOLLOW, json!({ "types": ["REFERRAL"], "after": resume(&reason) })).await;
    for _ in seen..MANY {
        assert_eq!(again.next("2").await["data"]["changes"]["subjectId"], json!(sent[0].id), "gap-free");
    }
}

/// The events of a stream of server-sent events, until it has given so many.
pub async fn events(response: reqwest::Response, most: usize) -> Vec<(String, Value)> {
    let (mut response, mut text, mut found) = (response, String::new(), Vec::new());
    while found.len() < most {
        let chunk = tokio::time::timeout(Duration::from_secs(60), response.chunk()).await.unwrap();
        let Some(chunk) = chunk.unwrap() else { break };
        text += std::str::from_utf8(&chunk).unwrap();
        while let Some(end) = text.find("\n\n") {
            let block: String = text.drain(..end + 2).collect();
            if block.starts_with(':') {
                continue;
            }
            let (event, data) = block.trim().split_once('\n').unwrap();
            let data = data.trim_start_matches("data:").trim();
            let data = if data.is_empty() { Value::Null } else { serde_json::from_str(data).unwrap() };
            found.push((event.trim_start_matches("event: ").to_owned(), data));
        }
    }
    found
}

pub fn asked(app: &TestApp, who: &Persona, query: &str, variables: Value) -> reqwest::RequestBuilder {
    let request = app.request(reqwest::Method::POST, "/graphql").header("accept", "text/event-stream");
    let request = request.json(&json!({ "query": query, "variables": variables }));
    match &who.token {
        Some(token) => request.bearer_auth(token),
        None => request,
    }
}

async fn the_same_arrives_as_server_sent_events(engine: Engine) {
    let mut app = TestApp::behind(engine, watchful()).await;
    let world = World::fill(&app).await;
    let begin = latest(&app, &world.app).await;
    let sent = waiting(&app, &world, world.service, 1).await.remove(0);
    sent.act(&app, &world.intake, "acknowledgeReferral", json!({})).await;
    place(&app).await;
    let variables = json!({ "types": ["REFERRAL"], "after": begin });
    let response = asked(&app, &world.app, FOLLOW, variables.clone()).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/event-stream"));
    let found = events(response, 1).await;
    assert_eq!(found[0].0, "next");
    assert_eq!(found[0].1["data"]["changes"]["subjectId"], json!(sent.id));
    let once = events(asked(&app, &world.app, "{ __typename }", json!({})).send().await.unwrap(), 9).await;
    assert_eq!(once[0].1["data"]["__typename"], "Query");
    assert_eq!((once.len(), &once[1]), (2, &("complete".to_owned(), Value::Null)));
    let refused = events(asked(&app, &world.app, "{ nothing }", json!({})).send().await.unwrap(), 9).await;
    assert_eq!(refused[0].1["errors"][0]["extensions"]["code"], "VALIDATION_FAILED");
    let public = asked(&app, &Persona::public(), FOLLOW, json!({})).send().await.unwrap();
    assert_eq!(events(public, 9).await[0].1["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    let bad = Persona { token: Some("x".into()), ..Persona::public() };
    assert_eq!(asked(&app, &bad, FOLLOW, json!({})).send().await.unwrap().status(), 401);
    let get = app.request(reqwest::Method::GET, "/graphql?query={__typename}").header("accept", "text/event-stream");
    assert_eq!(get.send().await.unwrap().status(), 405);
    let plain = app.post(&world.app, FOLLOW, json!({})).await;
    assert_eq!(plain.status, 400, "{}", plain.body);

    let ended = asked(&app, &world.app, FOLLOW, variables.clone()).send().await.unwrap();
    let leaving = asked(&app, &world.case_manager, FOLLOW, json!({})).send().await.unwrap();
    run(&app, "UPDATE client_application SET is_active = FALSE WHERE id = $1", vec![world.app.id.into()]).await;
    let found = events(ended, 9).await;
    let (name, data) = found.last().unwrap();
    assert_eq!((name.as_str(), &data["code"], data["resume"].is_string()), ("complete", &json!(4403), true));
    let stopping = tokio::task::spawn_blocking(move || app.stop());
    let found = events(leaving, 9).await;
    assert_eq!(found.last().unwrap().1["code"], 1001);
    stopping.await.unwrap();
}

async fn a_server_that_goes_down_says_where_to_go_on(engine: Engine) {
    let mut app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let begin = latest(&app, &world.app).await;
    let (mut follows, mut idle) = (Socket::of(&app, &world.app).await, Socket::of(&app, &world.app).await);
    follows.subscribe("1", FOLLOW, json!({ "after": begin })).await;
    settled(&mut follows).await;
    let stopping = tokio::task::spawn_blocking(move || app.stop());
    let (code, reason) = follows.closed().await;
    assert_eq!((code, resume(&reason)), (1001, begin));
    assert_eq!(idle.closed().await, (1001, "The server goes down; come back".into()));
    stopping.await.unwrap();
}

on_both_engines!(
    what_happens_arrives_and_a_lost_connection_misses_nothing,
    referrals_are_followed_whole_and_by_filter,
    a_stranger_is_told_nothing,
    access_lost_in_the_middle_is_told_and_then_nothing,
    a_socket_ends_with_its_bearers_access,
    whoever_reads_too_slowly_is_told_where_to_go_on_and_keeps_nobody_waiting,
    the_same_arrives_as_server_sent_events,
    a_server_that_goes_down_says_where_to_go_on,
);
