//! What may be told of figures about people, so that nobody can be recognized: the one place for this rule.
//!
//! A cell of fewer persons than a threshold is small. Hiding it is not enough, because totals are told too. So cells are
//! gathered into blocks, and all that is ever told is a sum of whole blocks: however such sums are put together, none
//! says more than they do. A block is sound when its own sum gives nothing away.

use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The fewest persons of whom a figure is told to those who work in a program.
pub const FEWEST_INSIDE: i64 = 5;
/// The fewest persons of whom a figure is told to those who only pay for it, or who have no part in it.
pub const FEWEST_OUTSIDE: i64 = 10;
/// No deployment may tell a figure of fewer persons than this.
pub const FEWEST_EVER: i64 = 3;

/// How often something was counted, and of how many persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cell {
    pub count: i64,
    pub persons: i64,
}

/// Whether the sum of cells that are not zero, of so many persons together, can be told without telling any one cell
/// that has fewer than `fewest` persons. Of a hidden cell everybody knows that it is not zero. Whoever also guesses which
/// of the cells are small (1 to `fewest` − 1) and which are hidden beside them (at least `fewest`) must still be left
/// with more than one possibility for each.
#[must_use]
pub fn is_sound(cells: impl Iterator<Item = Cell>, persons: i64, fewest: i64) -> bool {
    let (mut number, mut total, mut least, mut most, mut has_large) = (0_i64, 0, 0, 0, false);
    for cell in cells {
        number += 1;
        total += cell.count;
        if cell.persons < fewest {
            least += 1;
            most += fewest - 1;
        } else {
            least += fewest;
            has_large = true;
        }
    }
    if persons < fewest {
        return false;
    }
    number == 1 || (total > least && (has_large || total != most))
}

/// A row of counts that add up to a total, as it may be told: `None` where it is hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub total: Option<i64>,
    pub cells: Vec<Option<i64>>,
}

/// What may be told of a row whose total is told as well, where one person may be in several of its cells. A small cell
/// is hidden; then others are hidden beside it, the smallest first, until what the total leaves over for them is sound.
/// Where that can't be, the total is hidden too.
#[must_use]
pub fn tell(cells: &[Cell], persons: i64, fewest: i64) -> Told {
    let total: i64 = cells.iter().map(|cell| cell.count).sum();
    if total > 0 && persons < fewest {
        return Told { total: None, cells: vec![None; cells.len()] };
    }
    let mut hidden: Vec<bool> = cells.iter().map(|cell| cell.count > 0 && cell.persons < fewest).collect();
    while hidden.contains(&true) {
        let beside =
            || cells.iter().zip(&hidden).filter(|(cell, hides)| **hides && cell.count > 0).map(|(cell, _)| *cell);
        let shown: i64 = cells.iter().zip(&hidden).filter(|(_, hides)| !**hides).map(|(cell, _)| cell.persons).sum();
        // The fewest persons that the hidden cells can have together.
        let together = beside().map(|cell| cell.persons).max().unwrap_or_default().max(persons - shown);
        if beside().count() > 1 && is_sound(beside(), together, fewest) {
            break;
        }
        let open = cells.iter().enumerate().filter(|(at, cell)| !hidden[*at] && cell.count > 0);
        let Some((next, _)) = open.min_by_key(|(_, cell)| cell.count) else {
            return Told { total: None, cells: vec![None; cells.len()] };
        };
        hidden[next] = true;
    }
    let told = |(cell, hides): (&Cell, &bool)| (!hides).then_some(cell.count);
    Told { total: Some(total), cells: cells.iter().zip(&hidden).map(told).collect() }
}

/// What was counted in one of the finest cells of a table, and who was behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    pub count: i64,
    pub persons: BTreeSet<Uuid>,
}

/// The members of a block, as indices of cells.
pub type Block = Vec<usize>;

/// Gathers cells that are not zero, or blocks of them, into sound blocks. `steps` go from fine to coarse: each gives the
/// group of every cell, and what is not sound is first joined with what else is not sound in its group, then with the
/// smallest that is; what finds no sound company even in the coarsest groups is left out of the answer, and is never
/// told. Blocks that were handed in are never taken apart, so that whoever is told the finer ones learns nothing from
/// the coarser ones.
#[must_use]
pub fn join(cells: &[Counted], finer: Vec<Block>, steps: &[Vec<usize>], fewest: i64) -> Vec<Block> {
    let mut blocks = finer;
    for groups in steps {
        let mut by_group: BTreeMap<usize, Vec<Block>> = BTreeMap::new();
        let mut apart = Vec::new();
        for block in blocks {
            let group = block.first().map(|cell| groups[*cell]);
            match group.filter(|group| block.iter().all(|cell| groups[*cell] == *group)) {
                Some(group) => by_group.entry(group).or_default().push(block),
                None => apart.push(block),
            }
        }
        blocks = apart;
        for group in by_group.into_values() {
            blocks.extend(joined(cells, group, fewest));
        }
    }
    blocks.retain(|block| block_is_sound(cells, block, fewest));
    blocks
}

