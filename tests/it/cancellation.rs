//! What was acknowledged is there, however many begins were given up half-way beside it.
//!
//! A begin that is dropped while the engine works on it can leave its connection inside a transaction nobody will end:
//! a bare write of the next borrower reports success and is lost, and locks are held by nobody. The door begins in a
//! task that is never dropped and writes in explicit transactions only; either alone keeps acknowledged writes, the
//! first alone keeps the pool clean.

use crate::support::app::{new_database, open};
use crate::support::engine::{Engine, on_both_engines};
use futures_util::future::join_all;
use passerelle::store::door::{Door, Settings};
use std::pin::pin;

const WRITES: usize = 1_500;
const WRITERS: usize = 6;

async fn nothing_acknowledged_is_lost(engine: Engine) {
    let (url, folder) = new_database(engine).await;
    let door = Door::open(&Settings { url: url.clone(), readers: 3, create: false }).await.unwrap();
    let tx = door.begin().await.unwrap();
    tx.run("CREATE TABLE acknowledged (number BIGINT NOT NULL)", vec![]).await.unwrap();
    tx.commit().await.unwrap();
    let acknowledged = join_all((0..WRITERS).map(|writer| write(&door, writer))).await.concat();
    assert_eq!(acknowledged.len(), WRITES);
    let again = open(&url).await;
    for round in 0..200 {
        give_up(&door, round % 12).await;
    }
    assert_eq!(open_transactions(&again, engine).await, 0, "left inside a transaction");
    door.close().await;
    let rows = again.rows("SELECT DISTINCT number FROM acknowledged ORDER BY number", vec![]).await.unwrap();
    let lost = WRITES - rows.len();
    assert_eq!(lost, 0, "acknowledged writes lost, of {WRITES}");
    again.close().await;
    folder.map(std::fs::remove_dir_all).transpose().unwrap();
}

/// Writes its part of the numbers, each in a transaction of its own, until each is acknowledged. Before each, begins are
/// given up.
async fn write(door: &Door, writer: usize) -> Vec<i64> {
    let mut acknowledged = Vec::new();
    // Knuth's generator, seeded by the writer's number: the same polls in each run.
    let mut random = writer as u64 + 7;
    for number in (0..WRITES).filter(|number| number % WRITERS == writer) {
        let number = i64::try_from(number).unwrap();
        for _ in 0..2 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            give_up(door, (random >> 33) % 12).await;
        }
        single(door, number).await.unwrap();
        acknowledged.push(number);
    }
    acknowledged
}

async fn single(door: &Door, number: i64) -> Result<(), passerelle::domain::rule::Fault> {
    let tx = door.begin().await?;
    tx.run("INSERT INTO acknowledged (number) VALUES ($1)", vec![number.into()]).await?;
    tx.commit().await
}

/// Begins and gives up after so many polls, as a timeout or a caller who hangs up does.
async fn give_up(door: &Door, polls: u64) {
    let mut begun = pin!(door.begin());
    for _ in 0..=polls {
        if futures_util::poll!(begun.as_mut()).is_ready() {
            break;
        }
        tokio::task::yield_now().await;
    }
}

/// Connections that sit inside a transaction now that nobody works, as another door sees it.
async fn open_transactions(other: &Door, engine: Engine) -> i64 {
    if engine == Engine::Sqlite {
        // Whoever sits inside one holds the write lock.
        return i64::from(other.begin().await.is_err());
    }
    let text = "SELECT count(*) AS total FROM pg_stat_activity WHERE datname = current_database() \
                AND state LIKE 'idle in transaction%'";
    let mut left = 0;
    // What is being rolled back is given the time of so many questions.
    for _ in 0..2_000 {
        left = other.rows(text, vec![]).await.unwrap()[0].try_get("", "total").unwrap();
        if left == 0 {
            break;
        }
        tokio::task::yield_now().await;
    }
    left
}

on_both_engines!(nothing_acknowledged_is_lost);
