//! Why referrals ended, counted: by provider, category, area and month, and what of it points to the directory.

use crate::domain::code::codes;
use crate::domain::id::{AreaId, OrganizationId};
use crate::domain::referral::{Reason, Status};
use crate::domain::suppression::{Block, Counted, Figure, Kept, figure, grouped, join, sizes};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

codes! {
    /// By what reasons are broken down, beside the reason itself.
    pub enum ReasonBreakdown {
        /// By the organization that received the referral.
        Provider = "PROVIDER",
        /// By the standard category of the need.
        Category = "CATEGORY",
        /// By where the person lives.
        Area = "AREA",
        /// By the month in which the referral ended, in UTC.
        Month = "MONTH",
    }
}

/// The reasons that say that the entry of a service is wrong, or was when the referral was sent.
pub const POINTS_TO_DIRECTORY: &[Reason] = &[
    Reason::NoCapacity,
    Reason::NotEligible,
    Reason::OutOfArea,
    Reason::ServiceSuspended,
    Reason::FundingEnded,
    Reason::WrongService,
];

/// A referral that ended, as far as it is counted.
#[derive(Debug, Clone, Deserialize)]
pub struct Ended {
    pub status: Status,
    /// Nothing where the asker is not told.
    pub reason: Option<Reason>,
    pub provider: OrganizationId,
    pub category: String,
    pub area: Option<AreaId>,
    /// When it ended, UTC microseconds.
    pub at: i64,
    /// The day on which its service was last confirmed, ISO 8601.
    pub assured_on: Option<String>,
    /// Whose case it is.
    pub person: Uuid,
}

/// What one of the finest cells is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub status: Status,
    pub reason: Reason,
    pub provider: OrganizationId,
    pub category: String,
    pub area: Option<AreaId>,
    /// Such as `2026-11`.
    pub month: String,
    /// Whether it points to the directory and nobody has confirmed the service since.
    pub is_unmended: bool,
}

impl Ended {
    fn key(&self) -> Option<Key> {
        let reason = self.reason?;
        let day = Timestamp::from_microsecond(self.at).ok().map(crate::domain::clock::date_of)?.to_string();
        let points = self.status == Status::Declined && POINTS_TO_DIRECTORY.contains(&reason);
        Some(Key {
            status: self.status,
            reason,
            provider: self.provider,
            category: self.category.clone(),
            area: self.area,
            is_unmended: points && self.assured_on.as_deref().is_none_or(|assured| assured < day.as_str()),
            month: day.get(..7).unwrap_or_default().to_owned(),
        })
    }
}

/// A row of the answer; what it is not broken down by is not there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    pub status: Status,
    pub reason: Reason,
    pub provider: Option<OrganizationId>,
    pub category: Option<String>,
    pub area: Option<AreaId>,
    pub month: Option<String>,
}

/// Reasons counted in their finest cells, each in the block in which it may be told.
#[derive(Debug, Default)]
pub struct ReasonTable(Vec<(Key, Kept)>);

impl ReasonTable {
    /// Counts, for somebody who is told figures of at least so many persons. `inside` is what those who work in the
    /// program are told: for others its blocks are joined further and never parted, so that two who compare learn nothing.
    #[must_use]
    pub fn of(ended: &[Ended], inside: i64, fewest: i64) -> Self {
        let mut cells: BTreeMap<Key, Counted> = BTreeMap::new();
        for one in ended {
            let Some(key) = one.key() else { continue };
            let counted = cells.entry(key).or_default();
            counted.count += 1;
            counted.persons.insert(one.person);
        }
        let (keys, counted): (Vec<Key>, Vec<Counted>) = cells.into_iter().unzip();
        let steps = steps(&keys.iter().collect::<Vec<_>>());
        let finest: Vec<Block> = (0..keys.len()).map(|cell| vec![cell]).collect();
        let mut blocks = join(&counted, finest, &steps, inside.min(fewest));
        if fewest > inside {
            blocks = join(&counted, blocks, &steps, fewest);
        }
        let mut of: Vec<Option<i32>> = vec![None; keys.len()];
        for (number, block) in (0..).zip(&blocks) {
            block.iter().for_each(|cell| of[*cell] = Some(number));
        }
        let kept = |(counted, block): (&Counted, Option<i32>)| Kept { count: counted.count, block };
        Self(keys.into_iter().zip(counted.iter().zip(of).map(kept)).collect())
    }

    /// How many of those with such a key there are.
    pub fn count(&self, wanted: impl Fn(&Key) -> bool) -> Figure {
        let sizes = sizes(self.0.iter().map(|(_, kept)| *kept));
        figure(self.0.iter().filter(|(key, _)| wanted(key)).map(|(_, kept)| *kept), &sizes)
    }

