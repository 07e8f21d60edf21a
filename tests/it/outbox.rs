//! What every command leaves behind, and the one order in which others read it.

use crate::support::app::{TestApp, new_database, open};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::waiting;
use crate::support::situations::outcome;
use crate::support::verbs::{Story, key};
use crate::support::world::World;
use futures_util::future::{join, join_all};
use passerelle::store::door::Door;
use passerelle_entity::outbox;
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};
use uuid::Uuid;

async fn a_command_leaves_one_row_of_each(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    let mut made = 3;
    tallied(&app, [made, made, made, 0]).await;
    let sent = story.refer(&app, &world).await;
    made += 1;
    tallied(&app, [made, made, made, 0]).await;
    sent.act(&app, &world.intake, "acknowledgeReferral", json!({})).await;
    made += 1;
    tallied(&app, [made, made, made, 0]).await;
    let notified = "SELECT organization_id, kind, must_act FROM notification ORDER BY at, id";
    let rows = app.app.store.rows(notified, vec![]).await.unwrap();
    let told: Vec<(Uuid, String, bool)> = rows
        .iter()
        .map(|row| {
            let kind = row.try_get("", "kind").unwrap();
            (row.try_get("", "organization_id").unwrap(), kind, row.try_get("", "must_act").unwrap())
        })
        .collect();
    let expected = [
        (world.provider, "createReferral".to_owned(), true),
        (world.provider, "acknowledgeReferral".to_owned(), true),
        (world.partner, "acknowledgeReferral".to_owned(), false),
    ];
    assert_eq!(told, expected, "whoever acts next is told, and the other side");
}

async fn both_sides_hear_of_what_the_coordinator_does(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let sent = waiting(&app, &world, world.service, 1).await.remove(0);
    sent.act(&app, &world.coordinator, "withdrawReferral", json!({ "reason": "DUPLICATE" })).await;
    let rows = app.app.store.rows("SELECT organization_id FROM notification", vec![]).await.unwrap();
    let told: std::collections::BTreeSet<Uuid> =
        rows.iter().map(|row| row.try_get("", "organization_id").unwrap()).collect();
    assert_eq!(told, std::collections::BTreeSet::from([world.partner, world.provider]));
    tallied(&app, [1, 1, 1, 0]).await;
}

async fn a_refusal_leaves_an_audit_row_and_no_more(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let sent = waiting(&app, &world, world.service, 1).await.remove(0);
    let input = || sent.input(json!({}));
    assert_eq!(outcome(&app, &world.case_manager, "acceptReferral", input()).await, "NOT_PERMITTED");
    assert_eq!(outcome(&app, &world.outsider, "acceptReferral", input()).await, "NOT_FOUND");
    let public = crate::support::app::Persona::public();
    assert_eq!(outcome(&app, &public, "acceptReferral", input()).await, "UNAUTHENTICATED");
    tallied(&app, [0, 0, 0, 2]).await;
    assert_eq!(app.count("idempotency").await, 0);
    assert_eq!(app.count("notification").await, 0);
    let rows =
        app.app.store.rows("SELECT principal_id, operation, outcome FROM audit ORDER BY id", vec![]).await.unwrap();
    let told: Vec<(Uuid, String, String)> = rows
        .iter()
        .map(|row| {
            let text = |column| row.try_get("", column).unwrap();
            (row.try_get("", "principal_id").unwrap(), text("operation"), text("outcome"))
        })
        .collect();
    let by = |who: &crate::support::app::Persona, code: &str| (who.id, "acceptReferral".to_owned(), code.to_owned());
    assert_eq!(told, [by(&world.case_manager, "NOT_PERMITTED"), by(&world.outsider, "NOT_FOUND")]);
}

/// Events, allowed audit rows, outbox rows, denied audit rows.
async fn tallied(app: &TestApp, expected: [i64; 4]) {
    let froms = ["event", "audit WHERE decision = 'ALLOW'", "outbox", "audit WHERE decision = 'DENY'"];
    for (from, count) in froms.into_iter().zip(expected) {
        assert_eq!(app.count(from).await, count, "{from}");
    }
}

const WRITERS: usize = 8;
const EACH: usize = 40;

