//! Quarters of a year, in UTC: the only periods for which figures about people are told. They do not overlap and are told
//! when they are over, so that no two of them together give away one person.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A quarter of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    year: i16,
    number: i8,
}

impl Quarter {
    /// The quarter 1 to 4 of a year from 2000 to 2999.
    #[must_use]
    pub fn of(year: i16, number: i8) -> Option<Self> {
        ((1..=4).contains(&number) && (2000..=2999).contains(&year)).then_some(Self { year, number })
    }

    /// A quarter as it is written: `2026-Q3`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (year, number) = text.split_once("-Q")?;
        (year.len() == 4 && number.len() == 1).then_some(())?;
        Self::of(year.parse().ok()?, number.parse().ok()?)
    }

    /// The quarter as it is written and kept.
    #[must_use]
    pub fn label(self) -> String {
        format!("{}-Q{}", self.year, self.number)
    }

    /// The quarter that follows.
    fn next(self) -> Self {
        if self.number == 4 {
            Self { year: self.year + 1, number: 1 }
        } else {
            Self { year: self.year, number: self.number + 1 }
        }
    }

    /// Its first day, as ISO 8601 text.
    #[must_use]
    pub fn first_day(self) -> String {
        format!("{:04}-{:02}-01", self.year, (self.number - 1) * 3 + 1)
    }

    /// The day after its last, as ISO 8601 text.
    #[must_use]
    pub fn day_after(self) -> String {
        self.next().first_day()
    }

    /// From when to before when it lasts, in UTC microseconds.
    #[must_use]
    pub fn bounds(self) -> (i64, i64) {
        (self.begin(), self.next().begin())
    }

    fn begin(self) -> i64 {
        let day = Date::new(self.year, (self.number - 1) * 3 + 1, 1).unwrap_or(Date::MIN);
        TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).map_or(i64::MIN, Timestamp::as_microsecond)
    }

    /// The last quarter that is over at an instant.
    #[must_use]
    pub fn last_over(now: Timestamp) -> Option<Self> {
        let day = crate::domain::clock::date_of(now);
        let number = (day.month() - 1) / 3;
        if number == 0 { Self::of(day.year() - 1, 4) } else { Self::of(day.year(), number) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_ends_where_the_next_begins() {
        let last = Quarter::of(2026, 4).unwrap();
        assert_eq!(
            (last.label(), last.first_day(), last.day_after()),
            ("2026-Q4".into(), "2026-10-01".into(), "2027-01-01".into())
        );
        assert_eq!(last.bounds().1, Quarter::of(2027, 1).unwrap().bounds().0);
        assert_eq!(Quarter::read("2026-Q4"), Some(last));
        for bad in ["2026-Q5", "2026-Q0", "26-Q1", "2026Q1", "2026-Q11", "1999-Q4", "+026-Q1"] {
            assert_eq!(Quarter::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_last_one_over_is_never_the_running_one() {
        for (now, label) in [
            ("2026-01-01T00:00:00Z", "2025-Q4"),
            ("2026-03-31T23:59:59Z", "2025-Q4"),
            ("2026-04-01T00:00:00Z", "2026-Q1"),
            ("2026-11-25T10:00:00Z", "2026-Q3"),
        ] {
            let now: Timestamp = now.parse().unwrap();
            let quarter = Quarter::last_over(now).unwrap();
            assert_eq!(quarter.label(), label);
            assert!(quarter.bounds().1 <= now.as_microsecond());
        }
    }
}
