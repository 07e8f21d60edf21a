//! Two nodes over one PostgreSQL: what happens at one arrives at those who follow at the other.

use crate::changes::place;
use crate::followed_frames::FOLLOW;
use crate::support::app::{Persona, TestApp, new_database};
use crate::support::engine::Engine;
use crate::support::seed::waiting;
use crate::support::socket::Socket;
use crate::support::world::World;
use passerelle::token::Kind;
use serde_json::json;

#[tokio::test]
async fn what_happens_at_one_node_arrives_at_the_other() {
    if !Engine::Postgres.is_ready_for("what_happens_at_one_node_arrives_at_the_other") {
        return;
    }
    let (url, _) = new_database(Engine::Postgres).await;
    let (one, two) = (TestApp::over(&url).await, TestApp::over(&url).await);
    let world = World::fill(&one).await;
    let token = two.token(world.app.id, world.provider, Kind::Client, 0, 0);
    let there = Persona { token: Some(token), ..world.app.clone() };
    let mut socket = Socket::of(&two, &there).await;
    let sent = waiting(&one, &world, world.service, 20).await;
    place(&one).await;
    let latest = two.run(&there, "{ changes(first: 0) { latestCursor } }", json!({})).await;
    let after = latest["changes"]["latestCursor"].clone();
    socket.subscribe("1", FOLLOW, json!({ "types": ["REFERRAL"], "after": after })).await;
    for (at, referral) in sent.iter().enumerate() {
        referral.act(&one, &world.intake, "acknowledgeReferral", json!({})).await;
        // Either node may give the places.
        place(if at % 3 == 0 { &two } else { &one }).await;
        let change = socket.next("1").await["data"]["changes"].clone();
        assert_eq!((&change["event"], &change["subjectId"]), (&json!("acknowledgeReferral"), &json!(referral.id)));
    }
}
