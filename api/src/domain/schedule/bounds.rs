//! What is derived from a schedule when it is written, so that SQL alone can tell on which days it falls.

use super::rule::{day_number, from_end, month_number, nth, nth_from_end, weekday_code};
use super::{Schedule, between_commas, in_words};
use crate::domain::code::Code as _;
use crate::domain::language::Language;
use jiff::civil::Date;

/// The derived columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// The first day on which it can fall, ISO 8601.
    pub first_on: String,
    /// The last day on which it can fall, ISO 8601; before the first where no rule tells.
    pub last_on: String,
    /// The day, in days since 1970, or the month, in months since the year 0, from which intervals are counted.
    pub anchor: i32,
}

impl Schedule {
    /// The schedule with what its start says of its days written out, without words that only repeat it, and what is derived from it.
    #[must_use]
    pub fn settled(mut self) -> (Self, Bounds) {
        // What can be compared as text: years of four digits.
        let (least, most) = ("0001-01-01".to_owned(), "9999-12-31".to_owned());
        let Some(rule) = self.rule() else {
            return (self.in_own_words(), Bounds { first_on: most, last_on: least, anchor: 0 });
        };
        let (days, month_days) = rule.settled();
        (self.days, self.month_days) = (between_commas(&days), between_commas(&month_days));
        let first_on = if rule.first == Date::MIN { least } else { rule.first.to_string() };
        let last_on = if rule.last == Date::MAX { most } else { rule.last.to_string() };
        (self.in_own_words(), Bounds { first_on, last_on, anchor: rule.anchor })
    }

    /// The schedule without a description that says only what we would say of it: that one is made in each language.
    fn in_own_words(mut self) -> Self {
        let description = std::mem::take(&mut self.description);
        if !Language::ALL.iter().any(|language| in_words(&self, *language) == description) {
            self.description = description;
        }
        self
    }
}

impl Schedule {
    /// A day in days since 1970 and in months since the year 0, as [`Bounds::anchor`] counts.
    #[must_use]
    pub fn numbers(day: Date) -> (i32, i32) {
        (day_number(day), month_number(day))
    }

    /// What a day is called in stored days: its weekday, the same with its place in the month from the beginning and from
    /// the end, its number, and its number from the end.
    #[must_use]
    pub fn names_of(day: Date) -> [String; 5] {
        let weekday = weekday_code(day.weekday());
        [
            weekday.to_owned(),
            format!("{}{weekday}", nth(day)),
            format!("{}{weekday}", nth_from_end(day)),
            day.day().to_string(),
            from_end(day).to_string(),
        ]
    }
}
