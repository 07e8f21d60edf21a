//! When a service is given: recurring days with the hours of one period, as a directory says them. Lunch breaks,
//! seasons and different hours by day are several schedules side by side.
//!
//! All hours are those that the clock on the wall shows in the schedule's zone, so that they stay the same when the
//! clocks change. What no rule can tell, such as `by appointment`, is kept as a text and decides nothing.

mod bounds;
mod opening;
mod rule;
mod words;
mod zone;

pub use bounds::Bounds;
pub use opening::{is_open_at, next_opening};
pub use rule::{Day, Rule, WEEKDAYS, weekday_code};
pub use words::{clock, in_words, minutes};
pub use zone::{OpenMoment, offset_in_zone, zone_named, zone_of};

use crate::domain::code::codes;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

codes! {
    /// How a schedule repeats.
    pub enum Frequency {
        /// Each week, or each so many weeks.
        Weekly = "WEEKLY",
        /// Each month, or each so many months.
        Monthly = "MONTHLY",
    }
}

/// One period of opening and the days on which it repeats.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Schedule {
    /// Its key; the same as long as it says the same of the same thing.
    pub id: Uuid,
    /// How it repeats; nothing where the words alone tell.
    pub frequency: Option<Frequency>,
    /// Each so many weeks or months, from 1.
    pub every: i32,
    /// The day on which weeks begin, as in RRULE: it matters where not every week counts.
    pub week_start: String,
    /// Days as in the BYDAY of RRULE, between commas: `,MO,TU,`, or of a month `,2MO,-1FR,`.
    pub days: String,
    /// Days of the month, from the end where negative, between commas: `,1,-1,`.
    pub month_days: String,
    /// The day from which it is counted, ISO 8601.
    pub starts_on: Option<String>,
    /// The last day on which it can repeat, ISO 8601.
    pub until: Option<String>,
    /// How many times it repeats, the first one included.
    pub occurrences: Option<i32>,
    /// Minute of the day at which it opens, 0 to 1439.
    pub opens: Option<i32>,
    /// Minute of the day at which it closes, 0 to 1440; not after the opening it is one of the next day.
    pub closes: Option<i32>,
    /// IANA name of the zone of the hours.
    pub zone: String,
    /// The first day for which this is known, ISO 8601.
    pub valid_from: Option<String>,
    /// The last day for which this is known, ISO 8601.
    pub valid_to: Option<String>,
    /// What it says in words, in the service's language.
    pub description: String,
    /// Remarks, such as holidays.
    pub notes: String,
    /// The text it was read from, where it was one.
    pub original: String,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            id: Uuid::nil(),
            frequency: None,
            every: 1,
            week_start: "MO".into(),
            days: String::new(),
            month_days: String::new(),
            starts_on: None,
            until: None,
            occurrences: None,
            opens: None,
            closes: None,
            zone: "UTC".into(),
            valid_from: None,
            valid_to: None,
            description: String::new(),
            notes: String::new(),
            original: String::new(),
        }
    }
}

impl Schedule {
    /// A period on days of the week, the first day 0 being Monday.
    #[must_use]
    pub fn weekly(days: &[u8], opens: i32, closes: i32, zone: &str) -> Self {
        let codes: Vec<&str> = WEEKDAYS
            .iter()
            .enumerate()
            .filter_map(|(at, code)| {
                let at = u8::try_from(at).ok()?;
                days.contains(&at).then_some(*code)
            })
            .collect();
        Self {
            frequency: Some(Frequency::Weekly),
            days: between_commas(&codes),
            opens: Some(opens),
            closes: Some(closes),
            zone: zone.to_owned(),
            ..Self::default()
        }
    }

    /// The same with its key as a part of the thing it belongs to.
    #[must_use]
    pub fn of(self, owner: Uuid) -> Self {
        // What it was read from says no more than what was read.
        let original = self.original;
        let bare = Self { id: Uuid::nil(), original: String::new(), ..self };
        // The shape of a struct of texts and numbers can always be written.
        let text = serde_json::to_vec(&bare).unwrap_or_default();
        Self { id: Uuid::new_v5(&owner, &text), original, ..bare }
    }

    /// The hours, where both are known: when it opens, and how many minutes later it closes.
    #[must_use]
    pub fn hours(&self) -> Option<(i32, i32)> {
        let (opens, closes) = self.opens.zip(self.closes)?;
        Some((opens, if closes > opens { closes - opens } else { closes + 1440 - opens }))
    }
}

/// Codes as they are kept in one text, so that each can be found with its commas; of nothing, nothing.
#[must_use]
pub fn between_commas<T: AsRef<str>>(codes: &[T]) -> String {
    if codes.is_empty() {
        return String::new();
    }
    let codes: Vec<&str> = codes.iter().map(AsRef::as_ref).collect();
    format!(",{},", codes.join(","))
}

/// The codes of such a text.
pub fn codes_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|code| !code.is_empty())
}

#[cfg(test)]
mod tests;