    /// The rows of a breakdown: reasons alone where it is empty.
    #[must_use]
    pub fn rows(&self, by: &[ReasonBreakdown]) -> Vec<(Part, Figure)> {
        let has = |one| by.contains(&one);
        let part = |key: &Key| Part {
            status: key.status,
            reason: key.reason,
            provider: has(ReasonBreakdown::Provider).then_some(key.provider),
            category: has(ReasonBreakdown::Category).then(|| key.category.clone()),
            area: key.area.filter(|_| has(ReasonBreakdown::Area)),
            month: has(ReasonBreakdown::Month).then(|| key.month.clone()),
        };
        let sizes = sizes(self.0.iter().map(|(_, kept)| *kept));
        let mut rows: BTreeMap<Part, Vec<Kept>> = BTreeMap::new();
        for (key, kept) in &self.0 {
            rows.entry(part(key)).or_default().push(*kept);
        }
        rows.into_iter().map(|(part, kept)| (part, figure(kept.into_iter(), &sizes))).collect()
    }

    /// The organizations that are named.
    #[must_use]
    pub fn providers(&self) -> BTreeSet<OrganizationId> {
        self.0.iter().map(|(key, _)| key.provider).collect()
    }
}

/// Where small cells look for company, from near to far: what steers a provider and the directory suffers last.
fn steps(of: &[&Key]) -> Vec<Vec<usize>> {
    let points = |key: &Key| POINTS_TO_DIRECTORY.contains(&key.reason);
    vec![
        grouped(of, |key| (key.status, key.reason, key.provider, key.category.as_str(), key.month.as_str())),
        grouped(of, |key| (key.status, key.reason, key.provider, key.category.as_str())),
        grouped(of, |key| (key.status, key.reason, key.provider)),
        grouped(of, |key| (key.status, key.reason)),
        grouped(of, |key| (key.status, points(key))),
        grouped(of, |key| key.status),
        grouped(of, |_| ()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(persons: std::ops::Range<u128>, reason: Reason, provider: u128) -> Vec<Ended> {
        let one = |person| Ended {
            status: Status::Declined,
            reason: Some(reason),
            provider: Uuid::from_u128(provider).into(),
            category: "ECO.IND.TVET".into(),
            area: None,
            at: 1_764_072_000_000_000,
            assured_on: Some("2025-01-01".into()),
            person: Uuid::from_u128(person),
        };
        persons.map(one).collect()
    }

    #[test]
    fn a_reason_of_few_persons_is_not_told_alone() {
        let all: Vec<Ended> =
            [ended(0..9, Reason::NoCapacity, 1), ended(20..22, Reason::SafetyRisk, 1), ended(30..38, Reason::Other, 2)]
                .concat();
        let table = ReasonTable::of(&all, 5, 5);
        let of = |reason| table.count(|key: &Key| key.reason == reason);
        assert_eq!(of(Reason::SafetyRisk).count, None, "two persons");
        let told: i64 = table.rows(&[]).iter().map(|(_, figure)| figure.at_least).sum();
        assert!(told < 19, "what is hidden is not what the others leave over");
        assert_eq!(table.count(|_| true).count, Some(19), "all together nobody is recognized");
        let own = ReasonTable::of(&all, 1, 1);
        assert_eq!(own.count(|key| key.reason == Reason::SafetyRisk).count, Some(2), "an organization knows its own");
    }

    #[test]
    fn whoever_pays_is_told_sums_of_what_those_inside_are_told() {
        let all: Vec<Ended> = (0..6).flat_map(|at| ended(at * 10..at * 10 + 4 + at, Reason::NoCapacity, at)).collect();
        let (inside, outside) = (ReasonTable::of(&all, 5, 5), ReasonTable::of(&all, 5, 10));
        for (key, kept) in &outside.0 {
            let beside = inside.0.iter().find(|(other, _)| other == key).map(|(_, kept)| kept.block);
            for (other, theirs) in &inside.0 {
                if Some(theirs.block) == beside && theirs.block.is_some() {
                    let there = outside.0.iter().find(|(known, _)| known == other).map(|(_, kept)| kept.block);
                    assert_eq!(there, Some(kept.block), "no block is parted");
                }
            }
        }
    }

    #[test]
    fn a_decline_points_to_an_entry_until_somebody_confirms_it() {
        let mut one = ended(0..1, Reason::WrongService, 1).remove(0);
        assert!(one.key().unwrap().is_unmended);
        one.assured_on = Some("2999-01-01".into());
        assert!(!one.key().unwrap().is_unmended);
        let other = Ended { reason: Some(Reason::PersonDeclined), assured_on: None, ..one };
        assert!(!other.key().unwrap().is_unmended, "it says nothing of the entry");
    }
}
