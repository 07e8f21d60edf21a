//! Referrals that are stuck, for a local forum: no names, nothing by which one could be found again, and nothing told of
//! fewer persons than may be. What is too small is not left out but told more coarsely.

use crate::domain::code::codes;
use crate::domain::id::AreaId;
use crate::domain::referral::Status;
use crate::domain::service::Dimension;
use crate::domain::suppression::{Block, Counted, block_is_sound, grouped};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Days after which somebody who waits on a list is stuck, however near the next review is.
pub const WAITING_DAYS: i64 = 90;
/// Areas are told down to this level below the country, and no finer.
const FINEST_LEVEL: usize = 2;
const DAY: i64 = 86_400_000_000;

codes! {
    /// For how long something has been stuck.
    pub enum StuckFor {
        /// Less than two weeks.
        UnderTwoWeeks = "UNDER_TWO_WEEKS",
        /// Two weeks to less than 30 days.
        UnderMonth = "UNDER_MONTH",
        /// 30 days to less than 90 days.
        UnderQuarter = "UNDER_QUARTER",
        /// 90 days or more.
        Longer = "LONGER",
    }
}

impl StuckFor {
    fn of(micros: i64) -> Self {
        match micros / DAY {
            ..14 => Self::UnderTwoWeeks,
            14..30 => Self::UnderMonth,
            30..90 => Self::UnderQuarter,
            _ => Self::Longer,
        }
    }
}

/// A referral that is stuck.
#[derive(Debug, Clone, Deserialize)]
pub struct Stuck {
    pub area: Option<AreaId>,
    /// The standard category; nothing for a service that not everybody may see.
    pub category: Option<String>,
    pub dimension: Dimension,
    pub status: Status,
    /// Since when, UTC microseconds.
    pub since: i64,
    /// Whose case it is.
    pub person: Uuid,
}

/// Referrals that are told together: what they have in common, and nothing of what they have not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StuckGroup {
    /// The smallest area in which all of them lie; nothing where they lie in none together.
    pub area: Option<AreaId>,
    pub category: Option<String>,
    pub dimension: Option<Dimension>,
    /// At which step.
    pub status: Option<Status>,
    pub stuck_for: Option<StuckFor>,
    pub referrals: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// From the country down.
    path: Vec<AreaId>,
    dimension: Dimension,
    category: Option<String>,
    status: Status,
    stuck_for: StuckFor,
}

/// The groups of a whole country, which are always the same: whoever asks for a part of it is told those that lie in it,
/// so that no two answers leave one person over. `paths` leads from the country down to each area.
#[must_use]
pub fn groups(
    stuck: &[Stuck],
    paths: &HashMap<AreaId, Vec<AreaId>>,
    now: i64,
    (inside, fewest): (i64, i64),
) -> Vec<StuckGroup> {
    let mut cells: BTreeMap<Key, Counted> = BTreeMap::new();
    for one in stuck {
        let path = one.area.and_then(|area| paths.get(&area)).map_or(&[][..], Vec::as_slice);
        let key = Key {
            path: path.iter().take(FINEST_LEVEL + 1).copied().collect(),
            dimension: one.dimension,
            category: one.category.clone(),
            status: one.status,
            stuck_for: StuckFor::of(now.saturating_sub(one.since)),
        };
        let counted = cells.entry(key).or_default();
        counted.count += 1;
        counted.persons.insert(one.person);
    }
    let (keys, counted): (Vec<Key>, Vec<Counted>) = cells.into_iter().unzip();
    let steps = steps(&keys.iter().collect::<Vec<_>>());
    let finest: Vec<Block> = (0..keys.len()).map(|cell| vec![cell]).collect();
    let mut blocks = gathered(&counted, finest, &steps, inside);
    if fewest > inside {
        blocks = gathered(&counted, blocks, &steps, fewest);
    }
    blocks.iter().filter_map(|block| group(block, &keys, &counted)).collect()
}

