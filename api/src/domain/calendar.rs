//! Working days. They differ by country and by organization: here the week ends on Friday, there on Saturday.

use crate::domain::code::codes;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, ZonedDateTime};
use serde::{Deserialize, Serialize};

codes! {
    /// A day of the week.
    pub enum WeekDay {
        /// Monday.
        Monday = "MONDAY",
        /// Tuesday.
        Tuesday = "TUESDAY",
        /// Wednesday.
        Wednesday = "WEDNESDAY",
        /// Thursday.
        Thursday = "THURSDAY",
        /// Friday.
        Friday = "FRIDAY",
        /// Saturday.
        Saturday = "SATURDAY",
        /// Sunday.
        Sunday = "SUNDAY",
    }
}

/// The most holidays that a calendar names: some years ahead of what a country has.
pub const MOST_HOLIDAYS: usize = 400;

/// The longest search for a working day, in days: longer than any row of holidays.
const HORIZON: u32 = 2_000;

/// When an organization, or everybody in an area, is at work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkingCalendar {
    /// The name of an IANA time zone, such as `Africa/Casablanca`.
    pub time_zone: String,
    /// At most six.
    pub rest_days: Vec<WeekDay>,
    /// Days without work beside those, ISO 8601, in order.
    pub holidays: Vec<String>,
    /// 0 for the calendar that applies where none was set.
    pub version: i32,
}

impl Default for WorkingCalendar {
    /// Saturday and Sunday in UTC.
    fn default() -> Self {
        Self {
            time_zone: "UTC".to_owned(),
            rest_days: vec![WeekDay::Saturday, WeekDay::Sunday],
            holidays: Vec::new(),
            version: 0,
        }
    }
}

/// Whether there is a time zone of this name.
#[must_use]
pub fn is_time_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

impl WorkingCalendar {
    /// The same time of day, by the clocks there, so many working days later. A day counts when it is neither a rest
    /// day nor a holiday; the day it starts from does not.
    #[must_use]
    pub fn working_days_after(&self, from: Timestamp, days: u32) -> Timestamp {
        // A name that was known when the calendar was set may be gone in newer zone data.
        let zone = TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC);
        let start = from.to_zoned_datetime(zone);
        let mut left = days;
        let mut latest = start.clone();
        for day in 1..=HORIZON {
            if left == 0 {
                break;
            }
            // From the start each time, so that an hour skipped by a change of clocks does not stay lost.
            let Some(next) = later(&start, day) else { return Timestamp::MAX };
            latest = next;
            if self.is_worked(latest.date()) {
                left -= 1;
            }
        }
        latest.timestamp()
    }

    fn is_worked(&self, date: Date) -> bool {
        !self.rest_days.contains(&week_day(date.weekday())) && !self.holidays.contains(&date.to_string())
    }
}

fn later(start: &ZonedDateTime, days: u32) -> Option<ZonedDateTime> {
    start.checked_add(i64::from(days).days()).ok()
}

fn week_day(day: Weekday) -> WeekDay {
    match day {
        Weekday::Monday => WeekDay::Monday,
        Weekday::Tuesday => WeekDay::Tuesday,
        Weekday::Wednesday => WeekDay::Wednesday,
        Weekday::Thursday => WeekDay::Thursday,
        Weekday::Friday => WeekDay::Friday,
        Weekday::Saturday => WeekDay::Saturday,
        Weekday::Sunday => WeekDay::Sunday,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(calendar: &WorkingCalendar, from: &str, days: u32) -> String {
        calendar.working_days_after(from.parse().unwrap(), days).to_string()
    }

    fn calendar(zone: &str, rest_days: &[WeekDay], holidays: &[&str]) -> WorkingCalendar {
        WorkingCalendar {
            time_zone: zone.into(),
            rest_days: rest_days.to_vec(),
            holidays: holidays.iter().map(|day| (*day).to_owned()).collect(),
            version: 1,
        }
    }

    #[test]
    fn saturday_and_sunday_do_not_count_where_nothing_is_set() {
        assert_eq!(after(&WorkingCalendar::default(), "2026-11-27T10:00:00Z", 2), "2026-12-01T10:00:00Z");
    }

    #[test]
    fn friday_and_saturday_do_not_count_where_the_week_ends_so() {
        let there = calendar("Asia/Amman", &[WeekDay::Friday, WeekDay::Saturday], &[]);
        // A Wednesday: Thursday and Sunday are the next two working days.
        assert_eq!(after(&there, "2026-11-25T10:00:00Z", 2), "2026-11-29T10:00:00Z");
    }

    #[test]
    fn the_day_is_the_one_there_not_the_one_in_utc() {
        // Half past eleven on Thursday in the evening in UTC is Friday there, a rest day: Sunday is the first.
        let there = calendar("Asia/Baghdad", &[WeekDay::Friday, WeekDay::Saturday], &[]);
        assert_eq!(after(&there, "2026-11-26T23:30:00Z", 1), "2026-11-28T23:30:00Z");
    }

    #[test]
    fn a_holiday_does_not_count() {
        let there = calendar("UTC", &[WeekDay::Sunday], &["2026-11-26", "2026-11-27"]);
        assert_eq!(after(&there, "2026-11-25T08:00:00Z", 1), "2026-11-28T08:00:00Z");
    }

    #[test]
    fn the_time_of_day_stays_when_the_clocks_change() {
        // The clocks go back on Sunday, 25 October: ten in the morning is an hour later in UTC on Monday.
        let there = calendar("Europe/Paris", &[WeekDay::Saturday, WeekDay::Sunday], &[]);
        assert_eq!(after(&there, "2026-10-23T08:00:00Z", 1), "2026-10-26T09:00:00Z");
        // They go forward on Sunday, 29 March; half past two is skipped that day and is back the next.
        let sundays_worked = calendar("Europe/Paris", &[WeekDay::Saturday], &[]);
        assert_eq!(after(&sundays_worked, "2026-03-27T01:30:00Z", 2), "2026-03-30T00:30:00Z");
    }

    #[test]
    fn zones_are_known_by_name_without_a_file_of_the_machine() {
        for name in ["Africa/Casablanca", "Asia/Kabul", "America/Tegucigalpa", "UTC"] {
            assert!(is_time_zone(name), "{name}");
        }
        assert!(!is_time_zone("Mars/Olympus"));
    }
}
