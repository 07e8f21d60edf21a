//! Places of services, and how many there are where.

use crate::domain::id::{CapacityId, ServiceAtLocationId};
use crate::domain::service::{CAPACITY_MAX_AGE_DAYS, Dimension, Level};
use serde::{Deserialize, Serialize};

/// The places of a service, as a whole or at one location. The provider states the total and what it has filled
/// otherwise; referrals accepted here are counted here.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Capacity {
    pub id: CapacityId,
    pub service_at_location_id: Option<ServiceAtLocationId>,
    /// All places; nothing means unknown, and does not limit.
    pub total: Option<i32>,
    pub taken_elsewhere: i32,
    pub taken: i32,
    pub held: i32,
    /// When the provider last confirmed it, UTC microseconds.
    pub as_of: i64,
}

/// The steps in which numbers of places are told to whoever does not give the service. Between two of them lie four
/// numbers at least, so that places and free places, told beside one another, never tell how few persons took the rest.
pub const STEPS: [i32; 12] = [0, 1, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];

/// A number of places as it is told to others: the highest step that it reaches.
#[must_use]
pub fn stepped(places: i32) -> i32 {
    STEPS.into_iter().take_while(|step| *step <= places).last().unwrap_or_default()
}

impl Capacity {
    /// The same as it is told to whoever does not give the service: all places and the free ones in steps, and nothing of
    /// who took the others.
    #[must_use]
    pub fn for_others(&self) -> Self {
        let (total, free) = (self.total.map(stepped), self.free().map(stepped));
        let taken = total.unwrap_or_default() - free.unwrap_or_default();
        Self { total, taken, taken_elsewhere: 0, held: 0, ..self.clone() }
    }

    /// Places left, never below zero; nothing when the total is unknown.
    #[must_use]
    pub fn free(&self) -> Option<i32> {
        self.total.map(|total| (total - self.taken_elsewhere - self.taken - self.held).max(0))
    }

    /// Whether the provider's last word on it is so old that it tells little.
    #[must_use]
    pub fn is_outdated(&self, now: i64) -> bool {
        now - self.as_of > CAPACITY_MAX_AGE_DAYS * 86_400_000_000
    }
}

/// What is offered of one category in one area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageCell {
    /// The code of the standard category.
    pub category: String,
    pub dimension: Dimension,
    pub level: Level,
    pub services: i64,
    /// Of these, how many take referrals today.
    pub open_for_referrals: i64,
    /// Places of services that state them, taken ones among them, each capacity in steps.
    pub capacity: i64,
    /// Free places of services that state them, each capacity in steps.
    pub open_places: i64,
    /// Services whose number of places is unknown.
    pub places_unknown: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::suppression::FEWEST_INSIDE;
    use std::collections::{BTreeMap, BTreeSet};

    fn of(total: i32, taken: i32) -> Capacity {
        let id = CapacityId::default();
        let who =
            Capacity { id, service_at_location_id: None, total: None, taken_elsewhere: 0, taken: 0, held: 0, as_of: 0 };
        Capacity { total: Some(total), taken, ..who }
    }

    /// What is told of places, and of the free ones.
    fn told(total: i32, taken: i32) -> (i32, i32) {
        let told = of(total, taken).for_others();
        (told.total.unwrap(), told.free().unwrap())
    }

    /// Every number of places and of those taken, gone through: whoever is told of both cannot tell how many took them,
    /// where these are fewer than may be told of.
    #[test]
    fn no_difference_tells_a_few_persons() {
        let mut possible: BTreeMap<(i32, i32), BTreeSet<i32>> = BTreeMap::new();
        for (total, taken) in (0..150).flat_map(|total| (0..=total).map(move |taken| (total, taken))) {
            possible.entry(told(total, taken)).or_default().insert(taken);
        }
        let fewest = i32::try_from(FEWEST_INSIDE).unwrap();
        for (told, taken) in possible {
            let only_few = taken.iter().all(|taken| (1..fewest).contains(taken));
            assert!(taken.len() >= 4 || !taken.iter().any(|taken| (1..fewest).contains(taken)), "{told:?}: {taken:?}");
            assert!(!only_few || taken.len() == 4, "{told:?}: {taken:?}");
        }
    }

    /// Somebody who looks every day, while one person after the other comes and goes: at no day is the number of persons
    /// the only one that fits all that was told until then.
    #[test]
    fn who_looks_every_day_learns_no_more() {
        let fewest = i32::try_from(FEWEST_INSIDE).unwrap();
        for total in 1..60 {
            let course: Vec<i32> = (0..=total).chain((0..total).rev()).collect();
            let seen: Vec<(i32, i32)> = course.iter().map(|taken| told(total, *taken)).collect();
            // How many places there may be, when each day's free ones have to fit in as well.
            let fits = |guess: &i32| {
                let can = |free: i32| (0..=*guess).any(|taken| told(*guess, taken) == (seen[0].0, free));
                seen.iter().all(|(_, free)| can(*free))
            };
            let guesses: Vec<i32> = (0..200).filter(fits).collect();
            for (taken, (_, free)) in course.iter().zip(&seen).filter(|(taken, _)| (1..fewest).contains(*taken)) {
                let may =
                    |guess: &i32| (0..=*guess).filter(|taken| stepped(guess - taken) == *free).collect::<Vec<_>>();
                let may: BTreeSet<i32> = guesses.iter().flat_map(may).collect();
                assert!(may.len() > 3, "{total} places, {taken} taken: {may:?}");
            }
        }
    }

    /// What is told of several services is the sum of what is told of each, and no sum of whole services tells more.
    #[test]
    fn sums_tell_no_more_than_their_parts() {
        let parts = [(3, 3), (6, 2), (14, 4)];
        let sum =
            |what: fn((i32, i32)) -> i32| parts.iter().map(|(total, taken)| what(told(*total, *taken))).sum::<i32>();
        assert_eq!((sum(|told| told.0), sum(|told| told.1)), (1 + 5 + 10, 1 + 10));
    }

    #[test]
    fn steps_are_wide_enough() {
        assert!(STEPS.windows(2).skip(1).all(|pair| pair[1] - pair[0] >= 4));
        assert_eq!([0, 1, 4, 5, 9, 10, 19, 20, 6_000].map(stepped), [0, 1, 1, 5, 5, 10, 10, 20, 5_000]);
        assert_eq!(stepped(-1), 0);
    }
}
