//! Figures about people: what may be told of counts so small that somebody could be recognized.

use crate::domain::case::Delivery;
use crate::domain::id::AreaId;
use crate::domain::referral::GoalResult;
use crate::domain::service::Dimension;
use serde::{Deserialize, Serialize};

/// The fewest persons of whom a figure is told to those who work in a program. Never below 3.
pub const FEWEST_INSIDE: i64 = 5;
/// The fewest persons of whom a figure is told to those who only pay for it.
pub const FEWEST_OUTSIDE: i64 = 10;
/// The version of what is counted and how: see `docs/decisions`.
pub const DEFINITION: &str = "2026-1";

/// How often something was counted, and of how many persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cell {
    pub count: i64,
    pub persons: i64,
}

/// A row of counts that add up to a total, as it may be told: `None` where it is hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub total: Option<i64>,
    pub cells: Vec<Option<i64>>,
}

/// What may be told of a row whose total is told as well. A cell of fewer than `fewest` persons is hidden; then others
/// are hidden beside it, the smallest first, until what is hidden can't be had by taking the rest from the total: at
/// least two cells, and together at least `fewest`. Where that can't be, the total is hidden too.
#[must_use]
pub fn tell(cells: &[Cell], persons: i64, fewest: i64) -> Told {
    let total: i64 = cells.iter().map(|cell| cell.count).sum();
    let is_small = |cell: &Cell| cell.count > 0 && cell.persons < fewest;
    if total > 0 && persons < fewest {
        return Told { total: None, cells: vec![None; cells.len()] };
    }
    let mut hidden: Vec<bool> = cells.iter().map(is_small).collect();
    while hidden.contains(&true) {
        let sum: i64 = cells.iter().zip(&hidden).filter(|(_, hides)| **hides).map(|(cell, _)| cell.count).sum();
        if sum >= fewest && hidden.iter().filter(|hides| **hides).count() > 1 {
            break;
        }
        let open = cells.iter().enumerate().filter(|(at, _)| !hidden[*at]);
        // A zero hides nothing, so it is the last that is taken.
        let Some((next, _)) = open.min_by_key(|(_, cell)| (cell.count == 0, cell.count)) else {
            return Told { total: None, cells: vec![None; cells.len()] };
        };
        hidden[next] = true;
    }
    let told = |(cell, hides): (&Cell, &bool)| (!hides).then_some(cell.count);
    Told { total: Some(total), cells: cells.iter().zip(&hidden).map(told).collect() }
}

/// What is counted of plans that need a referral and have none.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct GapFigures {
    /// Whether the asker's organization only pays for the program.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub only_pays: bool,
    pub cells: Vec<GapCell>,
}

/// Gaps of one category in one area.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GapCell {
    pub category: String,
    pub dimension: Dimension,
    pub area_id: Option<AreaId>,
    pub gaps: i64,
    pub persons: i64,
}

/// What was reached by help given directly and by referral.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct HelpFigures {
    /// Whether the asker's organization only pays for the program.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub only_pays: bool,
    pub cells: Vec<HelpCell>,
    pub persons: Vec<HelpPersons>,
}

/// Goals with one result in one dimension by one way of helping.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HelpCell {
    pub dimension: Dimension,
    pub way: Delivery,
    pub result: GoalResult,
    pub goals: i64,
    pub persons: i64,
}

/// Persons with an outcome in one dimension by one way of helping.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HelpPersons {
    pub dimension: Dimension,
    pub way: Delivery,
    pub persons: i64,
}

/// The fewest persons of whom the asker is told a figure.
#[must_use]
pub fn fewest(only_pays: bool) -> i64 {
    if only_pays { FEWEST_OUTSIDE } else { FEWEST_INSIDE }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(counts: [i64; 3]) -> Vec<Cell> {
        counts.iter().map(|count| Cell { count: *count, persons: *count }).collect()
    }

    /// Everybody counted in one cell each, so that all rows can be gone through: what is hidden is never one number
    /// that the total gives away, and no shown figure is small.
    #[test]
    fn the_total_never_gives_away_what_is_hidden() {
        for a in 0..14 {
            for b in 0..14 {
                for c in 0..14 {
                    let cells = row([a, b, c]);
                    let told = tell(&cells, a + b + c, 5);
                    for (cell, shown) in cells.iter().zip(&told.cells) {
                        assert!(shown.is_none_or(|count| count == 0 || count >= 5), "{a} {b} {c}: {told:?}");
                        assert!(shown.is_none_or(|count| count == cell.count), "{a} {b} {c}: {told:?}");
                    }
                    let hidden = told.cells.iter().filter(|cell| cell.is_none()).count();
                    let Some(total) = told.total else { continue };
                    let rest = total - told.cells.iter().flatten().sum::<i64>();
                    assert!(hidden == 0 && rest == 0 || hidden > 1 && rest >= 5, "{a} {b} {c}: {told:?}");
                }
            }
        }
    }

    #[test]
    fn many_goals_of_few_persons_are_hidden() {
        let cells = [Cell { count: 9, persons: 2 }, Cell { count: 20, persons: 11 }, Cell { count: 7, persons: 6 }];
        assert_eq!(tell(&cells, 12, 5), Told { total: Some(36), cells: vec![None, Some(20), None] });
        assert_eq!(tell(&cells, 4, 5), Told { total: None, cells: vec![None; 3] });
    }

    #[test]
    fn what_is_not_small_is_told() {
        assert_eq!(tell(&row([5, 0, 9]), 14, 5), Told { total: Some(14), cells: vec![Some(5), Some(0), Some(9)] });
        assert_eq!(tell(&row([0, 0, 0]), 0, 5), Told { total: Some(0), cells: vec![Some(0); 3] });
    }
}
