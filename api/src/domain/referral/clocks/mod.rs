//! The clocks of a referral: its deadlines, reckoned when it is sent and frozen, who is told when one passes, and what
//! the clock itself does. All of it is reckoned from what is kept of the referral and the present instant.

mod ladder;
mod limits;
mod tick;

pub use ladder::{Deadline, Rung, Told, rungs};
pub use limits::{LONGEST_DAYS, LONGEST_HOURS, Limit, Limits, UrgencyLimits, applying};
pub use tick::{Act, Clocked, Done, REVIEW_AGAIN_DAYS, Step, Tick, look_interval, next_look, tick};

use crate::domain::calendar::WorkingCalendar;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

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

/// When the person must have been contacted after an acceptance at `accepted`, as UTC microseconds: under the limits
/// that the referral was sent under.
#[must_use]
pub fn contact_due(limits: &UrgencyLimits, accepted: Timestamp) -> i64 {
    limits.contact.after(accepted, &WorkingCalendar::default()).as_microsecond()
}

/// Hours in which the receiver answers a request to stop.
pub const CANCEL_HOURS: i64 = 72;
/// Days in which the coordinator decides where the receiver objects to stopping, or about a dispute.
pub const CONTEST_DAYS: i64 = 5;
/// The most days from today to the review of an interruption.
pub const HOLD_DAYS: i32 = 30;
/// Days after the recorded start at which the outcome is due when no end is planned.
pub const UNPLANNED_DAYS: i64 = 90;
/// Days after an ending at which a loop that nobody closes is closed unseen.
pub const LOOP_DAYS: i64 = 30;
/// The most days from today to a planned end: five years.
pub const PLAN_DAYS: i32 = 1_826;
/// Days after which a draft that nobody touches is thrown away.
pub const DRAFT_DAYS: i64 = 30;

/// So many hours after an instant, both as UTC microseconds.
#[must_use]
pub fn hours_after(micros: i64, hours: i64) -> i64 {
    micros.saturating_add(hours.saturating_mul(HOUR))
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

/// When the outcome is due: so many days after the planned end as the limits say, or 90 days after `started` when none
/// is planned; at the end of the day by which the sender asked to hear back where that comes first and is not over yet.
#[must_use]
pub fn outcome_due(limits: &UrgencyLimits, planned_end: Option<&str>, started: i64, asked_by: Option<&str>) -> i64 {
    let days = i32::try_from(limits.outcome_days).unwrap_or(i32::MAX);
    let usual = planned_end.and_then(|date| end_of_day(date, days));
    let usual = usual.unwrap_or_else(|| days_after(started, UNPLANNED_DAYS));
    let asked = asked_by.and_then(|date| end_of_day(date, 0)).filter(|asked| *asked > started);
    asked.map_or(usual, |asked| asked.min(usual))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::Urgency;

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
            assert_eq!(contact_due(&UrgencyLimits::usual(urgency), friday), due(decide), "{urgency:?}");
        }
    }

    #[test]
    fn an_outcome_is_due_two_weeks_after_the_planned_end_or_ninety_days_after_the_start() {
        let due = |text: &str| text.parse::<Timestamp>().unwrap().as_microsecond();
        let (start, usual) = (due("2026-11-25T09:00:00Z"), UrgencyLimits::usual(Urgency::Routine));
        assert_eq!(outcome_due(&usual, Some("2026-12-31"), start, None), due("2027-01-15T00:00:00Z"));
        assert_eq!(outcome_due(&usual, None, start, None), due("2027-02-23T09:00:00Z"));
        let month = UrgencyLimits { outcome_days: 30, ..usual };
        assert_eq!(outcome_due(&month, Some("2026-12-01"), start, None), due("2027-01-01T00:00:00Z"));
        let asked = |by| outcome_due(&usual, Some("2026-12-31"), start, Some(by));
        assert_eq!(asked("2026-12-10"), due("2026-12-11T00:00:00Z"), "the sender wants to hear earlier");
        assert_eq!(asked("2027-06-01"), due("2027-01-15T00:00:00Z"), "nobody is given longer");
        assert_eq!(asked("2026-11-01"), due("2027-01-15T00:00:00Z"), "a day that is over is no deadline");
    }
}
