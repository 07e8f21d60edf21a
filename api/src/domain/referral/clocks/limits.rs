//! How long each step may take. A program may set its own limits, an agreement too; else those of the inter-agency
//! referral form apply: 24 hours, 72 hours, two weeks.

use crate::domain::agreement::ResponseTimes;
use crate::domain::calendar::WorkingCalendar;
use crate::domain::case::Urgency;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The longest limit: a year.
pub const LONGEST_HOURS: u32 = 366 * 24;

/// The longest limit in working days.
pub const LONGEST_DAYS: u32 = 260;

/// How long something may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// So many hours, day and night; 1 to [`LONGEST_HOURS`].
    Hours(u32),
    /// So many days on which the receiver works; 1 to [`LONGEST_DAYS`].
    WorkingDays(u32),
}

impl Limit {
    /// When it is over for what began at `from`.
    #[must_use]
    pub fn after(self, from: Timestamp, calendar: &WorkingCalendar) -> Timestamp {
        match self {
            Self::Hours(hours) => from.checked_add(SignedDuration::from_hours(hours.into())).unwrap_or(Timestamp::MAX),
            Self::WorkingDays(days) => calendar.working_days_after(from, days),
        }
    }

    /// Whether it is neither nothing nor too long.
    #[must_use]
    pub fn is_sound(self) -> bool {
        match self {
            Self::Hours(hours) => (1..=LONGEST_HOURS).contains(&hours),
            Self::WorkingDays(days) => (1..=LONGEST_DAYS).contains(&days),
        }
    }

    /// Whether it is surely longer than another: working days and hours can't be compared.
    #[must_use]
    pub fn exceeds(self, other: Self) -> bool {
        match (self, other) {
            (Self::Hours(this), Self::Hours(other)) | (Self::WorkingDays(this), Self::WorkingDays(other)) => {
                this > other
            }
            _ => false,
        }
    }
}

/// How long the steps of a referral of one urgency may take. A referral keeps those under which it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UrgencyLimits {
    /// From sending to receipt.
    pub acknowledge: Limit,
    /// From sending to decision.
    pub decide: Limit,
    /// From acceptance to first contact.
    pub contact: Limit,
    /// Days from the planned end of the service to its outcome.
    pub outcome_days: u32,
}

/// The days between the planned end and the outcome where nobody set others.
pub const OUTCOME_DAYS: u32 = 14;

impl UrgencyLimits {
    /// Those that apply where nobody set others.
    #[must_use]
    pub fn usual(urgency: Urgency) -> Self {
        let of = |acknowledge, hours| Self {
            acknowledge,
            decide: Limit::Hours(hours),
            contact: Limit::Hours(hours),
            outcome_days: OUTCOME_DAYS,
        };
        match urgency {
            Urgency::Emergency => of(Limit::Hours(1), 24),
            Urgency::Urgent => of(Limit::Hours(24), 72),
            Urgency::Routine => of(Limit::WorkingDays(2), 14 * 24),
        }
    }
}

/// The limits of a program; none where it leaves an urgency as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    pub emergency: Option<UrgencyLimits>,
    pub urgent: Option<UrgencyLimits>,
    pub routine: Option<UrgencyLimits>,
}

impl Limits {
    /// What is set for an urgency.
    #[must_use]
    pub fn of(&self, urgency: Urgency) -> Option<UrgencyLimits> {
        match urgency {
            Urgency::Emergency => self.emergency,
            Urgency::Urgent => self.urgent,
            Urgency::Routine => self.routine,
        }
    }

    /// The same with an urgency's limits set.
    #[must_use]
    pub fn with(self, urgency: Urgency, limits: UrgencyLimits) -> Self {
        match urgency {
            Urgency::Emergency => Self { emergency: Some(limits), ..self },
            Urgency::Urgent => Self { urgent: Some(limits), ..self },
            Urgency::Routine => Self { routine: Some(limits), ..self },
        }
    }
}

/// The limits that apply: what the agreement between the two organizations says before those of the program, those of
/// the program before the usual ones.
#[must_use]
pub fn applying(urgency: Urgency, agreement: Option<ResponseTimes>, program: Option<Limits>) -> UrgencyLimits {
    let limits = program.and_then(|limits| limits.of(urgency)).unwrap_or_else(|| UrgencyLimits::usual(urgency));
    let agreed = agreement.map(|times| times.of(urgency)).unwrap_or_default();
    let within = |hours: Option<i64>| hours.and_then(|hours| u32::try_from(hours).ok()).map(Limit::Hours);
    UrgencyLimits {
        acknowledge: within(agreed.acknowledge).unwrap_or(limits.acknowledge),
        decide: within(agreed.decide).unwrap_or(limits.decide),
        contact: within(agreed.contact).unwrap_or(limits.contact),
        ..limits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::agreement::Hours;

    #[test]
    fn the_agreement_comes_before_the_program_and_the_program_before_what_is_usual() {
        let usual = UrgencyLimits::usual(Urgency::Urgent);
        let set = UrgencyLimits { decide: Limit::Hours(20), contact: Limit::Hours(30), ..usual };
        let program = Some(Limits::default().with(Urgency::Urgent, set));
        let urgent = Hours { decide: Some(10), ..Hours::default() };
        let agreement = Some(ResponseTimes { urgent, ..ResponseTimes::default() });
        let both = applying(Urgency::Urgent, agreement, program);
        assert_eq!(both, UrgencyLimits { decide: Limit::Hours(10), ..set }, "what it does not say stays as it is");
        assert_eq!(applying(Urgency::Urgent, Some(ResponseTimes::default()), program), set);
        assert_eq!(applying(Urgency::Routine, agreement, program), UrgencyLimits::usual(Urgency::Routine));
    }
}
