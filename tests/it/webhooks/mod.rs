//! Webhooks: managed by administrators, signed, sent in order for each thing, again and again, and never to where they must
//! not go.

mod addresses;
mod endpoints;
mod fairness;
mod gap;
mod kills;
mod outage;
mod reach;
pub mod receiver;
mod refused;
mod released;
mod sending;

use crate::support::app::{Persona, TestApp};
use crate::support::verbs::{done, text};
use crate::support::world::World;
use passerelle::token::Kind;
use passerelle::usecase::webhook::{Courier, Pace};
use passerelle_entity::change;
use receiver::Receiver;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// A courier that does not wait long for receivers.
fn courier(app: &TestApp) -> Courier {
    let pace = Pace { longest: Duration::from_millis(400), ..Pace::default() };
    Courier::new(Arc::clone(&app.app), pace).unwrap()
}

/// Lets a courier work until there is nothing left to do at this instant.
async fn work_off(courier: &mut Courier) {
    loop {
        let round = courier.round().await.unwrap();
        courier.settle().await;
        if round.is_idle() {
            return;
        }
    }
}

/// An endpoint of the provider: its public identifier and what verifies.
async fn endpoint(app: &TestApp, world: &World, receiver: &Receiver, signing: &str) -> (String, String) {
    let input = json!({ "url": receiver.url(), "signing": signing });
    let select = "endpoint { id } verificationKey";
    let made = done(app, &world.provider_administrator, "createWebhookEndpoint", input, select).await;
    (text(&made["endpoint"]["id"]), text(&made["verificationKey"]))
}

/// The first place in the order of changes that tests use.
const FIRST: i64 = 1_000;

/// Tells an organization of a change of a thing that it cannot see, at a place in the order.
async fn changed(app: &TestApp, organization: Uuid, place: i64, subject: Uuid) {
    let tx = app.app.store.begin().await.unwrap();
    add_change(&tx, app.app.now(), organization, place, subject).await;
    tx.commit().await.unwrap();
}

/// The same in a transaction that goes on.
async fn add_change(tx: &passerelle::store::door::Tx, now: i64, organization: Uuid, place: i64, subject: Uuid) {
    tx.add(change::Model {
        organization_id: organization,
        sequence: FIRST + place,
        subject_id: subject,
        subject_kind: "Referral".into(),
        kind: "acceptReferral".into(),
        change: "TOMBSTONE".into(),
        program_id: None,
        version: i32::try_from(place).unwrap(),
        at: now,
    })
    .await
    .unwrap();
}

/// The provider's administrator with a token of this moment: clocks are moved on by days here.
fn administrator(app: &TestApp, world: &World) -> Persona {
    let who = &world.provider_administrator;
    Persona { token: Some(app.token(who.id, who.organization, Kind::Member, 0, 0)), ..who.clone() }
}

/// The endpoint as its administrator reads it.
async fn read(app: &TestApp, world: &World, id: &str) -> Value {
    let query = "query($id: ID!) { node(id: $id) { ... on WebhookEndpoint { state disabledBecause failingSince waiting version
        keys { publicKey endsAt } deliveries { nodes { id state attempts { outcome status } nextAttemptAt change } } } } }";
    app.run(&administrator(app, world), query, json!({ "id": id })).await["node"].clone()
}
