//! Time is handed in.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Where the present comes from. Everything that asks for the time takes a clock, so that tests decide what time it is.
pub trait Clock: Send + Sync {
    /// The present instant, in whole microseconds: what both engines can store and give back unchanged.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that may ask the machine")]
    fn now(&self) -> Timestamp {
        whole_microseconds(Timestamp::now())
    }
}

/// Cuts off what is finer than a microsecond.
#[must_use]
pub fn whole_microseconds(instant: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(instant.as_microsecond()).unwrap_or(instant)
}

/// The date of an instant in UTC.
#[must_use]
pub fn date_of(instant: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(instant).date()
}

/// The UTC date of an instant in microseconds, as ISO 8601 text; empty for one that no calendar reaches.
#[must_use]
pub fn date_of_micros(micros: i64) -> String {
    Timestamp::from_microsecond(micros).map(|instant| date_of(instant).to_string()).unwrap_or_default()
}