/// The blocks that can be told. What is large enough stays as it is; what is too small is joined with what else is too small,
/// from near to far, and left out where even that does not help: no total is told that would give it away.
fn gathered(cells: &[Counted], finer: Vec<Block>, steps: &[Vec<usize>], fewest: i64) -> Vec<Block> {
    let is_sound = |block: &Block| block_is_sound(cells, block, fewest);
    let (mut told, mut small): (Vec<Block>, Vec<Block>) = finer.into_iter().partition(is_sound);
    for groups in steps {
        let mut by_group: BTreeMap<usize, Block> = BTreeMap::new();
        let mut apart = Vec::new();
        for block in small {
            let group = block.first().map(|cell| groups[*cell]);
            match group.filter(|group| block.iter().all(|cell| groups[*cell] == *group)) {
                Some(group) => by_group.entry(group).or_default().extend(block),
                None => apart.push(block),
            }
        }
        let (sound, rest): (Vec<Block>, Vec<Block>) = by_group.into_values().partition(is_sound);
        told.extend(sound);
        small = rest;
        small.extend(apart);
    }
    told
}

/// Where small cells look for company, from near to far: first how long, then the step, then what for, then where.
fn steps(of: &[&Key]) -> Vec<Vec<usize>> {
    let at = |key: &Key, depth: usize| key.path.get(..depth.min(key.path.len())).unwrap_or_default().to_vec();
    vec![
        grouped(of, |key| (at(key, 3), key.dimension, key.category.as_deref(), key.status)),
        grouped(of, |key| (at(key, 3), key.dimension, key.category.as_deref())),
        grouped(of, |key| (at(key, 3), key.dimension)),
        grouped(of, |key| at(key, 3)),
        grouped(of, |key| at(key, 2)),
        grouped(of, |key| at(key, 1)),
    ]
}

fn group(block: &Block, keys: &[Key], counted: &[Counted]) -> Option<StuckGroup> {
    let of: Vec<&Key> = block.iter().map(|cell| &keys[*cell]).collect();
    let first = *of.first()?;
    let depth =
        (0..=first.path.len()).rev().find(|depth| of.iter().all(|key| key.path.starts_with(&first.path[..*depth])));
    let shared = |same: bool| same.then_some(first);
    Some(StuckGroup {
        area: depth.and_then(|depth| first.path[..depth].last().copied()),
        category: shared(of.iter().all(|key| key.category == first.category)).and_then(|key| key.category.clone()),
        dimension: shared(of.iter().all(|key| key.dimension == first.dimension)).map(|key| key.dimension),
        status: shared(of.iter().all(|key| key.status == first.status)).map(|key| key.status),
        stuck_for: shared(of.iter().all(|key| key.stuck_for == first.stuck_for)).map(|key| key.stuck_for),
        referrals: block.iter().map(|cell| counted[*cell].count).sum(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(number: u128) -> AreaId {
        Uuid::from_u128(number).into()
    }

    fn stuck(persons: std::ops::Range<u128>, place: u128, category: &str, days: i64) -> Vec<Stuck> {
        let one = |person| Stuck {
            area: Some(area(place)),
            category: Some(category.into()),
            dimension: Dimension::Economic,
            status: Status::Sent,
            since: -days * DAY,
            person: Uuid::from_u128(person),
        };
        persons.map(one).collect()
    }

    #[test]
    fn what_is_small_is_told_more_coarsely_and_never_alone() {
        let paths: HashMap<AreaId, Vec<AreaId>> = [
            (area(2), vec![area(1), area(2)]),
            (area(3), vec![area(1), area(3)]),
            (area(4), vec![area(1), area(3), area(4), area(5)]),
        ]
        .into();
        let mut all = [stuck(0..9, 2, "A", 3), stuck(20..28, 3, "A", 20), stuck(30..31, 4, "A", 40)].concat();
        let large = [(Some(area(2)), Some("A"), 9), (Some(area(3)), Some("A"), 8)];
        let told = |all: &[Stuck]| groups(all, &paths, 0, (5, 5));
        let seen = told(&all);
        let seen: Vec<_> = seen.iter().map(|group| (group.area, group.category.as_deref(), group.referrals)).collect();
        assert_eq!(seen, large, "one person lives in the fourth");
        for (at, category) in (0..).zip(["B", "C", "D", "E", "F", "G"]) {
            all.extend(stuck(40 + at..41 + at, 2, category, 100));
        }
        all.extend(stuck(60..62, 2, "B", 100));
        let joined = told(&all).into_iter().find(|group| group.category.is_none()).unwrap();
        let common = (Some(area(2)), Some(Status::Sent), Some(StuckFor::Longer), 8);
        assert_eq!((joined.area, joined.status, joined.stuck_for, joined.referrals), common, "eight of six kinds");
        assert!(groups(&stuck(0..4, 2, "A", 3), &paths, 0, (5, 5)).is_empty(), "four are never told");
    }
}
