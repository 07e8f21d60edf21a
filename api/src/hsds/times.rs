//! Schedules as directories write them: those of HSDS 3.x and 2.x, and the rows by weekday of 1.1. What can't be understood
//! is reported field by field, and what is left of the row is kept as a text that decides nothing.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::days::{fault, has_form};
use super::parts::sorted;
use super::report::{Reason, Report};
use super::row::Row;
use crate::domain::schedule::{Day, Frequency, WEEKDAYS};

/// English names of the days of the week, Monday first.
const NAMES: [&str; 7] = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];

/// One period of opening with the days on which it repeats, as the source says them.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Times {
    /// How it repeats; absent where the words alone tell.
    pub frequency: Option<Frequency>,
    /// Each so many weeks or months, from 1.
    pub every: i32,
    /// The day on which weeks begin.
    pub week_start: Option<String>,
    /// Days as in BYDAY.
    pub days: Vec<String>,
    /// Days of the month.
    pub month_days: Vec<String>,
    /// The day from which it is counted.
    pub starts_on: Option<Date>,
    /// The last day on which it can repeat.
    pub until: Option<Date>,
    /// How many times it repeats.
    pub occurrences: Option<i32>,
    /// Minute of the day at which it opens.
    pub opens: Option<i32>,
    /// Minute of the day at which it closes, 1440 for its end.
    pub closes: Option<i32>,
    /// How far the hours are from UTC, in minutes, where the source says so.
    pub offset: Option<i32>,
    /// IANA name of the zone, where the source says so.
    pub zone: Option<String>,
    /// The first day for which this is known.
    pub valid_from: Option<Date>,
    /// The last day for which this is known.
    pub valid_to: Option<Date>,
    /// What it says in words.
    pub description: Option<String>,
    /// Remarks.
    pub notes: Option<String>,
}

/// The schedules of a row, in a stable order; days with the same hours become one.
pub(super) fn schedules(row: &Row<'_>, report: &mut Report) -> Vec<Times> {
    let mut all = Vec::new();
    for list in ["schedules", "regular_schedules", "regular_schedule"] {
        for map in row.list(report, list) {
            let inner = row.inner("schedule", map, report);
            all.extend(times(&inner, map.get("weekday"), report));
        }
    }
    merged(sorted(all))
}

fn times(row: &Row<'_>, weekday: Option<&Value>, report: &mut Report) -> Option<Times> {
    let (mut frequency, every) = frequency(row, report);
    let mut days = days(row, report, &mut frequency);
    if let Some(value) = weekday.filter(|value| !value.is_null()) {
        match weekday_of(value) {
            Some(day) => {
                frequency = Some(Frequency::Weekly);
                days.push(day.to_owned());
            }
            None => row.refuse(report, Some("weekday"), Reason::UnknownValue, true),
        }
    }
    let month_days = month_days(row, report, &mut frequency);
    for field in ["byweekno", "byyearday"] {
        if row.line(report, field).is_some() {
            row.refuse(report, Some(field), Reason::NoPlace, true);
            frequency = None;
        }
    }
    let (opens, opens_offset) = clock(row, report, "opens_at");
    let (closes, closes_offset) = clock(row, report, "closes_at");
    // Nothing opens at the end of a day; who closes a minute before it means its end.
    let opens = opens.map(|minute| minute % 1440);
    let closes = closes.map(|minute| if minute == 1439 { 1440 } else { minute });
    let hours = row.number(report, "timezone", (-14.0, 14.0)).map(|hours| (hours * 60.0).round() as i32);
    let (starts_on, until) = period(row, report, ("dtstart", "until"), &mut frequency);
    let (valid_from, valid_to) = period(row, report, ("valid_from", "valid_to"), &mut frequency);
    let found = Times {
        frequency,
        every,
        week_start: row.line(report, "wkst").filter(|day| WEEKDAYS.contains(&day.as_str())),
        days: sorted_days(days),
        month_days: sorted(month_days),
        starts_on,
        until,
        occurrences: row
            .whole(report, "count", 100_000)
            .and_then(|count| i32::try_from(count).ok())
            .filter(|count| *count > 0),
        opens,
        closes,
        offset: opens_offset.or(closes_offset).or(hours),
        zone: row.line(report, "timezone_name"),
        valid_from,
        valid_to,
        description: row.text(report, "description").or_else(|| row.text(report, "original_text")),
        notes: row.text(report, "notes"),
    };
    let is_empty =
        found == Times { every: found.every, offset: found.offset, zone: found.zone.clone(), ..Times::default() };
    (!is_empty).then_some(found)
}

