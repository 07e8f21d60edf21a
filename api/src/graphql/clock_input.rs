//! Limits and working calendars in the schema, and the inputs that set them.

use crate::domain::calendar::{WeekDay, WorkingCalendar as Calendar};
use crate::domain::case::Urgency;
use crate::domain::code::Code as _;
use crate::domain::global_id::Kind;
use crate::domain::referral::clocks::{Limit, Limits, UrgencyLimits as Of};
use crate::domain::rule::{Failure, RuleCode};
use crate::graphql::input::Reader;
use crate::graphql::scalar::LocalDate;
use crate::usecase::clock::{SetCalendar, SetLimits};
use async_graphql::{ID, InputObject, SimpleObject};

/// How long the steps of a referral of one urgency may take.
#[derive(Debug, Clone, SimpleObject)]
pub struct UrgencyLimits {
    /// The urgency.
    urgency: Urgency,
    /// Hours from sending to receipt; null when working days count.
    acknowledge_hours: Option<u32>,
    /// Working days from sending to receipt, by the receiver's calendar; null when hours count.
    acknowledge_working_days: Option<u32>,
    /// Hours from sending to decision.
    decide_hours: Option<u32>,
    /// Hours from acceptance to first contact.
    contact_hours: Option<u32>,
    /// Days from the planned end of the service to its outcome.
    outcome_days: u32,
    /// Whether the program set them; false for those that apply where nobody did.
    is_set: bool,
}

/// How long each step of a referral may take in a program. A referral keeps the limits under which it was sent.
#[derive(Debug, Clone, SimpleObject)]
pub struct ProgramLimits {
    /// Those of each urgency.
    urgencies: Vec<UrgencyLimits>,
    /// The version to send back with a change; 0 while nothing was set.
    version: i32,
}

fn hours(limit: Limit) -> Option<u32> {
    if let Limit::Hours(hours) = limit { Some(hours) } else { None }
}

fn days(limit: Limit) -> Option<u32> {
    if let Limit::WorkingDays(days) = limit { Some(days) } else { None }
}

impl ProgramLimits {
    /// What a program set, and what applies beside it.
    #[must_use]
    pub fn of(limits: Limits, version: i32) -> Self {
        let told = |urgency: &Urgency| {
            let set = limits.of(*urgency);
            let of = set.unwrap_or_else(|| Of::usual(*urgency));
            UrgencyLimits {
                urgency: *urgency,
                acknowledge_hours: hours(of.acknowledge),
                acknowledge_working_days: days(of.acknowledge),
                decide_hours: hours(of.decide),
                contact_hours: hours(of.contact),
                outcome_days: of.outcome_days,
                is_set: set.is_some(),
            }
        };
        Self { urgencies: Urgency::ALL.iter().map(told).collect(), version }
    }
}

/// On which days somebody is at work.
#[derive(Debug, Clone, SimpleObject)]
pub struct WorkingCalendar {
    /// The name of an IANA time zone, by which days are told.
    time_zone: String,
    /// The days of each week without work.
    rest_days: Vec<WeekDay>,
    /// Days without work beside those, in order.
    holidays: Vec<LocalDate>,
    /// The version to send back with a change; 0 when this one was set for somebody else and only applies here, or was
    /// set by nobody.
    version: i32,
}

impl From<Calendar> for WorkingCalendar {
    fn from(calendar: Calendar) -> Self {
        Self {
            time_zone: calendar.time_zone,
            rest_days: calendar.rest_days,
            holidays: calendar.holidays.iter().filter_map(|day| LocalDate::stored(Some(day))).collect(),
            version: calendar.version,
        }
    }
}

/// The limits of one urgency.
#[derive(Debug, Clone, InputObject)]
pub struct UrgencyLimitsInput {
    /// The urgency; each at most once.
    urgency: Urgency,
    /// Hours from sending to receipt, 1 to 8784; exactly one of this and working days.
    acknowledge_hours: Option<u32>,
    /// Working days from sending to receipt, 1 to 260, by the receiver's calendar.
    acknowledge_working_days: Option<u32>,
    /// Hours from sending to decision, 1 to 8784.
    decide_hours: u32,
    /// Hours from acceptance to first contact, 1 to 8784.
    contact_hours: u32,
    /// Days from the planned end of the service to its outcome, 1 to 366.
    outcome_days: u32,
}

/// How long steps may take in a program.
#[derive(Debug, Clone, InputObject)]
pub struct SetProgramLimitsInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255
    /// printable signs without blanks.
    pub idempotency_key: String,
    /// The program.
    program_id: ID,
    /// The version of the limits that you read; 0 while nothing was set.
    expected_version: i32,
    /// The limits by urgency; one that is not named has the usual ones.
    limits: Vec<UrgencyLimitsInput>,
}

impl SetProgramLimitsInput {
    /// What the use case asks for.
    ///
    /// # Errors
    /// INVALID.
    pub fn read(&self) -> Result<SetLimits, Failure> {
        let mut reader = Reader::default();
        let program = reader.key("programId", Kind::Program, &self.program_id);
        let mut limits = Limits::default();
        for (at, input) in self.limits.iter().take(Urgency::ALL.len() + 1).enumerate() {
            let acknowledge = match (input.acknowledge_hours, input.acknowledge_working_days) {
                (Some(hours), None) => Some(Limit::Hours(hours)),
                (None, Some(days)) => Some(Limit::WorkingDays(days)),
                _ => None,
            };
            let is_once = limits.of(input.urgency).is_none();
            reader.check(acknowledge.is_some(), &format!("limits.{at}.acknowledgeHours"), RuleCode::Invalid);
            reader.check(is_once, &format!("limits.{at}.urgency"), RuleCode::Invalid);
            let of = Of {
                acknowledge: acknowledge.unwrap_or(Limit::Hours(1)),
                decide: Limit::Hours(input.decide_hours),
                contact: Limit::Hours(input.contact_hours),
                outcome_days: input.outcome_days,
            };
            limits = limits.with(input.urgency, of);
        }
        reader.settle(SetLimits { program, expected_version: self.expected_version, limits })
    }
}

/// On which days your organization, or everybody in an area, is at work.
#[derive(Debug, Clone, InputObject)]
pub struct SetWorkingCalendarInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255
    /// printable signs without blanks.
    pub idempotency_key: String,
    /// The area; your own organization when absent.
    pub area_id: Option<ID>,
    /// The version that you read; 0 while nothing was set for exactly this.
    expected_version: i32,
    /// The name of an IANA time zone, such as Africa/Casablanca.
    time_zone: String,
    /// The days of each week without work, at most six.
    rest_days: Vec<WeekDay>,
    /// Days without work beside those, at most 400.
    holidays: Vec<LocalDate>,
}

impl SetWorkingCalendarInput {
    /// What the use case asks for.
    ///
    /// # Errors
    /// INVALID.
    pub fn read(&self) -> Result<SetCalendar, Failure> {
        let mut reader = Reader::default();
        let area = reader.optional("areaId", Kind::Area, self.area_id.as_ref());
        let calendar = Calendar {
            time_zone: self.time_zone.clone(),
            rest_days: self.rest_days.clone(),
            holidays: self.holidays.iter().map(|day| day.0.to_string()).collect(),
            version: 0,
        };
        reader.settle(SetCalendar { area, expected_version: self.expected_version, calendar })
    }
}
