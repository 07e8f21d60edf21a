//! When services are given, in the schema.

use crate::domain::rule::{RuleCode, Rules};
use crate::domain::schedule as domain;
use crate::domain::service_entry::LONGEST_NOTE;
use crate::graphql::context::Here;
use crate::graphql::scalar::{DateTime, LocalDate};
use crate::graphql::service_parts::ServiceAtLocation;
use async_graphql::{ComplexObject, Context, Enum, InputObject, SimpleObject};
use jiff::Timestamp;

/// The most periods of one week.
const MOST_PERIODS: usize = 70;

/// How a schedule repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Frequency")]
pub enum ScheduleFrequency {
    /// Each week, or each so many weeks.
    Weekly,
    /// Each month, or each so many months.
    Monthly,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Enum)]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

/// One period of opening and the days on which it repeats. Lunch breaks and other hours on other days are schedules of
/// their own.
#[derive(Debug, Clone, SimpleObject)]
pub struct Schedule {
    /// How it repeats; null where only the description tells.
    pub frequency: Option<ScheduleFrequency>,
    /// Each so many weeks or months, from 1.
    pub interval: i32,
    /// Days as in the BYDAY of iCalendar: MO to SU, of a month also with a number such as 2MO or -1FR.
    pub days: Vec<String>,
    /// Days of the month, from its end where negative.
    pub month_days: Vec<i32>,
    /// The day from which it is counted.
    pub starts_on: Option<LocalDate>,
    /// The last day on which it can repeat.
    pub until: Option<LocalDate>,
    /// How many times it repeats, the first one included.
    pub occurrences: Option<i32>,
    /// When it opens, as the clocks there show it, such as 09:00.
    pub opens_at: Option<String>,
    /// When it closes, up to 24:00. Not after the opening, it is a time of the next day.
    pub closes_at: Option<String>,
    /// The IANA name of the zone of these times, such as Africa/Casablanca.
    pub time_zone: String,
    /// The first day for which this is known.
    pub valid_from: Option<LocalDate>,
    /// The last day for which this is known.
    pub valid_to: Option<LocalDate>,
    /// What it says in words, in the language of the request where the provider wrote none.
    pub description: String,
    /// Remarks, such as holidays; empty where there are none.
    pub notes: String,
    /// The text it was read from; null where it was not a text.
    pub original: Option<String>,
}

impl Schedule {
    /// A schedule as the asker reads it.
    #[must_use]
    pub fn of(ctx: &Context<'_>, from: &domain::Schedule) -> Self {
        let filled = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        Self {
            frequency: from.frequency.map(Into::into),
            interval: from.every,
            days: domain::codes_of(&from.days).map(str::to_owned).collect(),
            month_days: domain::codes_of(&from.month_days).filter_map(|day| day.parse().ok()).collect(),
            starts_on: LocalDate::stored(from.starts_on.as_deref()),
            until: LocalDate::stored(from.until.as_deref()),
            occurrences: from.occurrences,
            opens_at: from.opens.map(domain::clock),
            closes_at: from.closes.map(domain::clock),
            time_zone: from.zone.clone(),
            valid_from: LocalDate::stored(from.valid_from.as_deref()),
            valid_to: LocalDate::stored(from.valid_to.as_deref()),
            description: domain::in_words(from, ctx.language()),
            notes: from.notes.clone(),
            original: filled(&from.original),
        }
    }
}

/// The instant asked about, or the present one.
pub fn instant(ctx: &Context<'_>, at: Option<DateTime>) -> Timestamp {
    at.and_then(|at| Timestamp::from_microsecond(at.0).ok()).unwrap_or_else(|| ctx.app().clock.now())
}

/// When something opens next, as it is answered.
pub fn next_opening(ctx: &Context<'_>, schedules: Vec<&domain::Schedule>, after: Option<DateTime>) -> Option<DateTime> {
    domain::next_opening(schedules, instant(ctx, after)).map(|at| DateTime(at.as_microsecond()))
}

#[ComplexObject]
impl ServiceAtLocation {
    /// When the service is given there: as is said of it there, or else of the place, or else of the service.
    /// None at a confidential place, where nobody may be waited for.
    async fn schedules(&self, ctx: &Context<'_>) -> Vec<Schedule> {
        self.hours.iter().map(|schedule| Schedule::of(ctx, schedule)).collect()
    }

