//! Zones: which one a place has, and what the clocks on the walls of many show at one instant.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// ISO 3166-1 alpha-2 and the zones there, the most used one first; from the table of the tz database.
const TABLE: &str = include_str!("../../../data/zones.tsv");

static ZONES: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter_map(|line| line.split_once('\t'));
    rows.map(|(country, zones)| (country, zones.split(' ').collect())).collect()
});

/// The zone of an IANA name.
#[must_use]
pub fn zone_named(name: &str) -> Option<TimeZone> {
    if name == "UTC" { Some(TimeZone::UTC) } else { TimeZone::get(name).ok() }
}

/// The most used zone of a country; of several the one that has `offset`, in minutes east of Greenwich, at some time of
/// the year. UTC where nothing fits.
#[must_use]
pub fn zone_of(country: &str, offset: Option<i32>, now: Timestamp) -> &'static str {
    let Some(zones) = ZONES.get(country) else { return "UTC" };
    let half_a_year = jiff::SignedDuration::from_hours(24 * 182);
    let has = |zone: &&&str| {
        let instants = [Some(now), now.checked_add(half_a_year).ok()];
        instants.into_iter().flatten().any(|at| offset_in_zone(zone, at) == offset)
    };
    let fitting = offset.and_then(|_| zones.iter().find(has));
    fitting.or(zones.first()).copied().unwrap_or("UTC")
}

/// How many minutes east of Greenwich the clocks of a zone are at an instant.
#[must_use]
pub fn offset_in_zone(zone: &str, at: Timestamp) -> Option<i32> {
    zone_named(zone).map(|zone| zone.to_offset(at).seconds() / 60)
}

/// An instant as the clocks show it in each of these zones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenMoment {
    /// A day and the minute of it, with the zones where it is that.
    pub walls: Vec<(Date, i32, Vec<String>)>,
}

impl OpenMoment {
    /// What the clocks of these zones show at `at`, UTC microseconds.
    #[must_use]
    pub fn of(at: i64, zones: Vec<String>) -> Self {
        let at = Timestamp::from_microsecond(at).unwrap_or_default();
        let mut walls: BTreeMap<(Date, i32), Vec<String>> = BTreeMap::new();
        for name in zones {
            if let Some(zone) = zone_named(&name) {
                let wall = zone.to_datetime(at);
                let minute = i32::from(wall.hour()) * 60 + i32::from(wall.minute());
                walls.entry((wall.date(), minute)).or_default().push(name);
            }
        }
        Self { walls: walls.into_iter().map(|((day, minute), zones)| (day, minute, zones)).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_of_the_table_is_known() {
        for zone in ZONES.values().flatten() {
            assert!(zone_named(zone).is_some(), "{zone}");
        }
        assert!(ZONES.len() > 240);
    }

    #[test]
    fn a_country_of_many_zones_is_told_apart_by_its_offset() {
        let now: Timestamp = "2026-11-25T00:00:00Z".parse().unwrap();
        assert_eq!(zone_of("JO", None, now), "Asia/Amman");
        assert_eq!(zone_of("US", Some(-480), now), "America/Los_Angeles");
        assert_eq!(zone_of("US", Some(-420), now), "America/Denver");
        assert_eq!(zone_of("GB", Some(60), now), "Europe/London", "the offset may be that of summer");
        assert_eq!(zone_of("GB", Some(300), now), "Europe/London");
        assert_eq!(zone_of("XX", Some(60), now), "UTC");
    }

    #[test]
    fn zones_with_the_same_time_are_asked_about_together() {
        let at: Timestamp = "2026-11-25T22:30:00Z".parse().unwrap();
        let zones = ["Africa/Lagos", "Europe/Paris", "UTC", "Nowhere"].map(str::to_owned).to_vec();
        let moment = OpenMoment::of(at.as_microsecond(), zones);
        let told: Vec<(String, i32, usize)> =
            moment.walls.iter().map(|(day, minute, zones)| (day.to_string(), *minute, zones.len())).collect();
        assert_eq!(told, [("2026-11-25".into(), 1350, 1), ("2026-11-25".into(), 1410, 2)]);
    }
}
