//! A clock that stands still until a test moves it.

use jiff::{SignedDuration, Timestamp};
use passerelle::domain::clock::Clock;
use std::sync::atomic::{AtomicI64, Ordering};

/// The test's time, in UTC microseconds.
pub struct TestClock(AtomicI64);

impl TestClock {
    /// A clock that stands at a Wednesday morning.
    pub fn new() -> Self {
        Self(AtomicI64::new(start()))
    }

    /// Goes back to that morning, for a story that has nothing to do with those before it.
    pub fn restart(&self) {
        self.0.store(start(), Ordering::SeqCst);
    }

    /// Moves time on.
    pub fn advance(&self, by: SignedDuration) {
        self.0.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

fn start() -> i64 {
    "2026-11-25T09:00:00Z".parse::<Timestamp>().unwrap().as_microsecond()
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap()
    }
}
