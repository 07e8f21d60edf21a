//! Days and times of the source; those that there cannot be are told.

use jiff::Timestamp;
use jiff::civil::Date;

use super::report::{Reason, Report};
use super::row::Row;

/// The years that are believed: before and after, somebody has mistyped.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

/// Signs of days of the week, as recurrences write them.
const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// Told of a value that does not read: whether it at least has the form of a time.
fn fault(has_form: bool) -> Reason {
    if has_form { Reason::ImpossibleTime } else { Reason::BadFormat }
}

/// Whether a text is made of the signs of dates and times alone.
fn has_form(text: &str) -> bool {
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

    /// A time of day as it is written, such as `09:00` or `09:00+03:00`; midnight at the end of a day is `24:00`.
    pub(super) fn time_of_day(&self, report: &mut Report, field: &str) -> Option<String> {
        let text = self.line(report, field)?;
        if is_time(&text) {
            return Some(text);
        }
        self.refuse(report, Some(field), fault(has_form(&text)), true);
        None
    }

    /// Two days of which the second is not before the first.
    pub(super) fn period(&self, report: &mut Report, from: &str, to: &str) -> (Option<Date>, Option<Date>) {
        let (first, last) = (self.date(report, from), self.date(report, to));
        if first.zip(last).is_some_and(|(first, last)| last < first) {
            self.refuse(report, Some(to), Reason::ImpossibleTime, true);
            return (first, None);
        }
        (first, last)
    }

    /// Days of the week of a recurrence, such as `MO,TU` or `-1FR`.
    pub(super) fn days(&self, report: &mut Report, field: &str) -> Option<String> {
        let text = self.line(report, field)?;
        let is_day = |day: &str| {
            let day = day.trim().to_uppercase();
            let Some((nth, day)) = day.len().checked_sub(2).and_then(|at| day.split_at_checked(at)) else {
                return false;
            };
            DAYS.contains(&day) && (nth.is_empty() || nth.parse::<i8>().is_ok_and(|nth| nth != 0 && nth.abs() <= 53))
        };
        self.keep_if(report, field, text, |text| text.split(',').all(is_day))
    }
}

fn is_time(text: &str) -> bool {
    let clock = text.strip_suffix('Z').unwrap_or(text);
    let (clock, offset) = clock.find(['+', '-']).map_or((clock, None), |at| (&clock[..at], Some(&clock[at + 1..])));
    let parts = |text: &str| -> Option<Vec<u8>> {
        let parts = text.split(':');
        parts.map(|part| (part.len() <= 2).then(|| part.parse().ok()).flatten()).collect()
    };
    let fits = |text: &str, most: u8| match parts(text).as_deref() {
        Some([hour, rest @ ..]) if !rest.is_empty() && rest.len() <= 2 => {
            rest.iter().all(|part| *part < 60)
                && (*hour < most || (*hour == most && rest.iter().all(|part| *part == 0)))
        }
        _ => false,
    };
    fits(clock, 24) && offset.is_none_or(|offset| fits(offset, 14))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_a_clock() {
        for time in ["09:00", "9:30", "23:59:59", "24:00", "09:00+03:00", "00:00Z", "17:15-05:30"] {
            assert!(is_time(time), "{time}");
        }
        for none in ["25:00", "24:01", "09:60", "9", "nine", "09:00+15:00", "09:00:00:00", "", "-1:00"] {
            assert!(!is_time(none), "{none}");
        }
    }
}