/// Writers whose commits come in another order than their rows were made, two nodes that give out places in the order,
/// and a reader who goes by the place and must miss nothing.
async fn a_reader_of_the_order_skips_nothing(engine: Engine) {
    let (url, folder) = new_database(engine).await;
    let (one, two) = (open(&url).await, open(&url).await);
    let left = AtomicUsize::new(WRITERS);
    let writers = join_all((0..WRITERS).map(async |writer| {
        write(if writer % 2 == 0 { &one } else { &two }, writer).await;
        left.fetch_sub(1, Ordering::SeqCst);
    }));
    let sequencers = join(sequence(&one, &left), sequence(&two, &left));
    let (_, (_, seen)) = join(writers, join(sequencers, poll(&two, &left))).await;
    let rows = one.rows("SELECT sequence, id FROM outbox ORDER BY sequence", vec![]).await.unwrap();
    let all: Vec<(i64, Uuid)> =
        rows.iter().map(|row| (row.try_get("", "sequence").unwrap(), row.try_get("", "id").unwrap())).collect();
    let dense: Vec<i64> = (1..=i64::try_from(WRITERS * EACH).unwrap()).collect();
    assert_eq!(all.iter().map(|(sequence, _)| *sequence).collect::<Vec<_>>(), dense, "dense and unique");
    assert_eq!(seen, all, "what a reader saw on the way");
    one.close().await;
    two.close().await;
    folder.map(std::fs::remove_dir_all).transpose().unwrap();
}

async fn write(door: &Door, writer: usize) {
    let mut random = writer as u64 + 11;
    for number in 0..EACH {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let tx = door.begin().await.unwrap();
        tx.add(row(i32::try_from(number).unwrap())).await.unwrap();
        // The row has its key; its commit comes whenever the others let it.
        for _ in 0..(random >> 33) % 30 {
            tokio::task::yield_now().await;
        }
        if random >> 62 == 0 {
            drop(tx);
            let tx = door.begin().await.unwrap();
            tx.add(row(-1)).await.unwrap();
            tx.commit().await.unwrap();
        } else {
            tx.commit().await.unwrap();
        }
    }
}

fn row(version: i32) -> outbox::Model {
    outbox::Model {
        id: Uuid::now_v7(),
        sequence: None,
        kind: key(),
        subject_kind: "Case".into(),
        subject_id: Uuid::nil(),
        organization_id: Uuid::nil(),
        receiver_organization_id: None,
        case_id: None,
        version,
        at: 0,
    }
}

/// Nodes whose clocks differ make keys that are in no order: what happened to one thing keeps its order all the same, also
/// where not all that waits is placed at once.
async fn what_happened_to_a_thing_keeps_its_order_under_any_clock(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (things, times) = (5_u8, 20_u8);
    let tx = app.app.store.begin().await.unwrap();
    for version in 1..=times {
        for thing in 1..=things {
            // Of two nodes that take turns one is ten minutes behind.
            let minutes = if version % 2 == 0 { 0 } else { 10 };
            let mut key = [0; 16];
            (key[0], key[1], key[2], key[3]) = (1, minutes, version, thing);
            let subject_id = Uuid::from_u128(thing.into());
            tx.add(outbox::Model { id: Uuid::from_bytes(key), subject_id, ..row(version.into()) }).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
    while app.app.store.sequence_outbox(7).await.unwrap() > 0 {}
    let rows = app.app.store.rows("SELECT subject_id, version, sequence FROM outbox ORDER BY sequence", vec![]);
    let mut seen: std::collections::BTreeMap<Uuid, Vec<i32>> = std::collections::BTreeMap::new();
    for (at, row) in rows.await.unwrap().iter().enumerate() {
        assert_eq!(row.try_get::<i64>("", "sequence").unwrap(), i64::try_from(at).unwrap() + 1, "dense");
        seen.entry(row.try_get("", "subject_id").unwrap()).or_default().push(row.try_get("", "version").unwrap());
    }
    assert_eq!(seen.len(), usize::from(things));
    for versions in seen.values() {
        assert_eq!(*versions, (1..=i32::from(times)).collect::<Vec<_>>());
    }
}

/// Gives out places until everything written has one.
async fn sequence(door: &Door, left: &AtomicUsize) {
    loop {
        let over = left.load(Ordering::SeqCst) == 0;
        let placed = door.sequence_outbox(7).await.unwrap();
        if over && placed == 0 {
            return;
        }
        tokio::task::yield_now().await;
    }
}

/// Reads what comes after the last place seen, again and again.
async fn poll(door: &Door, left: &AtomicUsize) -> Vec<(i64, Uuid)> {
    let mut seen: Vec<(i64, Uuid)> = Vec::new();
    let text = "SELECT sequence, id FROM outbox WHERE sequence > $1 ORDER BY sequence";
    loop {
        let last = seen.last().map_or(0, |(sequence, _)| *sequence);
        for row in door.rows(text, vec![last.into()]).await.unwrap() {
            seen.push((row.try_get("", "sequence").unwrap(), row.try_get("", "id").unwrap()));
        }
        if left.load(Ordering::SeqCst) == 0 && seen.len() == WRITERS * EACH {
            return seen;
        }
        assert!(seen.len() <= WRITERS * EACH);
        tokio::task::yield_now().await;
    }
}

on_both_engines!(
    a_command_leaves_one_row_of_each,
    both_sides_hear_of_what_the_coordinator_does,
    a_refusal_leaves_an_audit_row_and_no_more,
    a_reader_of_the_order_skips_nothing,
    what_happened_to_a_thing_keeps_its_order_under_any_clock,
);
