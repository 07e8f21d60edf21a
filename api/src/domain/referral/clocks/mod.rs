//! The clocks of a referral: its deadlines, reckoned when it is sent and frozen, who is told when one passes, and what
//! the clock itself does. All of it is reckoned from what is kept of the referral and the present instant.

mod ladder;
mod limits;
mod tick;

pub use ladder::{Deadline, Rung, Told, rungs};
pub use limits::{LONGEST_DAYS, LONGEST_HOURS, Limit, Limits, OUTCOME_DAYS, UrgencyLimits, applying};
pub use tick::{Act, Clocked, Done, REVIEW_AGAIN_DAYS, Step, Tick, look_interval, next_look, tick};

use crate::domain::calendar::WorkingCalendar;
use crate::domain::case::Urgency;
use jiff::Timestamp;

/// Microseconds of an hour.
pub const HOUR: i64 = 3_600_000_000;
/// Microseconds of a day.
pub const DAY: i64 = 24 * HOUR;

/// When each step is due, as UTC microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    pub acknowledge: i64,
    pub decide: i64,
}

/// The deadlines of a referral sent at `sent` under `limits`.
#[must_use]
pub fn deadlines(limits: &UrgencyLimits, calendar: &WorkingCalendar, sent: Timestamp) -> Deadlines {
    Deadlines {
        acknowledge: limits.acknowledge.after(sent, calendar).as_microsecond(),
        decide: limits.decide.after(sent, calendar).as_microsecond(),
    }
}

/// When the person must usually have been contacted after an acceptance at `accepted`, as UTC microseconds. A referral
/// that was sent under other limits gets its own when it moves.
#[must_use]
pub fn contact_due(urgency: Urgency, accepted: Timestamp) -> i64 {
    UrgencyLimits::usual(urgency).contact.after(accepted, &WorkingCalendar::default()).as_microsecond()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_those_of_the_form() {
        let friday: Timestamp = "2026-11-27T10:00:00Z".parse().unwrap();
        let due = |text: &str| text.parse::<Timestamp>().unwrap().as_microsecond();
        let expected = [
            (Urgency::Emergency, "2026-11-27T11:00:00Z", "2026-11-28T10:00:00Z"),
            (Urgency::Urgent, "2026-11-28T10:00:00Z", "2026-11-30T10:00:00Z"),
            (Urgency::Routine, "2026-12-01T10:00:00Z", "2026-12-11T10:00:00Z"),
        ];
        for (urgency, acknowledge, decide) in expected {
            let reckoned = deadlines(&UrgencyLimits::usual(urgency), &WorkingCalendar::default(), friday);
            assert_eq!((reckoned.acknowledge, reckoned.decide), (due(acknowledge), due(decide)), "{urgency:?}");
            assert_eq!(contact_due(urgency, friday), due(decide), "{urgency:?}");
        }
    }
}
