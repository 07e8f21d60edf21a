//! Days and points in time of the source; those that there cannot be are told.

use jiff::Timestamp;
use jiff::civil::Date;

use super::report::{Reason, Report};
use super::row::Row;

/// The years that are believed: before and after, somebody has mistyped.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

/// What is told of a value that does not read: that there is no such time where it at least has the form of one.
pub(super) fn fault(has_form: bool) -> Reason {
    if has_form { Reason::ImpossibleTime } else { Reason::BadFormat }
}

/// Whether a text is made of the signs of dates and times alone.
pub(super) fn has_form(text: &str) -> bool {
    text.chars().filter(char::is_ascii_digit).count() >= 3
        && text.chars().all(|sign| sign.is_ascii_digit() || "-:.+TZ ".contains(sign))
}

impl Row<'_> {
    /// A day.
    pub(super) fn date(&self, report: &mut Report, field: &str) -> Option<Date> {
        let text = self.line(report, field)?;
        match text.parse::<Date>() {
            Ok(date) if YEARS.contains(&date.year()) => return Some(date),
            Ok(_) => self.refuse(report, Some(field), Reason::ImpossibleTime, true),
            Err(_) => self.refuse(report, Some(field), fault(has_form(&text)), true),
        }
        None
    }

    /// A point in time with its offset.
    pub(super) fn timestamp(&self, report: &mut Report, field: &str) -> Option<Timestamp> {
        let text = self.line(report, field)?;
        // A day alone is no point in time, yet the form is not what is wrong with it.
        match text.parse::<Timestamp>() {
            Ok(time) if YEARS.contains(&jiff::tz::TimeZone::UTC.to_datetime(time).year()) => return Some(time),
            Ok(_) => self.refuse(report, Some(field), Reason::ImpossibleTime, true),
            Err(_) => {
                let is_whole = text.len() > 16 && text.contains('T');
                self.refuse(report, Some(field), fault(is_whole && has_form(&text)), true);
            }
        }
        None
    }
}
