//! Whoever follows has the rights of the very token they came with, pays for what they are told, and leaves room for others.

use crate::changes::{CHANGES, place};
use crate::followed::{asked, events};
use crate::followed_frames::FOLLOW;
use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::{run, waiting};
use crate::support::socket::{CLOSE, Socket, TEXT};
use crate::support::world::World;
use passerelle::app::Policy;
use passerelle::domain::budget::{Rate, Rates};
use passerelle::http::{Connections, DoorSettings, LiveSettings};
use passerelle::token::Kind;
use serde_json::{Value, json};
use std::time::Duration;

fn door(connections: Connections, recheck: u64) -> DoorSettings {
    let live = LiveSettings {
        connections,
        recheck: Duration::from_millis(recheck),
        farewell: Duration::from_millis(50),
        ..LiveSettings::default()
    };
    DoorSettings { live, ..DoorSettings::default() }
}

/// The provider's application with a token that names a scope of it.
fn narrow(app: &TestApp, world: &World) -> Persona {
    let token = app.scoped_token((world.app.id, world.provider), Kind::Client, (0, 0), "OUTCOMES_WRITE");
    Persona { token: Some(token), ..world.app.clone() }
}

async fn latest(app: &TestApp, who: &Persona) -> Value {
    app.run(who, CHANGES, json!({ "first": 0 })).await["changes"]["latestCursor"].clone()
}

async fn nothing_yet(socket: &mut Socket) {
    socket.subscribe("2", "{ __typename }", json!({})).await;
    assert_eq!(socket.next("2").await["data"]["__typename"], "Query", "and nothing before it");
    assert_eq!(socket.message().await, json!({ "type": "complete", "id": "2" }));
}

async fn each_socket_has_the_rights_of_its_own_token(engine: Engine) {
    for narrow_first in [true, false] {
        let app = TestApp::behind(engine, door(Connections::default(), 600_000)).await;
        let world = World::fill(&app).await;
        let (begin, narrow) = (latest(&app, &world.app).await, narrow(&app, &world));
        let mut sockets = Vec::new();
        for who in if narrow_first { [&narrow, &world.app] } else { [&world.app, &narrow] } {
            let mut socket = Socket::of(&app, who).await;
            socket.subscribe("1", FOLLOW, json!({ "types": ["REFERRAL"], "after": begin })).await;
            sockets.push(socket);
        }
        if !narrow_first {
            sockets.reverse();
        }
        let sent = waiting(&app, &world, world.service, 1).await.remove(0);
        sent.act(&app, &world.intake, "acknowledgeReferral", json!({})).await;
        place(&app).await;
        let told = sockets[1].next("1").await["data"]["changes"].clone();
        assert_eq!((&told["subjectId"], &told["subject"]["id"]), (&json!(sent.id), &json!(sent.id)), "{narrow_first}");
        nothing_yet(&mut sockets[0]).await;
    }
}

async fn so_does_each_stream_of_events(engine: Engine) {
    let app = TestApp::behind(engine, door(Connections::default(), 25)).await;
    let world = World::fill(&app).await;
    let (begin, narrow) = (latest(&app, &world.app).await, narrow(&app, &world));
    let variables = json!({ "types": ["REFERRAL"], "after": begin });
    let less = asked(&app, &narrow, FOLLOW, variables.clone()).send().await.unwrap();
    let more = asked(&app, &world.app, FOLLOW, variables).send().await.unwrap();
    let sent = waiting(&app, &world, world.service, 3).await;
    for each in &sent {
        each.act(&app, &world.intake, "acknowledgeReferral", json!({})).await;
        place(&app).await;
    }
    // As many as were told, each once; then access ends, and with it both.
    let count = app.count("change WHERE subject_kind = 'Referral' AND kind = 'acknowledgeReferral'").await;
    assert!(count >= 3);
    let told = events(more, 3).await;
    assert!(told.iter().all(|(name, data)| name == "next" && data["data"]["changes"]["subject"].is_object()));
    run(&app, "UPDATE client_application SET is_active = FALSE WHERE id = $1", vec![world.app.id.into()]).await;
    let told = events(less, 99).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((told[0].0.as_str(), &told[0].1["code"]), ("complete", &json!(4403)));
}

