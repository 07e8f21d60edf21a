//! Schedules as HSDS has them.

use super::{Thing, spoken};
use crate::domain::code::Code as _;
use crate::domain::language::Language;
use crate::domain::schedule::{Schedule, clock, codes_of, in_words, offset_in_zone};
use jiff::Timestamp;
use serde_json::Value;

/// Schedules. The standard knows no zones but a number of hours from UTC, which is wrong for half a year where clocks
/// change: told is the one in force when the entry last changed, UTC microseconds, and beside it the zone's name.
pub(super) fn schedules(all: &[Schedule], changed: i64, language: Option<Language>) -> Vec<Thing> {
    all.iter().map(|schedule| thing(schedule, changed, language)).collect()
}

fn thing(schedule: &Schedule, changed: i64, language: Option<Language>) -> Thing {
    let at = Timestamp::from_microsecond(changed).unwrap_or_default();
    let offset = offset_in_zone(&schedule.zone, at);
    let time = |minute: Option<i32>| minute.map(|minute| hour(minute, offset.unwrap_or_default()));
    let list = |codes: &str| codes_of(codes).collect::<Vec<_>>().join(",");
    let told = Thing::of(schedule.id)
        .with("valid_from", schedule.valid_from.as_deref())
        .with("valid_to", schedule.valid_to.as_deref())
        .with("description", in_words(schedule, spoken(language)))
        .with("notes", schedule.notes.as_str());
    // Days and hours without a word on how they repeat would be read as a rule, and open what nobody said is open.
    if schedule.frequency.is_none() {
        return told;
    }
    told.with("freq", schedule.frequency.map(|frequency| frequency.code()))
        .with("interval", schedule.every)
        .with("wkst", (schedule.week_start != "MO").then_some(schedule.week_start.as_str()))
        .with("byday", list(&schedule.days))
        .with("bymonthday", list(&schedule.month_days))
        .with("dtstart", schedule.starts_on.as_deref())
        .with("until", schedule.until.as_deref())
        .with("count", schedule.occurrences)
        .with("opens_at", time(schedule.opens))
        .with("closes_at", time(schedule.closes))
        .with("timezone", offset.map(hours))
        .with("timezone_name", schedule.zone.as_str())
}

/// A time with its offset. The end of a day is told as its last minute: not everybody has an hour 24.
fn hour(minute: i32, offset: i32) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let offset = offset.abs();
    format!("{}{sign}{:02}:{:02}", clock(minute.min(1439)), offset / 60, offset % 60)
}

fn hours(minutes: i32) -> Value {
    if minutes % 60 == 0 { Value::from(minutes / 60) } else { Value::from(f64::from(minutes) / 60.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_schedule_is_told_with_its_offset() {
        let schedule = Schedule::weekly(&[0, 5], 540, 1440, "Asia/Kolkata");
        let told = Value::from(thing(&schedule, 0, None));
        let expected = json!({ "id": uuid::Uuid::nil(), "freq": "WEEKLY", "interval": 1, "byday": "MO,SA",
            "opens_at": "09:00+05:30", "closes_at": "23:59+05:30", "timezone": 5.5, "timezone_name": "Asia/Kolkata",
            "description": "Monday, Saturday 09:00–24:00" });
        assert_eq!(told, expected);
        assert_eq!(hour(0, -210), "00:00-03:30");
    }

    #[test]
    fn words_alone_have_no_rule() {
        let schedule = Schedule { description: "By appointment".into(), ..Schedule::default() };
        let told = Value::from(thing(&schedule, 0, None));
        assert_eq!((told.get("freq"), told.get("interval")), (None, None));
        assert_eq!(told["description"], "By appointment");
        let hours = Schedule { frequency: None, ..Schedule::weekly(&[0], 540, 1020, "Asia/Beirut") };
        let told = Value::from(thing(&hours, 0, None));
        let expected = json!({ "id": uuid::Uuid::nil(), "description": "Monday 09:00–17:00" });
        assert_eq!(told, expected, "hours without a rule are words");
    }
}
