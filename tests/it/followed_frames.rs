//! The socket's protocol: every close code, and frames that no client sends.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::Engine;
use crate::support::socket::{CLOSE, PING, PONG, Socket, TEXT, frame, raw};
use crate::support::world::World;
use passerelle::http::{Connections, DoorSettings, LiveSettings};
use serde_json::json;
use std::time::Duration;

pub const FOLLOW: &str = "subscription($after: Cursor, $types: [ChangeSubject!]) {
    changes(after: $after, types: $types) { cursor event change subjectId subject { id __typename } } }";

const READ: &str = "{ viewer { powers } }";

fn soon() -> DoorSettings {
    let live = LiveSettings {
        init_deadline: Duration::from_millis(50),
        recheck: Duration::from_millis(25),
        ping: Duration::from_secs(60),
        ..LiveSettings::default()
    };
    DoorSettings { live, ..DoorSettings::default() }
}

#[tokio::test]
async fn each_fault_has_its_close_code() {
    let app = TestApp::start(Engine::Sqlite).await;
    let world = World::fill(&app).await;

    let mut socket = Socket::open(&app).await;
    socket.subscribe("1", READ, json!({})).await;
    assert_eq!(socket.closed().await, (4401, "Unauthorized".into()), "before it is acknowledged");

    for who in [Persona::public(), Persona { token: Some("e30.e30.x".into()), ..Persona::public() }] {
        let mut socket = Socket::open(&app).await;
        socket.init(&who).await;
        assert_eq!(socket.closed().await, (4403, "Forbidden".into()));
    }
    let mut socket = Socket::open(&app).await;
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.closed().await.0, 4403, "no token at all");

    let mut socket = Socket::of(&app, &world.app).await;
    socket.init(&world.app).await;
    assert_eq!(socket.closed().await, (4429, "Too many initialisation requests".into()));

    let mut socket = Socket::of(&app, &world.app).await;
    socket.subscribe("1", FOLLOW, json!({})).await;
    socket.subscribe("1", FOLLOW, json!({})).await;
    let (code, reason) = socket.closed().await;
    assert_eq!((code, reason.split(';').next().unwrap()), (4409, "Subscriber already exists"));

    for broken in ["", "{", "[]", "null", r#"{"type":"nothing"}"#, r#"{"type":"subscribe","id":"1"}"#] {
        let mut socket = Socket::of(&app, &world.app).await;
        socket.send(&frame(TEXT, broken.as_bytes())).await;
        assert_eq!(socket.closed().await, (4400, "Invalid message".into()), "{broken}");
    }

    let mut socket = Socket::open_with(&app, &[]).await;
    assert_eq!(socket.closed().await, (4406, "Subprotocol not acceptable".into()));
    let mut socket = Socket::open_with(&app, &[("Sec-WebSocket-Protocol", "graphql-ws")]).await;
    assert_eq!(socket.closed().await.0, 4406, "the older protocol is another one");

    let mut socket = Socket::of(&app, &world.app).await;
    socket.send(&frame(CLOSE, &1000_u16.to_be_bytes())).await;
    assert_eq!(socket.closed().await.0, 1000, "a close is answered");
    socket.ended().await;
}

#[tokio::test]
async fn whoever_does_not_begin_in_time_is_closed() {
    let app = TestApp::behind(Engine::Sqlite, soon()).await;
    let mut socket = Socket::open(&app).await;
    assert_eq!(socket.closed().await, (4408, "Connection initialisation timeout".into()));
}

