//! Places for what runs at once, apart for each class of work: a flood of heavy reads waits for heavy reads and never
//! takes the place of an accept. Who finds all places taken waits a short while in a short queue, and is told to come
//! again where that is full, too.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::code::Code;
use super::refusal::Refusal;

/// What kind of work a request is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Class {
    /// A mutation that somebody waits for.
    Write,
    /// A query that somebody waits for.
    #[default]
    Read,
    /// An export, a map, a page of the reference API, a query over a whole country or at a high cost.
    Heavy,
    /// Many commands at once: batches and envelopes.
    Background,
}

/// The cost from which on a query is heavy.
const HEAVY_COST: u64 = 1_000;

/// Queries over many cases or all services, whatever they cost.
const HEAVY: [&str; 4] = ["serviceCoverage", "unmetNeeds", "figures", "serviceFacets"];

/// Mutations that do many things one by one.
const MANY: [&str; 7] = [
    "submitEnvelope",
    "createReferrals",
    "acknowledgeReferrals",
    "completeReferrals",
    "reportCapacities",
    "confirmServices",
    "proposeCaseTransfers",
];

impl Class {
    /// The class of an operation with these root fields.
    pub fn of(operation: OperationType, cost: u64, roots: &[(&str, &str)]) -> Self {
        let any = |names: &[&str]| roots.iter().any(|(_, name)| names.contains(name));
        match operation {
            OperationType::Mutation if any(&MANY) => Self::Background,
            OperationType::Mutation => Self::Write,
            _ if cost >= HEAVY_COST || any(&HEAVY) => Self::Heavy,
            _ => Self::Read,
        }
    }
}

/// The places of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// How many run at once.
    pub at_once: usize,
    /// How many wait for a place; more are sent away at once.
    pub waiting: usize,
    /// How long one waits at the most.
    pub patience: Duration,
}

/// The places of all classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rooms {
    /// Mutations.
    pub writes: Room,
    /// Queries.
    pub reads: Room,
    /// Exports, maps, pages of the reference API, costly queries.
    pub heavy: Room,
    /// Batches and envelopes.
    pub background: Room,
}

impl Default for Rooms {
    fn default() -> Self {
        let room = |at_once, waiting, seconds| Room { at_once, waiting, patience: Duration::from_secs(seconds) };
        Self { writes: room(256, 512, 2), reads: room(256, 512, 2), heavy: room(8, 32, 5), background: room(4, 16, 5) }
    }
}

/// Where places are taken. Clones are the same places.
#[derive(Clone, Debug)]
pub struct Places([(Arc<Semaphore>, Arc<Semaphore>, Duration); 4]);

impl Places {
    /// Free places.
    #[must_use]
    pub fn new(rooms: Rooms) -> Self {
        let room = |room: Room| {
            (Arc::new(Semaphore::new(room.at_once)), Arc::new(Semaphore::new(room.waiting)), room.patience)
        };
        Self([room(rooms.writes), room(rooms.reads), room(rooms.heavy), room(rooms.background)])
    }

    /// A place for a piece of work; given back when the permit is dropped.
    ///
    /// # Errors
    /// UNAVAILABLE with the milliseconds after which to try again: all places and the queue are full, or the wait was too
    /// long.
    pub async fn take(&self, class: Class) -> Result<OwnedSemaphorePermit, Refusal> {
        let (running, queue, patience) = &self.0[class as usize];
        if let Ok(permit) = Arc::clone(running).try_acquire_owned() {
            return Ok(permit);
        }
        let Ok(_waiting) = queue.try_acquire() else { return Err(full(class)) };
        match tokio::time::timeout(*patience, Arc::clone(running).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(full(class)),
        }
    }
}

fn full(class: Class) -> Refusal {
    let milliseconds = if matches!(class, Class::Heavy | Class::Background) { 5_000 } else { 1_000 };
    Refusal::new(Code::Unavailable, "Too much of this kind runs now; try again.")
        .with("retryAfterMs", milliseconds.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> Places {
        let room = Room { at_once: 1, waiting: 1, patience: Duration::from_millis(20) };
        Places::new(Rooms { writes: room, reads: room, heavy: room, background: room })
    }

    #[tokio::test]
    async fn a_full_class_sheds_and_the_others_go_on() {
        let places = one();
        let held = places.take(Class::Heavy).await.unwrap();
        let waits = tokio::spawn({
            let places = places.clone();
            async move { places.take(Class::Heavy).await.is_ok() }
        });
        tokio::task::yield_now().await;
        let refused = places.take(Class::Heavy).await.unwrap_err();
        assert_eq!((refused.code, &refused.extras["retryAfterMs"]), (Code::Unavailable, &5_000.into()));
        for class in [Class::Write, Class::Read, Class::Background] {
            assert!(places.take(class).await.is_ok(), "{class:?}");
        }
        drop(held);
        assert!(waits.await.unwrap(), "who waits gets the next place");
    }

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let places = one();
        let _held = places.take(Class::Write).await.unwrap();
        assert!(places.take(Class::Write).await.is_err());
    }

    #[test]
    fn the_class_is_that_of_the_costliest_thing() {
        let of = |operation, cost, root| Class::of(operation, cost, &[("a", root)]);
        assert_eq!(of(OperationType::Mutation, 10, "acceptReferral"), Class::Write);
        assert_eq!(of(OperationType::Mutation, 900, "submitEnvelope"), Class::Background);
        assert_eq!(of(OperationType::Query, 20, "referrals"), Class::Read);
        assert_eq!(of(OperationType::Query, 20, "serviceCoverage"), Class::Heavy);
        assert_eq!(of(OperationType::Query, 1_500, "referrals"), Class::Heavy);
    }
}
