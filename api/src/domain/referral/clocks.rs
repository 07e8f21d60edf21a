//! The deadlines of a referral, reckoned when it is sent and frozen. The limits are those of the inter-agency referral
//! form: 24 hours, 72 hours, two weeks.

use crate::domain::case::Urgency;
use crate::domain::clock::date_of;
use jiff::civil::Weekday;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// When each step is due, as UTC microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    pub acknowledge: i64,
    pub decide: i64,
}

/// The deadlines of a referral sent at `sent`.
#[must_use]
pub fn deadlines(urgency: Urgency, sent: Timestamp) -> Deadlines {
    let hours = |count: i64| after(sent, count);
    let (acknowledge, decide) = match urgency {
        Urgency::Emergency => (hours(1), hours(24)),
        Urgency::Urgent => (hours(24), hours(72)),
        Urgency::Routine => (working_days_after(sent, 2), hours(14 * 24)),
    };
    Deadlines { acknowledge: acknowledge.as_microsecond(), decide: decide.as_microsecond() }
}

/// When the person must have been contacted after an acceptance at `accepted`, as UTC microseconds.
#[must_use]
pub fn contact_due(urgency: Urgency, accepted: Timestamp) -> i64 {
    let hours = match urgency {
        Urgency::Emergency => 24,
        Urgency::Urgent => 72,
        Urgency::Routine => 14 * 24,
    };
    after(accepted, hours).as_microsecond()
}

fn after(from: Timestamp, hours: i64) -> Timestamp {
    from.checked_add(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MAX)
}

/// The same time of day, so many days later, not counting Saturdays and Sundays (in UTC).
fn working_days_after(from: Timestamp, days: u8) -> Timestamp {
    let mut left = days;
    let mut instant = from;
    while left > 0 {
        instant = instant.checked_add(24.hours()).unwrap_or(Timestamp::MAX);
        if !matches!(date_of(instant).weekday(), Weekday::Saturday | Weekday::Sunday) {
            left -= 1;
        }
    }
    instant
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
            let reckoned = deadlines(urgency, friday);
            assert_eq!((reckoned.acknowledge, reckoned.decide), (due(acknowledge), due(decide)), "{urgency:?}");
        }
    }
}