#[tokio::test]
async fn frames_that_no_client_sends_end_the_socket_and_nothing_else() {
    let app = TestApp::start(Engine::Sqlite).await;
    let world = World::fill(&app).await;
    let unmasked = [0x81, 2, b'{', b'}'];
    let huge = {
        let mut head = vec![0x81, 0x80 | 127];
        head.extend_from_slice(&(1_u64 << 40).to_be_bytes());
        head.extend_from_slice(&[1, 2, 3, 4]);
        head
    };
    let hostile: [(&str, Vec<u8>, u16); 12] = [
        ("unmasked", unmasked.to_vec(), 1002),
        ("reserved bits", raw(0xf1, b"{}"), 1002),
        ("a code that is none", raw(0x83, b"{}"), 1002),
        ("a ping in pieces", raw(0x09, b""), 1002),
        ("a long ping", frame(PING, &[0; 126]), 1002),
        ("a continuation of nothing", raw(0x80, b"{}"), 1002),
        ("a message in pieces", raw(0x01, br#"{"type":"#), 4400),
        ("bytes", frame(2, &[1, 2, 3]), 4400),
        ("no UTF-8", frame(TEXT, &[0xff, 0xfe]), 4400),
        ("the character NUL", frame(TEXT, br#"{"type":"subscribe","id":"\u0000","payload":{"query":"{x}"}}"#), 4400),
        ("nested without end", frame(TEXT, "[".repeat(60_000).as_bytes()), 4400),
        ("too large", frame(TEXT, &vec![b' '; 64 * 1024 + 1]), 1009),
    ];
    for (name, bytes, code) in hostile {
        for begun in [false, true] {
            let mut socket = if begun { Socket::of(&app, &world.app).await } else { Socket::open(&app).await };
            socket.send(&bytes).await;
            assert_eq!(socket.closed().await.0, code, "{name}");
        }
    }
    let mut socket = Socket::open(&app).await;
    socket.send(&huge).await;
    assert_eq!(socket.closed().await.0, 1009, "told by its head");
    let mut socket = Socket::of(&app, &world.app).await;
    socket.subscribe("1", READ, json!({})).await;
    assert!(socket.next("1").await["data"]["viewer"]["powers"].is_array(), "the server is well");
}

#[tokio::test]
async fn signs_of_life_are_answered() {
    let app = TestApp::start(Engine::Sqlite).await;
    let world = World::fill(&app).await;
    let mut socket = Socket::of(&app, &world.app).await;
    socket.say(json!({ "type": "ping", "payload": { "any": "thing" } })).await;
    assert_eq!(socket.message().await, json!({ "type": "pong" }));
    socket.say(json!({ "type": "pong" })).await;
    socket.send(&frame(PING, b"here")).await;
    assert_eq!(socket.frame().await, Some((PONG, b"here".to_vec())));
    let quick =
        LiveSettings { ping: Duration::from_millis(60), recheck: Duration::from_millis(20), ..LiveSettings::default() };
    let app = TestApp::behind(Engine::Sqlite, DoorSettings { live: quick, ..DoorSettings::default() }).await;
    let world = World::fill(&app).await;
    let mut socket = Socket::of(&app, &world.app).await;
    assert_eq!(socket.frame().await, Some((PING, vec![])), "a silent peer is asked");
    socket.ended().await;
}

#[tokio::test]
async fn operations_pass_the_same_guard_as_over_http() {
    let app = TestApp::start(Engine::Sqlite).await;
    let world = World::fill(&app).await;
    let mut socket = Socket::of(&app, &world.app).await;
    let many =
        format!("subscription {{ changes {{ {} }} }}", (0..31).map(|at| format!("a{at}: event ")).collect::<String>());
    let refused = [
        ("{", "PARSE_FAILED"),
        ("{ nothing }", "VALIDATION_FAILED"),
        ("subscription { changes { nothing } }", "VALIDATION_FAILED"),
        ("subscription { a: changes { event } b: changes { event } }", "VALIDATION_FAILED"),
        ("subscription { changes(after: \"AQ\") { event } }", "BAD_USER_INPUT"),
        ("subscription($x: Cursor!) { changes(after: $x) { event } }", "BAD_USER_INPUT"),
        ("subscription { referralChanged(filter: {referralIds: [\"x\"]}) { event } }", "BAD_USER_INPUT"),
        ("{ referrals(first: 100) { nodes { case { referrals(first: 100) { nodes { id } } } } } }", "COST_LIMIT"),
        ("{ referrals(first: 101) { nodes { id } } }", "PAGE_SIZE"),
        (&many, "DOCUMENT_LIMIT"),
    ];
    for (query, code) in refused {
        socket.subscribe("x", query, json!({})).await;
        let told = socket.message().await;
        assert_eq!((&told["type"], &told["id"]), (&json!("error"), &json!("x")), "{told}");
        assert_eq!(told["payload"][0]["extensions"]["code"], code, "{query}: {told}");
    }
    socket.subscribe("q", READ, json!({})).await;
    assert!(socket.next("q").await["extensions"]["cost"]["requested"].is_u64());
    assert_eq!(socket.message().await, json!({ "type": "complete", "id": "q" }));
    let mutation = "mutation($input: MarkNotificationsReadInput!) { markNotificationsRead(input: $input) { userErrors { code } } }";
    socket.subscribe("m", mutation, json!({ "input": { "notificationIds": [], "idempotencyKey": "k" } })).await;
    assert!(socket.next("m").await["data"]["markNotificationsRead"].is_object(), "commands too");
    assert_eq!(socket.message().await["type"], "complete");
    for id in 0..16 {
        socket.subscribe(&format!("s{id}"), FOLLOW, json!({})).await;
    }
    socket.subscribe("one more", FOLLOW, json!({})).await;
    let told = socket.message().await;
    assert_eq!((&told["id"], &told["payload"][0]["extensions"]["code"]), (&json!("one more"), &json!("RATE_LIMITED")));
    socket.say(json!({ "type": "complete", "id": "s3" })).await;
    socket.subscribe("s3", READ, json!({})).await;
    assert!(socket.next("s3").await["data"].is_object(), "an id that was completed is free");
}

#[tokio::test]
async fn a_page_of_another_origin_can_not_open_a_socket() {
    let app = TestApp::start(Engine::Sqlite).await;
    let world = World::fill(&app).await;
    let host = app.url.trim_start_matches("http://").to_owned();
    let protocol = ("Sec-WebSocket-Protocol", "graphql-transport-ws");
    for origin in ["https://elsewhere.example", "null", &format!("https://{host}.elsewhere.example"), "https://"] {
        let refused = Socket::open_with(&app, &[protocol, ("Origin", origin)]).await;
        assert!(refused.head.starts_with("HTTP/1.1 403"), "{origin}: {}", refused.head);
    }
    let own = format!("https://{host}");
    let mut socket = Socket::open_with(&app, &[protocol, ("Origin", &own)]).await;
    assert!(socket.head.starts_with("HTTP/1.1 101"), "{}", socket.head);
    socket.init(&world.app).await;
    assert_eq!(socket.message().await["type"], "connection_ack");
    let bearer = format!("Bearer {}", world.app.token.as_deref().unwrap());
    let mut socket = Socket::open_with(&app, &[protocol, ("Authorization", &bearer)]).await;
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.message().await["type"], "connection_ack", "a program may send its token as a header");
    let refused = Socket::open_with(&app, &[protocol, ("Authorization", "Bearer x")]).await;
    assert!(refused.head.starts_with("HTTP/1.1 401"), "{}", refused.head);
}

#[tokio::test]
async fn there_are_no_more_connections_than_the_node_takes() {
    let live = LiveSettings { connections: Connections::of_all(2), ..LiveSettings::default() };
    let app = TestApp::behind(Engine::Sqlite, DoorSettings { live, ..DoorSettings::default() }).await;
    let world = World::fill(&app).await;
    let (_one, mut two) = (Socket::of(&app, &world.app).await, Socket::of(&app, &world.app).await);
    let protocol = ("Sec-WebSocket-Protocol", "graphql-transport-ws");
    let refused = Socket::open_with(&app, &[protocol]).await;
    assert!(refused.head.starts_with("HTTP/1.1 503"), "{}", refused.head);
    two.send(&frame(CLOSE, &1000_u16.to_be_bytes())).await;
    two.ended().await;
    Socket::of(&app, &world.app).await;
}