/// How it repeats. A row with days and no word on it repeats weekly.
fn frequency(row: &Row<'_>, report: &mut Report) -> (Option<Frequency>, i32) {
    let every = row.whole(report, "interval", 1_000).unwrap_or(1).max(1);
    let every = i32::try_from(every).unwrap_or(1);
    let found = match row.line(report, "freq").map(|freq| freq.to_uppercase()).as_deref() {
        Some("WEEKLY") => Some(Frequency::Weekly),
        Some("MONTHLY") => Some(Frequency::Monthly),
        Some(_) => {
            row.refuse(report, Some("freq"), Reason::UnknownValue, true);
            return (None, every);
        }
        None if row.has("byday") => Some(Frequency::Weekly),
        None if row.has("bymonthday") => Some(Frequency::Monthly),
        None => None,
    };
    (found, every)
}

fn days(row: &Row<'_>, report: &mut Report, frequency: &mut Option<Frequency>) -> Vec<String> {
    let Some(text) = row.line(report, "byday") else { return Vec::new() };
    let found: Option<Vec<String>> = list(&text).map(day_code).collect();
    match found {
        Some(days) => {
            if days.iter().any(|day| day.len() > 2) && *frequency == Some(Frequency::Weekly) {
                // The so-manieth of its kind is one of a month, whatever the row says.
                row.refuse(report, Some("byday"), Reason::BadFormat, true);
                *frequency = None;
            }
            days
        }
        None => {
            row.refuse(report, Some("byday"), Reason::BadFormat, true);
            *frequency = None;
            Vec::new()
        }
    }
}

fn month_days(row: &Row<'_>, report: &mut Report, frequency: &mut Option<Frequency>) -> Vec<String> {
    let Some(text) = row.line(report, "bymonthday") else { return Vec::new() };
    let read =
        |day: &str| day.parse::<i8>().ok().filter(|day| (1..=31).contains(&day.abs())).map(|day| day.to_string());
    let found: Option<Vec<String>> = list(&text).map(read).collect();
    if found.is_none() || *frequency == Some(Frequency::Weekly) {
        row.refuse(report, Some("bymonthday"), Reason::BadFormat, true);
        *frequency = None;
    }
    found.unwrap_or_default()
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty())
}

/// A day as RRULE has it, of its code or its English name.
fn day_code(text: &str) -> Option<String> {
    let text = text.to_uppercase();
    let letters = text.find(|sign: char| sign.is_alphabetic())?;
    let (ordinal, day) = text.split_at(letters);
    let at = NAMES.iter().position(|name| *name == day).or_else(|| WEEKDAYS.iter().position(|code| *code == day))?;
    let code = format!("{}{}", ordinal.trim().trim_start_matches('+'), WEEKDAYS.get(at)?);
    Day::read(&code).map(|_| code)
}

