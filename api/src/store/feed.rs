//! The news of one node: one reader follows the order of changes for all who wait here, so that ten thousand of them cost
//! one statement and not ten thousand. It reads at once what this node placed, and within a second what others did; while
//! nobody waits it rests.

use crate::domain::change::{Change, EVERYBODY, Place, Scope};
use crate::domain::rule::Fault;
use crate::store::door::Door;
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

/// The longest pause between two looks.
const PAUSE: Duration = Duration::from_millis(500);
/// How long it goes on looking when nobody waits any more: whoever waits is often busy for a moment.
const LINGER: u32 = 120;
/// The most changes read at a time.
const MOST: usize = 1_000;
/// The changes that are remembered, for those who are a little behind.
const REMEMBERED: usize = 4_096;

/// The news of one node.
#[derive(Debug, Default)]
pub struct Feed {
    committed: Notify,
    placed: Notify,
    waiting: AtomicUsize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    is_followed: bool,
    /// All changes behind the first number, up to the second, are remembered.
    known: Option<(i64, i64)>,
    changes: VecDeque<Arc<Change>>,
    /// Up to which number each organization was told.
    topics: HashMap<Uuid, watch::Sender<i64>>,
}

impl State {
    fn topic(&mut self, organization: Uuid) -> watch::Receiver<i64> {
        self.topics.entry(organization).or_insert_with(|| watch::channel(-1).0).subscribe()
    }
}

/// What of the news is remembered.
#[derive(Debug)]
pub enum Remembered {
    /// The changes behind the place that somebody is told of, and the number up to which they are all.
    All(Vec<Arc<Change>>, i64),
    /// The place is too far back: it has to be read from the database.
    TooFarBack,
}

/// Somebody who waits; counted as long as it lives.
struct Waiting<'a>(&'a Feed);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Feed {
    /// Something was committed here: whoever puts changes in order looks at once.
    pub fn committed(&self) {
        self.committed.notify_one();
    }

    /// Waits until something was committed here.
    pub async fn until_committed(&self) {
        self.committed.notified().await;
    }

    /// Changes were placed here: whoever reads them looks at once.
    pub fn placed(&self) {
        self.placed.notify_one();
    }

    /// How many wait now.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    /// What is remembered behind a place.
    #[must_use]
    pub fn remembered(&self, scope: &Scope, after: Place) -> Remembered {
        let state = self.state();
        match state.known {
            Some((floor, until)) if after >= Place::behind(floor) => {
                let from = state.changes.partition_point(|change| change.place <= after);
                let mut found: Vec<Arc<Change>> = Vec::new();
                for change in state.changes.range(from..).filter(|change| scope.admits(change)) {
                    // What an organization is told itself goes before what everybody is.
                    match found.last_mut() {
                        Some(last) if last.place == change.place => {
                            if last.organization == EVERYBODY {
                                *last = Arc::clone(change);
                            }
                        }
                        _ => found.push(Arc::clone(change)),
                    }
                }
                Remembered::All(found, until)
            }
            _ => Remembered::TooFarBack,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Door {
    /// Waits until an organization is told of something behind a number. It may return early, never late.
    pub async fn until_changed(&self, organization: Uuid, after: i64) {
        let feed = self.feed();
        feed.waiting.fetch_add(1, Ordering::SeqCst);
        let _waiting = Waiting(feed);
        let (mut own, mut all) = {
            let mut state = feed.state();
            if !state.is_followed {
                state.is_followed = true;
                state.known = Some((after, after));
                state.changes.clear();
                tokio::spawn(follow(self.clone()));
            } else if state.known.is_some_and(|(_, until)| until > after) {
                return;
            }
            (state.topic(organization), state.topic(EVERYBODY))
        };
        let is_behind = |until: &i64| *until > after;
        // A channel ends when the reader does: then it is started again by whoever comes back.
        tokio::select! {
            _ = own.wait_for(is_behind) => {}
            _ = all.wait_for(is_behind) => {}
        }
    }

    /// Reads what is new. Tells whether there may be more.
    async fn hear(&self) -> Result<bool, Fault> {
        let after = self.feed().state().known.map_or(0, |(_, until)| until);
        let (found, until) = self.all_changes(after, MOST).await?;
        if until == after {
            return Ok(false);
        }
        let has_more = found.len() >= MOST;
        let mut state = self.feed().state();
        let mut told: HashMap<Uuid, i64> = HashMap::new();
        for change in found {
            told.insert(change.organization, change.place.sequence);
            state.changes.push_back(Arc::new(change));
        }
        let mut floor = state.known.map_or(after, |(floor, _)| floor);
        while state.changes.len() > REMEMBERED {
            let gone = state.changes.pop_front();
            floor = gone.map_or(floor, |gone| gone.place.sequence);
        }
        state.known = Some((floor, until));
        state.topics.retain(|organization, topic| *organization == EVERYBODY || topic.receiver_count() > 0);
        for (organization, sequence) in told {
            if let Some(topic) = state.topics.get(&organization) {
                topic.send_replace(sequence);
            }
        }
        Ok(has_more)
    }
}

/// The one reader: it ends when nobody has waited for a while.
async fn follow(door: Door) {
    let mut idle = 0;
    while idle < LINGER {
        idle = if door.feed().waiting() > 0 { 0 } else { idle + 1 };
        match door.hear().await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(fault) => tracing::warn!(error = %fault, "changes can't be read now"),
        }
        // That nothing was placed here is as good as a pause.
        let _ = tokio::time::timeout(PAUSE, door.feed().placed.notified()).await;
    }
    let mut state = door.feed().state();
    state.is_followed = false;
    state.known = None;
    state.changes.clear();
    state.topics.clear();
}
