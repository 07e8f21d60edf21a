//! Whether something is open, and when it opens next, by all the schedules that it has.

use super::Schedule;
use super::rule::Rule;
use super::zone::zone_named;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};

/// How far ahead an opening is looked for, in days.
const HORIZON: i32 = 732;

/// A schedule that tells: its days, its hours and its zone.
struct Telling {
    rule: Rule,
    opens: i32,
    minutes: i32,
    zone: TimeZone,
}

impl Telling {
    fn of(schedule: &Schedule) -> Option<Self> {
        let (opens, minutes) = schedule.hours()?;
        Some(Self { rule: schedule.rule()?, opens, minutes, zone: zone_named(&schedule.zone)? })
    }

    /// Whether the clock on the wall shows a time at which this is open.
    fn is_open(&self, at: Timestamp) -> bool {
        let wall = self.zone.to_datetime(at);
        let minute = i32::from(wall.hour()) * 60 + i32::from(wall.minute());
        let closes = self.opens + self.minutes;
        let today = (self.opens..closes).contains(&minute) && self.rule.falls_on(wall.date());
        let night = minute < closes - 1440;
        today || (night && wall.date().yesterday().is_ok_and(|day| self.rule.falls_on(day)))
    }

    /// The instant at which it opens on a day: where the clocks jump over the hour, the one of the jump.
    fn opening_on(&self, day: Date) -> Option<Timestamp> {
        let (hour, minute) = (i8::try_from(self.opens / 60).ok()?, i8::try_from(self.opens % 60).ok()?);
        let wall: DateTime = day.at(hour, minute, 0, 0);
        let ambiguous = self.zone.to_ambiguous_timestamp(wall);
        match ambiguous.offset() {
            AmbiguousOffset::Gap { .. } => {
                let before = ambiguous.earlier().ok()?;
                self.zone.following(before).next().map(|transition| transition.timestamp())
            }
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => ambiguous.earlier().ok(),
        }
    }
}

/// Whether it is open at an instant. Nothing where no schedule says so and one of them only words can tell.
#[must_use]
pub fn is_open_at<'a>(schedules: impl IntoIterator<Item = &'a Schedule>, at: Timestamp) -> Option<bool> {
    let (mut any, mut all_tell) = (false, true);
    for schedule in schedules {
        any = true;
        match Telling::of(schedule) {
            Some(telling) if telling.is_open(at) => return Some(true),
            Some(_) => {}
            None => all_tell = false,
        }
    }
    (any && all_tell).then_some(false)
}

/// The first instant at or after `after` at which it opens, having been closed. Nothing where that is more than two years
/// ahead, where no schedule tells, and where it never closes.
#[must_use]
pub fn next_opening<'a>(schedules: impl IntoIterator<Item = &'a Schedule>, after: Timestamp) -> Option<Timestamp> {
    let all: Vec<Telling> = schedules.into_iter().filter_map(Telling::of).collect();
    let is_open = |at: Timestamp| all.iter().any(|telling| telling.is_open(at));
    let just_before = |at: Timestamp| Timestamp::from_microsecond(at.as_microsecond() - 1).ok();
    let opens = |at: &Timestamp| *at >= after && just_before(*at).is_some_and(|before| !is_open(before));
    all.iter()
        .filter_map(|telling| {
            // A day early: where the clocks go back over midnight, a day begins twice.
            let mut day = telling.zone.to_datetime(after).date().yesterday().ok()?;
            for _ in 0..HORIZON {
                if day > telling.rule.last {
                    return None;
                }
                let opening = telling.rule.falls_on(day).then(|| telling.opening_on(day)).flatten();
                if let Some(opening) = opening.filter(opens) {
                    return Some(opening);
                }
                day = day.tomorrow().ok()?;
            }
            None
        })
        .min()
}