/// The weekday of HSDS 1.1: a name, its beginning or a number from 1, which is Monday.
fn weekday_of(value: &Value) -> Option<&'static str> {
    let text = match value {
        Value::String(text) => text.trim().to_uppercase(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let number = text.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let named = || NAMES.iter().position(|name| text.len() > 1 && name.starts_with(text.as_str()));
    WEEKDAYS.get(number.or_else(named)?).copied()
}

/// Two days of which the second is not before the first. A row of which one is impossible decides nothing: without its
/// bounds it would say more than its source.
fn period(
    row: &Row<'_>,
    report: &mut Report,
    (from, to): (&str, &str),
    frequency: &mut Option<Frequency>,
) -> (Option<Date>, Option<Date>) {
    let (first, last) = (day(row, report, from, frequency), day(row, report, to, frequency));
    if first.zip(last).is_some_and(|(first, last)| last < first) {
        row.refuse(report, Some(to), Reason::ImpossibleTime, true);
        *frequency = None;
        return (first, None);
    }
    (first, last)
}

/// A day, or the day of an instant.
fn day(row: &Row<'_>, report: &mut Report, field: &str, frequency: &mut Option<Frequency>) -> Option<Date> {
    let text = row.line(report, field)?;
    let read: Option<Date> = text
        .get(..10)
        .and_then(|day| day.parse().ok())
        .filter(|_| !text[10..].starts_with(|c: char| c.is_ascii_digit()));
    // What never ends is often written as the end of the year 9999.
    let day = read.filter(|day| day.year() >= 1900);
    if day.is_none() {
        row.refuse(report, Some(field), fault(has_form(&text)), true);
        *frequency = None;
    }
    day
}

/// The minute of the day and the offset that a field tells.
fn clock(row: &Row<'_>, report: &mut Report, field: &str) -> (Option<i32>, Option<i32>) {
    let Some(text) = row.line(report, field) else { return (None, None) };
    let Some((minute, offset)) = clock_of(&text) else {
        row.refuse(report, Some(field), fault(has_form(&text)), true);
        return (None, None);
    };
    (Some(minute), offset)
}

/// `09:00`, `9:00`, `09:00:00`, `09:00+03:00`, `09:00Z`, `9:00 PM`, `24:00`.
fn clock_of(text: &str) -> Option<(i32, Option<i32>)> {
    let text = text.trim().to_uppercase();
    let (text, noon) = match (text.strip_suffix("PM"), text.strip_suffix("AM")) {
        (Some(text), _) => (text.trim_end().to_owned(), Some(true)),
        (_, Some(text)) => (text.trim_end().to_owned(), Some(false)),
        _ => (text, None),
    };
    let split = text.find(['+', '-', 'Z']).unwrap_or(text.len());
    let (time, offset) = text.split_at(split);
    let offset = if offset.is_empty() { None } else { Some(offset_of(offset)?) };
    let mut parts = time.trim().split(':');
    let mut number = |most: i32| {
        let part = parts.next()?;
        let whole = part.split('.').next()?;
        whole.parse::<i32>().ok().filter(|number| (1..=2).contains(&whole.len()) && (0..=most).contains(number))
    };
    let (hour, minute) = (number(24)?, number(59)?);
    if time.matches(':').count() > 1 {
        number(59)?;
    }
    let hour = match noon {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(is_afternoon) => hour % 12 + if is_afternoon { 12 } else { 0 },
    };
    let all = hour * 60 + minute;
    (all <= 1440 && time.matches(':').count() <= 2).then_some((all, offset))
}

fn offset_of(text: &str) -> Option<i32> {
    if text == "Z" {
        return Some(0);
    }
    let (sign, rest) = text.split_at(1);
    let digits: String = rest.chars().filter(|sign| *sign != ':').collect();
    let (hours, minutes) = if digits.len() > 2 { digits.split_at(digits.len() - 2) } else { (digits.as_str(), "0") };
    let all = hours.parse::<i32>().ok()? * 60 + minutes.parse::<i32>().ok()?;
    (all <= 14 * 60).then_some(if sign == "-" { -all } else { all })
}

fn sorted_days(mut days: Vec<String>) -> Vec<String> {
    let at = |day: &String| {
        let code = day.len().checked_sub(2).and_then(|at| day.get(at..)).unwrap_or_default();
        (WEEKDAYS.iter().position(|known| *known == code), day.clone())
    };
    days.sort_by_key(at);
    days.dedup();
    days
}

/// Rows that say the same of several days of the week become one, but where a zone is named: such rows come of an export
/// like ours and are whole.
fn merged(all: Vec<Times>) -> Vec<Times> {
    let mut found: Vec<Times> = Vec::new();
    for times in all {
        let is_same = |other: &&mut Times| {
            other.frequency == Some(Frequency::Weekly)
                && other.zone.is_none()
                && Times { days: Vec::new(), ..times.clone() } == Times { days: Vec::new(), ..(**other).clone() }
                && !times.days.is_empty()
                && !other.days.is_empty()
                && times.occurrences.is_none()
        };
        match found.iter_mut().find(is_same) {
            Some(other) => other.days = sorted_days([other.days.clone(), times.days].concat()),
            None => found.push(times),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(service: Value) -> (Vec<Times>, Vec<(String, Reason)>) {
        let mut report = Report::default();
        let map = service.as_object().unwrap().clone();
        let row = Row::new("service", &map, None, &mut report);
        let all = schedules(&row, &mut report);
        let told = report.into_rows().into_iter().map(|row| (row.field.unwrap_or_default(), row.reason)).collect();
        (all, told)
    }

    #[test]
    fn times_are_read_in_the_forms_there_are() {
        for (text, expected) in [
            ("09:00", Some((540, None))),
            ("9:05:00", Some((545, None))),
            ("09:00+03:00", Some((540, Some(180)))),
            ("09:00-0330", Some((540, Some(-210)))),
            ("09:00Z", Some((540, Some(0)))),
            ("12:30 am", Some((30, None))),
            ("12:30PM", Some((750, None))),
            ("24:00", Some((1440, None))),
            ("24:01", None),
            ("25:00", None),
            ("13:00 PM", None),
            ("noon", None),
            ("09.00", None),
            ("9", None),
        ] {
            assert_eq!(clock_of(text), expected, "{text}");
        }
    }

    #[test]
    fn rows_by_weekday_become_one_for_the_same_hours() {
        let row = |weekday: Value, opens: &str| json!({ "weekday": weekday, "opens_at": opens, "closes_at": "17:00" });
        let rows = [
            row(json!("Tuesday"), "09:00"),
            row(json!(1), "09:00"),
            row(json!("fri"), "10:00"),
            row(json!("x"), "10:00"),
        ];
        let (all, told) = read(json!({ "regular_schedules": rows }));
        let days: Vec<&[String]> = all.iter().map(|times| times.days.as_slice()).collect();
        assert_eq!(days, [&[] as &[&str], &["FR"], &["MO", "TU"]]);
        assert_eq!(told, [("weekday".to_owned(), Reason::UnknownValue)]);
    }

    #[test]
    fn what_is_impossible_is_told_and_decides_nothing() {
        let rows = json!([
            { "freq": "WEEKLY", "byday": "MO,Funday", "opens_at": "09:00", "closes_at": "17:00" },
            { "freq": "WEEKLY", "byday": "2TU", "opens_at": "26:00", "closes_at": "17:00" },
            { "freq": "YEARLY", "bymonthday": "40", "dtstart": "2026-02-30", "description": "Once a year" },
            { "freq": "MONTHLY", "byyearday": "100", "bymonthday": "1,-1" },
            { },
        ]);
        let (all, told) = read(json!({ "schedules": rows }));
        assert!(all.iter().all(|times| times.frequency.is_none()), "{all:?}");
        assert_eq!(all.len(), 4);
        let fields: Vec<&str> = told.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["byday", "byday", "opens_at", "freq", "bymonthday", "dtstart", "byyearday"]);
    }

    #[test]
    fn a_rule_is_read_whole() {
        let (all, told) =
            read(json!({ "schedules": [{ "freq": "MONTHLY", "interval": 2, "byday": "first MO".replace("first ", "1"),
            "dtstart": "2026-01-05T00:00:00Z", "until": "2026-12-31", "wkst": "SU", "timezone": 5.5, "count": 4,
            "opens_at": "22:00", "closes_at": "23:59", "valid_from": "2026-01-01", "notes": "Not on holidays" }] }));
        assert_eq!(told, []);
        let times = &all[0];
        assert_eq!((times.frequency, times.every, times.days[0].as_str()), (Some(Frequency::Monthly), 2, "1MO"));
        assert_eq!((times.opens, times.closes, times.offset), (Some(1320), Some(1440), Some(330)));
        assert_eq!(
            (times.starts_on.map(|day| day.to_string()).as_deref(), times.occurrences),
            (Some("2026-01-05"), Some(4))
        );
    }
}