    /// When it opens there next, at `after` or later. Null where no schedule tells, where it never closes, and where it is
    /// more than two years ahead.
    async fn next_opening(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The instant from which is looked; now when not given.")] after: Option<DateTime>,
    ) -> Option<DateTime> {
        next_opening(ctx, self.hours.iter().collect(), after)
    }

    /// Whether it is open there at an instant. Null where no schedule tells.
    async fn is_open_at(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The instant asked about; now when not given.")] at: Option<DateTime>,
    ) -> Option<bool> {
        domain::is_open_at(&self.hours, instant(ctx, at))
    }
}

/// A week of opening hours. A list takes the place of the whole list; none closes nothing and says nothing.
#[derive(Debug, Clone, InputObject)]
pub struct OpeningHoursInput {
    /// The IANA name of the zone of the hours, such as Africa/Casablanca.
    pub(super) time_zone: String,
    /// The periods of the week, at most 70. A lunch break makes two of one day.
    pub(super) periods: Vec<OpeningPeriodInput>,
    /// The first day for which these are known.
    pub(super) valid_from: Option<LocalDate>,
    /// The last day for which these are known.
    pub(super) valid_to: Option<LocalDate>,
    /// Remarks, such as holidays, at most 500 characters. Without periods it is kept as what is said of the hours.
    pub(super) notes: Option<String>,
}

/// One period of opening on one day of the week.
#[derive(Debug, Clone, InputObject)]
pub struct OpeningPeriodInput {
    /// The day on which it opens.
    pub(super) weekday: Weekday,
    /// When it opens, 00:00 to 23:59.
    pub(super) from: String,
    /// When it closes, 00:00 to 24:00. Not after the opening, it is a time of the next day.
    pub(super) to: String,
}

impl OpeningHoursInput {
    /// The schedules that this says; days with the same hours become one. What is wrong is noted below `path`.
    pub(super) fn schedules(&self, path: &str, rules: &mut Rules) -> Vec<domain::Schedule> {
        rules.check(domain::zone_named(&self.time_zone).is_some(), &format!("{path}.timeZone"), RuleCode::Invalid);
        rules.check(self.periods.len() <= MOST_PERIODS, &format!("{path}.periods"), RuleCode::TooLong);
        let ordered = self.valid_from.zip(self.valid_to).is_none_or(|(from, to)| from.0 <= to.0);
        rules.check(ordered, &format!("{path}.validTo"), RuleCode::Invalid);
        let notes = self.notes.as_deref().unwrap_or_default().trim();
        rules.text(&format!("{path}.notes"), notes, 0, LONGEST_NOTE);
        let mut days: Vec<((i32, i32), Vec<u8>)> = Vec::new();
        for (index, period) in self.periods.iter().enumerate() {
            let path = format!("{path}.periods.{index}");
            let (from, to) = (domain::minutes(&period.from), domain::minutes(&period.to));
            rules.check(from.is_some_and(|from| from < 1440), &format!("{path}.from"), RuleCode::Invalid);
            rules.check(to.is_some(), &format!("{path}.to"), RuleCode::Invalid);
            let Some(hours) = from.zip(to) else { continue };
            let day = period.weekday as u8;
            match days.iter_mut().find(|(known, _)| *known == hours) {
                Some((_, all)) if all.contains(&day) => {
                    rules.check(false, &format!("{path}.weekday"), RuleCode::Invalid);
                }
                Some((_, all)) => all.push(day),
                None => days.push((hours, vec![day])),
            }
        }
        self.as_schedules(days, notes)
    }

    fn as_schedules(&self, days: Vec<((i32, i32), Vec<u8>)>, notes: &str) -> Vec<domain::Schedule> {
        let whole = |schedule| domain::Schedule {
            valid_from: self.valid_from.map(LocalDate::store),
            valid_to: self.valid_to.map(LocalDate::store),
            ..schedule
        };
        if days.is_empty() && !notes.is_empty() {
            let words = domain::Schedule { description: notes.to_owned(), ..domain::Schedule::default() };
            return vec![whole(domain::Schedule { zone: self.time_zone.clone(), ..words })];
        }
        let weekly = |((from, to), days): ((i32, i32), Vec<u8>)| {
            let weekly = domain::Schedule::weekly(&days, from, to, &self.time_zone);
            whole(domain::Schedule { notes: notes.to_owned(), ..weekly })
        };
        days.into_iter().map(weekly).collect()
    }
}