async fn one_caller_leaves_room_for_others(engine: Engine) {
    let app =
        TestApp::behind(engine, door(Connections { caller: 2, organization: 3, address: 5, node: 9 }, 2_000)).await;
    let world = World::fill(&app).await;
    let (_one, two) = (Socket::of(&app, &world.app).await, Socket::of(&app, &world.app).await);
    let mut third = Socket::open(&app).await;
    third.init(&world.app).await;
    assert_eq!(third.closed().await, (4429, "Too many connections; close some".into()));
    third.ended().await;
    let refused = asked(&app, &world.app, FOLLOW, json!({})).send().await.unwrap();
    assert_eq!(refused.status(), 429);
    let _intake = Socket::of(&app, &world.intake).await;
    let mut fourth = Socket::open(&app).await;
    fourth.init(&world.worker).await;
    assert_eq!(fourth.closed().await.0, 4429, "the fourth of an organization");
    fourth.ended().await;
    let (_other, _unknown) = (Socket::of(&app, &world.case_manager).await, Socket::open(&app).await);
    let protocol = ("Sec-WebSocket-Protocol", "graphql-transport-ws");
    let sixth = Socket::open_with(&app, &[protocol]).await;
    assert!(sixth.head.starts_with("HTTP/1.1 429"), "of one address, before anybody is known: {}", sixth.head);
    drop(two);
    loop {
        // The server learns of it when it reads the end of the line.
        let mut again = Socket::open_with(&app, &[protocol]).await;
        if again.head.starts_with("HTTP/1.1 101") {
            again.init(&world.app).await;
            if let Some((TEXT, _)) = again.frame().await {
                break;
            }
        }
    }
}

async fn whoever_has_nothing_left_is_told_where_to_go_on(engine: Engine) {
    let rates = Rates { principal: Rate::hourly(400), ..Rates::default() };
    let app = TestApp::start_with(engine, Policy { rates, ..Policy::default() }).await;
    let world = World::fill(&app).await;
    let begin = latest(&app, &world.app).await;
    let sent = waiting(&app, &world, world.service, 1).await.remove(0);
    let sent = sent.act(&app, &world.intake, "acknowledgeReferral", json!({})).await;
    place(&app).await;
    let mut socket = Socket::of(&app, &world.app).await;
    socket.subscribe("1", FOLLOW, json!({ "types": ["REFERRAL"], "after": begin })).await;
    let mut last = socket.next("1").await["extensions"]["cursor"].clone();
    // The rest of the budget goes elsewhere; what happens now can't be paid for.
    while app.post(&world.app, "{ referrals(first: 20) { nodes { id } } }", json!({})).await.status == 200 {}
    while app.post(&world.app, "{ __typename }", json!({})).await.status == 200 {}
    sent.act(&app, &world.intake, "acceptReferral", json!({})).await;
    place(&app).await;
    let (code, reason) = loop {
        match socket.frame().await {
            Some((TEXT, message)) => {
                let message: Value = serde_json::from_slice(&message).unwrap();
                last = message["payload"]["extensions"]["cursor"].clone();
            }
            Some((CLOSE, payload)) => {
                break (
                    u16::from_be_bytes([payload[0], payload[1]]),
                    String::from_utf8_lossy(&payload[2..]).into_owned(),
                );
            }
            Some(_) => {}
            None => panic!("no close frame"),
        }
    };
    let told = reason.strip_prefix("Budget used up; come back later; resume=").unwrap_or_else(|| panic!("{reason}"));
    // The number of the last that was paid for, and all that it stands for.
    assert_eq!((code, &told[..12]), (4429, &last.as_str().unwrap()[..12]));
}

on_both_engines!(
    each_socket_has_the_rights_of_its_own_token,
    so_does_each_stream_of_events,
    one_caller_leaves_room_for_others,
    whoever_has_nothing_left_is_told_where_to_go_on,
);