/// The blocks of one group, with what is not sound joined as far as that helps.
fn joined(cells: &[Counted], group: Vec<Block>, fewest: i64) -> Vec<Block> {
    let (mut sound, rest): (Vec<Block>, Vec<Block>) =
        group.into_iter().partition(|block| block_is_sound(cells, block, fewest));
    let mut rest: Block = rest.into_iter().flatten().collect();
    if rest.is_empty() {
        return sound;
    }
    let size = |block: &Block| block.iter().map(|cell| cells[*cell].count).sum::<i64>();
    sound.sort_by_key(|block| std::cmp::Reverse((size(block), block.first().copied())));
    while !block_is_sound(cells, &rest, fewest) {
        let Some(smallest) = sound.pop() else { break };
        rest.extend(smallest);
    }
    sound.push(rest);
    sound
}

/// Whether the sum of a block's cells can be told.
#[must_use]
pub fn block_is_sound(cells: &[Counted], block: &[usize], fewest: i64) -> bool {
    let number = |persons: usize| i64::try_from(persons).unwrap_or(i64::MAX);
    let persons: BTreeSet<&Uuid> = block.iter().flat_map(|cell| &cells[*cell].persons).collect();
    let of = block.iter().map(|cell| Cell { count: cells[*cell].count, persons: number(cells[*cell].persons.len()) });
    is_sound(of, number(persons.len()), fewest)
}

/// The number of each thing's group, as [`join`] takes it.
pub fn grouped<'a, T, K: Ord>(of: &[&'a T], key: impl Fn(&'a T) -> K) -> Vec<usize> {
    let mut groups = BTreeMap::new();
    let mut group = |one: &&'a T| {
        let next = groups.len();
        *groups.entry(key(one)).or_insert(next)
    };
    of.iter().map(&mut group).collect()
}

/// A figure as it may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figure {
    /// Nothing where a part of it is hidden.
    pub count: Option<i64>,
    /// The part that is not hidden. It equals the count where nothing is.
    pub at_least: i64,
}

/// One of the finest cells as it is kept: what was counted, and the block it may be told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    pub count: i64,
    /// Nothing for what is never told.
    pub block: Option<i32>,
}

/// How many cells each block has.
#[must_use]
pub fn sizes(cells: impl Iterator<Item = Kept>) -> BTreeMap<i32, usize> {
    let mut sizes = BTreeMap::new();
    for block in cells.filter_map(|cell| cell.block) {
        *sizes.entry(block).or_default() += 1;
    }
    sizes
}

/// The figure of some of the cells of a table whose blocks have these sizes: a sum of whole blocks, and the count only
/// where nothing is left over.
#[must_use]
pub fn figure(cells: impl Iterator<Item = Kept>, sizes: &BTreeMap<i32, usize>) -> Figure {
    let mut blocks: BTreeMap<i32, (usize, i64)> = BTreeMap::new();
    let mut is_whole = true;
    for cell in cells {
        match cell.block {
            Some(block) => {
                let (number, sum) = blocks.entry(block).or_default();
                *number += 1;
                *sum += cell.count;
            }
            None => is_whole = false,
        }
    }
    let whole = |(block, (number, _)): &(&i32, &(usize, i64))| sizes.get(*block) == Some(number);
    let told = || blocks.iter().filter(whole);
    is_whole &= told().count() == blocks.len();
    let at_least = told().map(|(_, (_, sum))| sum).sum();
    Figure { count: is_whole.then_some(at_least), at_least }
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
                    let of_hidden = cells.iter().zip(&told.cells).filter(|(_, shown)| shown.is_none());
                    let all_small = of_hidden.clone().all(|(cell, _)| cell.count < 5);
                    let number = i64::try_from(hidden).unwrap();
                    let is_open = rest > number && (!all_small || rest < 4 * number);
                    assert!(
                        hidden == 0 || is_open,
                        "the hidden ones are all as small or as large as can be: {a} {b} {c}"
                    );
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
