//! What must be true of a database after a kill.

use super::walker::Acknowledged;
use passerelle::store::dialect::Engine;
use passerelle::store::door::Door;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Statuses in the order in which the loop passes them. A referral with so many events stands at that place.
const STATUSES: [&str; 6] = ["SENT", "ACKNOWLEDGED", "ACCEPTED", "IN_SERVICE", "COMPLETED", "COMPLETED"];
const COMMANDS: [&str; 6] = [
    "createReferral",
    "acknowledgeReferral",
    "acceptReferral",
    "startReferralService",
    "completeReferral",
    "closeReferralLoop",
];

/// Waits until PostgreSQL has seen that the dead client is dead: a commit may still be under way.
pub async fn quiet(door: &Door) {
    if door.engine() == Engine::Sqlite {
        return;
    }
    let text = "SELECT count(*) AS total FROM pg_stat_activity WHERE datname = current_database() \
                AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND state <> 'idle'";
    for _ in 0..5_000 {
        if count(door, text).await == 0 {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("somebody still works in the database");
}

/// That everything acknowledged is there and nothing is half done. Gives the number of commands that took effect.
pub async fn check(door: &Door, ledger: &[Acknowledged]) -> usize {
    let events = deeds(door, "SELECT kind, subject_id, 0 AS version FROM event").await;
    let audited = "SELECT operation AS kind, subject_id, 0 AS version FROM audit WHERE decision = 'ALLOW'";
    assert_eq!(deeds(door, audited).await, events, "one audit row for each event");
    let announced = deeds(door, "SELECT kind, subject_id, version FROM outbox").await;
    assert_eq!(announced.iter().map(without_version).collect::<Vec<_>>(), events, "one outbox row for each event");
    let distinct: BTreeSet<_> = events.iter().collect();
    assert_eq!(distinct.len(), events.len(), "no command took effect twice");
    assert_eq!(count(door, "SELECT count(*) AS total FROM audit WHERE decision <> 'ALLOW'").await, 0, "no refusals");
    keys(door, ledger, &events).await;
    referrals(door, ledger, &events).await;
    let announced: BTreeSet<_> = announced.into_iter().collect();
    for acknowledged in ledger {
        let (kind, subject) = (acknowledged.mutation.to_owned(), acknowledged.subject);
        let row = (kind, subject, acknowledged.version);
        assert!(announced.contains(&row), "lost: {row:?}");
    }
    rows_of_each(door, &events).await;
    sequenced(door).await;
    events.len()
}

type DeedRow = (String, Uuid, i32);

fn without_version((kind, subject, _): &DeedRow) -> DeedRow {
    (kind.clone(), *subject, 0)
}

async fn deeds(door: &Door, text: &str) -> Vec<DeedRow> {
    let rows = door.rows(text, vec![]).await.unwrap();
    let read = |row: &sea_orm::QueryResult| {
        let subject: Option<Uuid> = row.try_get("", "subject_id").unwrap();
        let version: i32 = row.try_get("", "version").unwrap();
        (row.try_get("", "kind").unwrap(), subject.unwrap_or_default(), version)
    };
    let mut all: Vec<DeedRow> = rows.iter().map(read).collect();
    all.sort();
    all
}

/// One answered key for each event, and each acknowledged key among them.
async fn keys(door: &Door, ledger: &[Acknowledged], events: &[DeedRow]) {
    let rows = door.rows("SELECT mutation, idempotency_key, answer FROM idempotency", vec![]).await.unwrap();
    let read = |row: &sea_orm::QueryResult, column: &str| row.try_get::<String>("", column).unwrap();
    let mut kinds: Vec<_> = rows.iter().map(|row| read(row, "mutation")).collect();
    kinds.sort();
    assert_eq!(kinds, events.iter().map(|row| row.0.clone()).collect::<Vec<_>>(), "one key for each event");
    assert!(rows.iter().all(|row| !read(row, "answer").is_empty()), "no key without its answer");
    let kept: BTreeSet<_> = rows.iter().map(|row| (read(row, "mutation"), read(row, "idempotency_key"))).collect();
    for acknowledged in ledger {
        assert!(kept.contains(&(acknowledged.mutation.to_owned(), acknowledged.key.clone())), "a key was lost");
    }
}

/// Each referral stands where its events led it, at least where it was acknowledged to be; places are counted right.
async fn referrals(door: &Door, ledger: &[Acknowledged], events: &[DeedRow]) {
    let text = "SELECT id, status, version, loop_meaning FROM referral";
    let mut stand = BTreeMap::new();
    let mut by_subject: BTreeMap<Uuid, Vec<&str>> = BTreeMap::new();
    for (kind, subject, _) in events {
        by_subject.entry(*subject).or_default().push(kind);
    }
    let mut placed = 0;
    for row in door.rows(text, vec![]).await.unwrap() {
        let id: Uuid = row.try_get("", "id").unwrap();
        let status: String = row.try_get("", "status").unwrap();
        let version: i32 = row.try_get("", "version").unwrap();
        let mut done = by_subject.remove(&id).unwrap_or_default();
        done.sort_by_key(|kind| COMMANDS.iter().position(|known| known == kind));
        assert_eq!(done, COMMANDS[..done.len()], "events without a gap");
        assert_eq!(status, STATUSES[done.len() - 1], "after {done:?}");
        assert_eq!(usize::try_from(version).unwrap(), done.len() + 1, "after {done:?}");
        let meaning: Option<String> = row.try_get("", "loop_meaning").unwrap();
        assert_eq!(meaning.is_some(), done.len() == COMMANDS.len(), "after {done:?}");
        placed += i64::from(["ACCEPTED", "IN_SERVICE"].contains(&status.as_str()));
        stand.insert(id, (version, status));
    }
    let rank = |status: &str| STATUSES.iter().position(|known| *known == status).unwrap();
    for acknowledged in ledger {
        let Some(status) = &acknowledged.status else { continue };
        let (version, now) = &stand[&acknowledged.subject];
        assert!(*version >= acknowledged.version && rank(now) >= rank(status), "{now} {version}, was {status}");
    }
    assert_eq!(count(door, "SELECT sum(taken) AS total FROM capacity").await, placed, "places taken");
}

/// Each command's own rows are there as often as the command took effect.
async fn rows_of_each(door: &Door, events: &[DeedRow]) {
    for (table, command, each) in [
        ("case_file", "openCase", 1),
        ("need", "addNeed", 1),
        ("goal", "addNeed", 2),
        ("consent", "recordConsent", 1),
        ("referral", "createReferral", 1),
        ("referral_goal", "createReferral", 2),
        ("access_grant", "createReferral", 1),
    ] {
        let done = events.iter().filter(|event| event.0 == command).count();
        let rows = count(door, &format!("SELECT count(*) AS total FROM {table}")).await;
        assert_eq!(usize::try_from(rows).unwrap(), done * each, "{table}");
    }
}

/// The order of all changes has no gap and no place twice.
async fn sequenced(door: &Door) {
    door.sequence_outbox(1_000_000).await.unwrap();
    let all = count(door, "SELECT count(*) AS total FROM outbox").await;
    assert_eq!(count(door, "SELECT count(DISTINCT sequence) AS total FROM outbox").await, all);
    assert_eq!(count(door, "SELECT coalesce(max(sequence), 0) AS total FROM outbox").await, all);
}

async fn count(door: &Door, text: &str) -> i64 {
    door.rows(text, vec![]).await.unwrap()[0].try_get("", "total").unwrap()
}
