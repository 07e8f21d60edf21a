//! A clock that is set by hand.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

use crate::domain::clock::Clock;

/// A clock that shows what it was set to, so that the demonstration can live through its last weeks.
#[derive(Debug)]
pub struct WalkingClock(AtomicI64);

impl WalkingClock {
    /// Set to an instant, in UTC microseconds.
    #[must_use]
    pub fn at(instant: i64) -> Self {
        Self(AtomicI64::new(instant))
    }

    /// Sets it, to UTC microseconds.
    pub fn set(&self, instant: i64) {
        self.0.store(instant, Ordering::SeqCst);
    }
}

impl Clock for WalkingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap_or_default()
    }
}
