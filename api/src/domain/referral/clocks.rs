//! The deadlines of a referral, reckoned when it is sent and frozen. The limits are those of the inter-agency referral
//! form: 24 hours, 72 hours, two weeks.

use crate::domain::case::Urgency;
use crate::domain::clock::date_of;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
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

/// Hours in which the receiver answers a request to stop.
pub const CANCEL_HOURS: i64 = 72;
/// Days in which the coordinator decides where the receiver objects to stopping.
pub const CONTEST_DAYS: i64 = 5;
/// The most days from today to the review of an interruption.
pub const HOLD_DAYS: i32 = 30;
/// Days after the planned end at which the outcome is due.
pub const OUTCOME_DAYS: i32 = 14;
/// Days after the recorded start at which the outcome is due when no end is planned.
pub const UNPLANNED_DAYS: i64 = 90;
/// Days after an ending at which a loop that nobody closes is closed unseen.
pub const LOOP_DAYS: i64 = 30;
/// The most days from today to a planned end: five years.
pub const PLAN_DAYS: i32 = 1_826;

/// So many hours after an instant, both as UTC microseconds.
#[must_use]
pub fn hours_after(micros: i64, hours: i64) -> i64 {
    micros.saturating_add(hours.saturating_mul(3_600_000_000))
}

/// So many days of 24 hours after an instant, both as UTC microseconds.
#[must_use]
pub fn days_after(micros: i64, days: i64) -> i64 {
    hours_after(micros, days.saturating_mul(24))
}

/// The end of the day that comes so many days after an ISO 8601 date, as UTC microseconds; nothing for a text that is no
/// date.
#[must_use]
pub fn end_of_day(date: &str, days: i32) -> Option<i64> {
    let date: Date = date.parse().ok()?;
    let next = date.checked_add(days.days()).ok()?.tomorrow().ok()?;
    Some(TimeZone::UTC.to_timestamp(next.at(0, 0, 0, 0)).ok()?.as_microsecond())
}

/// When the outcome is due: two weeks after the planned end, or 90 days after `started` when none is planned.
#[must_use]
pub fn outcome_due(planned_end: Option<&str>, started: i64) -> i64 {
    planned_end.and_then(|date| end_of_day(date, OUTCOME_DAYS)).unwrap_or_else(|| days_after(started, UNPLANNED_DAYS))
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

    #[test]
    fn an_outcome_is_due_two_weeks_after_the_planned_end_or_ninety_days_after_the_start() {
        let due = |text: &str| text.parse::<Timestamp>().unwrap().as_microsecond();
        let start = due("2026-11-25T09:00:00Z");
        assert_eq!(outcome_due(Some("2026-12-31"), start), due("2027-01-15T00:00:00Z"));
        assert_eq!(outcome_due(None, start), due("2027-02-23T09:00:00Z"));
    }
}
