//! Schedules of a source, brought into our form: in a zone, so that their hours stay right when clocks change.

use crate::domain::language::Language;
use crate::domain::schedule::{Schedule, between_commas, in_words, zone_named, zone_of};
use crate::domain::service_entry::LONGEST_NOTE;
use crate::hsds::Reason;
use crate::hsds::times::Times;
use crate::usecase::import::report::{About, Notes};
use crate::usecase::import::wording::within;
use jiff::Timestamp;
use jiff::civil::Date;

/// The most schedules of one thing.
const MOST: usize = 100;

/// Schedules of a thing in a country. What no rule tells is kept in words; where there are not even words, it is told.
pub(super) fn schedules(
    notes: &mut Notes<'_>,
    about: About<'_>,
    all: &[Times],
    country: &str,
    now: Timestamp,
) -> Vec<Schedule> {
    if all.len() > MOST {
        notes.partly(about, "schedules", Reason::TooLong, None);
    }
    let mut found: Vec<Schedule> = Vec::new();
    for times in all.iter().take(MOST) {
        let schedule = schedule(notes, about, times, country, now);
        if (schedule.every > 1 || schedule.occurrences.is_some()) && schedule.starts_on.is_none() {
            // Nobody can tell from when to count: it is shown, and opens nothing.
            notes.partly(about, "dtstart", Reason::MissingRequired, None);
        }
        if in_words(&schedule, Language::En).is_empty() && schedule.notes.is_empty() {
            notes.partly(about, "schedules", Reason::MissingRequired, None);
        } else if !found.contains(&schedule) {
            found.push(schedule);
        }
    }
    found
}

fn schedule(notes: &mut Notes<'_>, about: About<'_>, times: &Times, country: &str, now: Timestamp) -> Schedule {
    let named = times.zone.as_deref().filter(|zone| zone_named(zone).is_some());
    if named.is_none() && times.zone.is_some() {
        notes.partly(about, "timezone_name", Reason::UnknownValue, times.zone.as_deref());
    }
    let mut text = |field: &str, text: &Option<String>| {
        within(notes, about, field, text.as_deref().unwrap_or_default(), LONGEST_NOTE)
    };
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    let wanted = Schedule {
        frequency: times.frequency,
        every: times.every.max(1),
        week_start: times.week_start.clone().unwrap_or_else(|| "MO".into()),
        days: between_commas(&times.days),
        month_days: between_commas(&times.month_days),
        starts_on: day(times.starts_on),
        until: day(times.until),
        occurrences: times.occurrences,
        opens: times.opens,
        closes: times.closes,
        zone: named.unwrap_or_else(|| zone_of(country, times.offset, now)).to_owned(),
        valid_from: day(times.valid_from),
        valid_to: day(times.valid_to),
        description: text("description", &times.description),
        notes: text("notes", &times.notes),
        ..Schedule::default()
    };
    // Our exports tell the end of a day as its last minute; if it was that minute, the words say so.
    let last_minute = Schedule { closes: Some(1439), ..wanted.clone() };
    let by_words = || Some(last_minute.settled().0).filter(|found| found.description.is_empty());
    let is_told = wanted.closes == Some(1440) && !wanted.description.is_empty();
    let settled = wanted.settled().0;
    if is_told && !settled.description.is_empty() { by_words().unwrap_or(settled) } else { settled }
}
