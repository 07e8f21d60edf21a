//! Over a year in which clocks change, our schedules open when another reading of RFC 5545 says that they do.

use super::random::{schedule, source};
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use passerelle::domain::schedule::{Schedule, codes_of, is_open_at, next_opening};
use rrule::RRuleSet;
use std::collections::BTreeSet;

const SEED: u64 = 20_261_125;
const RUNS: u64 = 400;

/// The schedule as iCalendar writes it.
fn as_icalendar(schedule: &Schedule) -> String {
    let start: Date = schedule.starts_on.as_ref().unwrap().parse().unwrap();
    let (opens, frequency) =
        (schedule.opens.unwrap(), passerelle::domain::code::Code::code(schedule.frequency.unwrap()));
    let mut text = format!(
        "DTSTART;TZID={}:{}T{:02}{:02}00\nRRULE:FREQ={frequency};INTERVAL={};WKST={}",
        schedule.zone,
        start.strftime("%Y%m%d"),
        opens / 60,
        opens % 60,
        schedule.every,
        schedule.week_start
    );
    for (name, codes) in [("BYDAY", &schedule.days), ("BYMONTHDAY", &schedule.month_days)] {
        let codes: Vec<&str> = codes_of(codes).collect();
        if !codes.is_empty() {
            text += &format!(";{name}={}", codes.join(","));
        }
    }
    if let Some(count) = schedule.occurrences {
        text += &format!(";COUNT={count}");
    }
    if let Some(until) = &schedule.until {
        let day: Date = until.parse().unwrap();
        let end = TimeZone::get(&schedule.zone).unwrap().to_timestamp(day.at(23, 59, 59, 0)).unwrap();
        text += &format!(";UNTIL={}", TimeZone::UTC.to_datetime(end).strftime("%Y%m%dT%H%M%SZ"));
    }
    text
}

/// The days of 2026 on which it opens, by the other reading.
fn other_days(text: &str) -> BTreeSet<Date> {
    let set: RRuleSet = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
    // More than there are days from the first start to the end of the year.
    let found = set.all(500).dates;
    let days = found.iter().map(|at| at.format("%Y-%m-%d").to_string().parse::<Date>().unwrap());
    days.filter(|day| day.year() == 2026).collect()
}

#[test]
fn a_year_of_openings_is_that_of_another_library() {
    let mut compared = 0;
    for run in 0..RUNS {
        let wanted = schedule(&mut source(SEED + run));
        let rule = wanted.rule().unwrap_or_else(|| panic!("seed {}: {wanted:?}", SEED + run));
        let all = std::iter::successors(Some(date(2026, 1, 1)), |day| day.tomorrow().ok()).take(365);
        let ours: BTreeSet<Date> = all.filter(|day| rule.falls_on(*day)).collect();
        // Where the clocks jump over the hour, iCalendar leaves the day out; we open when the clocks have jumped.
        let zone = TimeZone::get(&wanted.zone).unwrap();
        let opens = i8::try_from(wanted.opens.unwrap() / 60).unwrap();
        let minute = i8::try_from(wanted.opens.unwrap() % 60).unwrap();
        let is_there =
            |day: &Date| zone.to_datetime(zone.to_timestamp(day.at(opens, minute, 0, 0)).unwrap()).hour() == opens;
        let there: BTreeSet<Date> = ours.iter().copied().filter(is_there).collect();
        if wanted.occurrences.is_some() && there != ours {
            continue;
        }
        let ours = there;
        let text = as_icalendar(&wanted);
        assert_eq!(ours, other_days(&text), "seed {}: {text}", SEED + run);
        compared += ours.len();
    }
    assert!(compared > 10_000, "{compared} openings are too few to tell much");
}

#[test]
fn each_opening_follows_a_closed_minute_and_none_is_left_out() {
    for run in 0..10 {
        let mut random = source(SEED + 7_000 + run);
        let all = [schedule(&mut random), schedule(&mut random)];
        let zone = TimeZone::get(&all[0].zone).unwrap();
        let mut at = zone.to_timestamp(date(2026, 3, 20).at(0, 0, 0, 0)).unwrap();
        let end = at + jiff::SignedDuration::from_hours(24 * 15);
        let mut next = next_opening(&all, at);
        let mut open = is_open_at(&all, at - jiff::SignedDuration::from_secs(1));
        // Every five minutes of half a month in which some clocks change: what opens in between must be what was foretold.
        while at < end {
            let now = is_open_at(&all, at);
            if now == Some(true) && open == Some(false) {
                assert_eq!(next, Some(at), "seed {}: {all:?}", SEED + 7_000 + run);
                next = next_opening(&all, at + jiff::SignedDuration::from_secs(1));
            }
            open = now;
            at += jiff::SignedDuration::from_secs(300);
        }
        assert!(next.is_none_or(|next| next >= end), "seed {}: {next:?}", SEED + 7_000 + run);
    }
}
