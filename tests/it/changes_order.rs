//! Nobody who goes by the cursor skips anything, however late a commit comes. With `PASSERELLE_EVENTS=1000000` a million
//! events are written instead of a few thousand.

use crate::support::app::{new_database, open};
use crate::support::engine::{Engine, on_both_engines};
use futures_util::future::{join, join_all};
use passerelle::domain::actor::{Actor, Scope as Right, Standing};
use passerelle::domain::change::{Followed, Place, Scope};
use passerelle::store::door::Door;
use passerelle_entity::{organization, outbox};
use std::collections::HashSet;
use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use uuid::Uuid;

const WRITERS: usize = 8;

fn events(engine: Engine) -> usize {
    let few = if engine == Engine::Postgres { 4_000 } else { 2_000 };
    std::env::var("PASSERELLE_EVENTS").ok().and_then(|count| count.parse().ok()).unwrap_or(few)
}

/// A small generator whose seed is told.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

async fn a_reader_by_cursor_skips_nothing(engine: Engine) {
    let (url, folder) = new_database(engine).await;
    let (one, two) = (open(&url).await, open(&url).await);
    let everybody = Uuid::now_v7();
    let tx = one.begin().await.unwrap();
    let row = organization::Model { id: everybody, kinds: "[]".into(), names: "{}".into(), ..Default::default() };
    tx.add(row).await.unwrap();
    tx.commit().await.unwrap();
    let (count, seed, began) = (events(engine), 20_261_125_u64, Instant::now());
    let _ = writeln!(std::io::stderr(), "{count} events, seed {seed}");
    let left = AtomicUsize::new(WRITERS);
    let writers = join_all((0..WRITERS).map(async |writer| {
        let door = if writer % 2 == 0 { &one } else { &two };
        let written = write(door, everybody, count / WRITERS, Chance(seed + writer as u64)).await;
        left.fetch_sub(1, Ordering::SeqCst);
        written
    }));
    let sequencers = join(sequence(&one, &left), sequence(&two, &left));
    let (written, (_, seen)) = join(writers, join(sequencers, read(&two, count / WRITERS * WRITERS))).await;
    let written: HashSet<String> = written.into_iter().flatten().collect();
    let read: HashSet<&String> = seen.iter().map(|(_, event)| event).collect();
    assert_eq!(seen.len(), written.len(), "each once");
    assert_eq!(read.len(), written.len(), "none skipped");
    assert!(seen.windows(2).all(|pair| pair[0].0 < pair[1].0), "in order");
    let dense = seen.iter().enumerate().all(|(at, (place, _))| place.sequence == at as i64 + 1);
    assert!(dense, "without gaps");
    let _ =
        writeln!(std::io::stderr(), "{engine:?}: {} events read without a gap in {:?}", seen.len(), began.elapsed());
    one.close().await;
    two.close().await;
    folder.map(std::fs::remove_dir_all).transpose().unwrap();
}

/// Writes events in transactions of one to twenty, whose commits come late, early, or not at all.
async fn write(door: &Door, subject: Uuid, count: usize, mut chance: Chance) -> Vec<String> {
    let mut written = Vec::with_capacity(count);
    while written.len() < count {
        let size = usize::try_from(1 + chance.below(20)).unwrap().min(count - written.len());
        let tx = door.begin().await.unwrap();
        let names: Vec<String> = (0..size).map(|_| Uuid::now_v7().to_string()).collect();
        for name in &names {
            tx.add(event(name, subject)).await.unwrap();
        }
        match chance.below(8) {
            // The rows have their keys; others commit meanwhile.
            0 => tokio::time::sleep(Duration::from_micros(chance.below(20_000))).await,
            1..4 => {
                for _ in 0..chance.below(30) {
                    tokio::task::yield_now().await;
                }
            }
            4 => {
                drop(tx);
                continue;
            }
            _ => {}
        }
        tx.commit().await.unwrap();
        written.extend(names);
    }
    written
}

