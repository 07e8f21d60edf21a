//! On which days a schedule falls: the part of RFC 5545 that directories use. A recurrence without a start where one is
//! needed, or with parts that do not go together, is none; so nobody is told hours that nobody stated.

use super::{Frequency, Schedule, codes_of};
use jiff::civil::{Date, Weekday, date};

/// The days of the week as in RRULE, Monday first.
pub const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// The longest that counted repetitions are followed, in days.
const FARTHEST: i32 = 366 * 30;

/// A day of the week, of every week or of the so-manieth of its kind in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// 1 to 5 from the beginning of the month, −1 to −5 from its end; 0 means every one.
    pub ordinal: i8,
    /// The day of the week.
    pub weekday: Weekday,
}

impl Day {
    /// A day of BYDAY, such as `MO`, `2MO` or `-1FR`.
    #[must_use]
    pub fn read(code: &str) -> Option<Self> {
        let split = code.len().checked_sub(2).filter(|at| code.is_char_boundary(*at))?;
        let (ordinal, day) = code.split_at(split);
        let at = WEEKDAYS.iter().position(|known| *known == day)?;
        let weekday = Weekday::from_monday_zero_offset(i8::try_from(at).ok()?).ok()?;
        let ordinal = if ordinal.is_empty() { 0 } else { ordinal.parse().ok().filter(|number| *number != 0)? };
        (-5..=5).contains(&ordinal).then_some(Self { ordinal, weekday })
    }
}

/// The code of a day of the week.
#[must_use]
pub fn weekday_code(weekday: Weekday) -> &'static str {
    let at = usize::try_from(weekday.to_monday_zero_offset()).unwrap_or_default();
    WEEKDAYS.get(at).copied().unwrap_or("MO")
}

/// Which days a schedule falls on.
#[derive(Debug, Clone)]
pub struct Rule {
    pub(super) frequency: Frequency,
    every: i32,
    days: Vec<Day>,
    month_days: Vec<i8>,
    /// The day or month from which intervals are counted.
    pub(super) anchor: i32,
    pub(super) first: Date,
    pub(super) last: Date,
}

/// Days since 1970.
pub(super) fn day_number(day: Date) -> i32 {
    day.since(date(1970, 1, 1)).map_or(0, |span| span.get_days())
}

/// Months since the year 0.
pub(super) fn month_number(day: Date) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month()) - 1
}

fn read(day: Option<&String>) -> Result<Option<Date>, ()> {
    day.map(|text| text.parse::<Date>()).transpose().map_err(|_| ())
}

impl Schedule {
    /// The rule, where the schedule has one that tells its days.
    #[must_use]
    pub fn rule(&self) -> Option<Rule> {
        let frequency = self.frequency?;
        let starts = read(self.starts_on.as_ref()).ok()?;
        let needs_start = self.every > 1 || self.occurrences.is_some();
        if self.every < 1 || (needs_start && starts.is_none()) {
            return None;
        }
        let days: Vec<Day> = codes_of(&self.days).map(Day::read).collect::<Option<_>>()?;
        let month_days: Vec<i8> = codes_of(&self.month_days).map(|day| day.parse().ok()).collect::<Option<_>>()?;
        let is_whole = month_days.iter().all(|day| (1..=31).contains(&day.abs()));
        let has_ordinals = days.iter().any(|day| day.ordinal != 0);
        if !is_whole || (frequency == Frequency::Weekly && (has_ordinals || !month_days.is_empty())) {
            return None;
        }
        let week_start = Day::read(&self.week_start)?.weekday;
        let mut rule =
            Rule { frequency, every: self.every, days, month_days, anchor: 0, first: Date::MIN, last: Date::MAX };
        rule.begin(starts, week_start)?;
        rule.bound(self, starts).ok()?;
        Some(rule)
    }
}

impl Rule {
    /// Takes what is not said from the start, and counts from there.
    fn begin(&mut self, starts: Option<Date>, week_start: Weekday) -> Option<()> {
        if self.days.is_empty() && self.month_days.is_empty() {
            let starts = starts?;
            match self.frequency {
                Frequency::Weekly => self.days.push(Day { ordinal: 0, weekday: starts.weekday() }),
                Frequency::Monthly => self.month_days.push(starts.day()),
            }
        }
        let Some(starts) = starts else { return Some(()) };
        self.anchor = match self.frequency {
            Frequency::Weekly => day_number(starts) - i32::from(starts.weekday().since(week_start)),
            Frequency::Monthly => month_number(starts),
        };
        Some(())
    }

    /// Between which days it holds.
    fn bound(&mut self, schedule: &Schedule, starts: Option<Date>) -> Result<(), ()> {
        let (from, to) = (read(schedule.valid_from.as_ref())?, read(schedule.valid_to.as_ref())?);
        let until = read(schedule.until.as_ref())?;
        self.first = starts.unwrap_or(Date::MIN);
        self.last = until.unwrap_or(Date::MAX);
        if let Some(count) = schedule.occurrences {
            let count = usize::try_from(count).ok().and_then(|count| count.checked_sub(1)).ok_or(())?;
            let mut day = self.first;
            let mut left = FARTHEST;
            let days = std::iter::from_fn(|| {
                let this = (left > 0).then_some(day)?;
                left -= 1;
                day = day.tomorrow().ok()?;
                Some(this)
            });
            let last = days.filter(|day| self.repeats_on(*day)).nth(count).ok_or(())?;
            self.last = self.last.min(last);
        }
        self.first = self.first.max(from.unwrap_or(Date::MIN));
        self.last = self.last.min(to.unwrap_or(Date::MAX));
        Ok(())
    }

    /// Whether the service opens on a day by this rule.
    #[must_use]
    pub fn falls_on(&self, day: Date) -> bool {
        self.first <= day && day <= self.last && self.repeats_on(day)
    }

    fn repeats_on(&self, day: Date) -> bool {
        let is_day = |each: &Day| {
            each.weekday == day.weekday()
                && (each.ordinal == 0 || each.ordinal == nth(day) || each.ordinal == nth_from_end(day))
        };
        match self.frequency {
            Frequency::Weekly => {
                let weeks = (day_number(day) - self.anchor).div_euclid(7);
                weeks.rem_euclid(self.every) == 0 && self.days.iter().any(is_day)
            }
            Frequency::Monthly => {
                (month_number(day) - self.anchor).rem_euclid(self.every) == 0
                    && (self.days.is_empty() || self.days.iter().any(is_day))
                    && (self.month_days.is_empty()
                        || self.month_days.iter().any(|each| *each == day.day() || *each == from_end(day)))
            }
        }
    }

    /// The days as they are kept, with what was taken from the start.
    pub(super) fn settled(&self) -> (Vec<String>, Vec<String>) {
        let day = |day: &Day| {
            let ordinal = if day.ordinal == 0 { String::new() } else { day.ordinal.to_string() };
            ordinal + weekday_code(day.weekday)
        };
        (self.days.iter().map(day).collect(), self.month_days.iter().map(i8::to_string).collect())
    }
}

/// The so-manieth of its weekday in its month, from 1.
pub(super) fn nth(day: Date) -> i8 {
    (day.day() - 1) / 7 + 1
}

/// The same from the end of the month, from −1.
pub(super) fn nth_from_end(day: Date) -> i8 {
    -((day.days_in_month() - day.day()) / 7 + 1)
}

/// The day of the month from its end, from −1.
pub(super) fn from_end(day: Date) -> i8 {
    day.day() - day.days_in_month() - 1
}