fn event(name: &str, subject: Uuid) -> outbox::Model {
    outbox::Model {
        id: Uuid::now_v7(),
        sequence: None,
        kind: name.to_owned(),
        subject_kind: "Organization".into(),
        subject_id: subject,
        organization_id: subject,
        receiver_organization_id: None,
        case_id: None,
        version: 1,
        at: 0,
    }
}

/// Gives out places until everything written has one.
async fn sequence(door: &Door, left: &AtomicUsize) {
    loop {
        let over = left.load(Ordering::SeqCst) == 0;
        let placed = door.sequence_outbox(200).await.unwrap();
        if over && placed == 0 {
            return;
        }
        tokio::task::yield_now().await;
    }
}

/// Follows by the cursor alone, in pages of changing size, until it has seen so many.
async fn read(door: &Door, count: usize) -> Vec<(Place, String)> {
    let standing = Standing { organization: Uuid::from_u128(1).into(), kinds: Vec::new() };
    let actor = Actor::Client { id: Uuid::from_u128(2).into(), standing, scopes: vec![Right::ReferralsRead] };
    let scope = Scope::of(&actor, &Followed::default()).unwrap();
    let mut seen: Vec<(Place, String)> = Vec::with_capacity(count);
    let mut at = None;
    while seen.len() < count {
        let (batch, _) = door.changes(&scope, at, 1 + seen.len() % 100).await.unwrap();
        let is_idle = batch.changes.is_empty();
        seen.extend(batch.changes.iter().map(|change| (change.place, change.kind.clone())));
        at = Some(batch.until);
        if is_idle {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    seen
}

/// The clocks of two nodes differ: what happened second to a thing has the earlier key. With places for fewer than wait, too.
async fn what_happened_to_one_thing_is_in_the_order_of_its_versions(engine: Engine) {
    for most in [1, 2, 3, 200] {
        let (url, folder) = new_database(engine).await;
        let door = open(&url).await;
        let tx = door.begin().await.unwrap();
        let (thing, other) = (Uuid::now_v7(), Uuid::now_v7());
        for key in [thing, other] {
            let row = organization::Model { id: key, kinds: "[]".into(), names: "{}".into(), ..Default::default() };
            tx.add(row).await.unwrap();
        }
        // Keys as they were made by a node ahead of the other: the third version's is the earliest.
        for (key, subject, version) in [(1, thing, 3), (2, other, 1), (3, thing, 1), (4, other, 2), (5, thing, 2)] {
            let id = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + key);
            tx.add(outbox::Model { id, version, ..event(&version.to_string(), subject) }).await.unwrap();
        }
        tx.commit().await.unwrap();
        while door.sequence_outbox(most).await.unwrap() > 0 {}
        let text = "SELECT version, subject_id FROM outbox ORDER BY sequence";
        let rows = door.rows(text, vec![]).await.unwrap();
        let order: Vec<(bool, i32)> = rows
            .iter()
            .map(|row| {
                let subject: Uuid = row.try_get("", "subject_id").unwrap();
                (subject == thing, row.try_get::<i32>("", "version").unwrap())
            })
            .collect();
        for (is_thing, versions) in [(true, vec![1, 2, 3]), (false, vec![1, 2])] {
            let of_one: Vec<i32> = order.iter().filter(|row| row.0 == is_thing).map(|row| row.1).collect();
            assert_eq!(of_one, versions, "{most} at once: {order:?}");
        }
        // Things among themselves stand as their keys do.
        let places: Vec<bool> = order.iter().map(|row| row.0).collect();
        assert!(most < 5 || places == [true, false, true, false, true], "{order:?}");
        door.close().await;
        folder.map(std::fs::remove_dir_all).transpose().unwrap();
    }
}

on_both_engines!(a_reader_by_cursor_skips_nothing, what_happened_to_one_thing_is_in_the_order_of_its_versions);
