//! The table of a quarter is made: what was counted becomes cells, and the cells are gathered into blocks.

use crate::domain::case::Urgency;
use crate::domain::id::AreaId;
use crate::domain::service::{Dimension, Level};
use crate::domain::suppression::{Block, Counted, grouped, join};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// What was counted of one person in one cell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Unit {
    /// Where the person lives; where nothing was found.
    pub area: Option<AreaId>,
    /// The code of the standard category.
    pub category: Option<String>,
    pub dimension: Option<Dimension>,
    pub level: Option<Level>,
    pub urgency: Option<Urgency>,
    /// Whose case it is; without one, each thing counted is taken for a person of its own.
    pub person: Option<Uuid>,
    pub count: i64,
}

/// A cell as it is kept, with the blocks in which it may be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeCell {
    pub area: Option<AreaId>,
    pub category: Option<String>,
    pub urgency: Option<Urgency>,
    pub count: i64,
    /// For those who work in a program; nothing when it is never told.
    pub inside: Option<i32>,
    /// For all others. It joins blocks of those who work in a program, and never parts one.
    pub outside: Option<i32>,
}

type CellKey<'a> = (Option<AreaId>, Option<&'a str>, Option<Urgency>);

/// Makes the table of one measure in one country. `paths` leads from the country down to each area. What is too small is
/// joined first with other urgencies of its area and category; then with areas around it, from near to far, of the same
/// category; then with other categories of the country. So the country's figures by category, which steer money, are the
/// last that suffer.
#[must_use]
pub fn make(units: &[Unit], paths: &HashMap<AreaId, Vec<AreaId>>, (inside, outside): (i64, i64)) -> Vec<MadeCell> {
    let mut places: BTreeMap<CellKey<'_>, (Counted, &Unit)> = BTreeMap::new();
    let mut nobody = 0_u128;
    for unit in units.iter().filter(|unit| unit.count > 0) {
        let key = (unit.area, unit.category.as_deref(), unit.urgency);
        let (counted, _) = places.entry(key).or_insert_with(|| (Counted::default(), unit));
        counted.count += unit.count;
        match unit.person {
            Some(person) => {
                counted.persons.insert(person);
            }
            None => counted.persons.extend((0..unit.count).map(|_| {
                nobody += 1;
                Uuid::from_u128(nobody)
            })),
        }
    }
    let (counted, of): (Vec<Counted>, Vec<&Unit>) = places.into_values().unzip();
    let steps = steps(&of, paths);
    let finest: Vec<Block> = (0..of.len()).map(|cell| vec![cell]).collect();
    let inner = join(&counted, finest, &steps, inside);
    let outer = join(&counted, inner.clone(), &steps, outside.max(inside));
    let (inner, outer) = (numbers(&inner, of.len()), numbers(&outer, of.len()));
    let cell = |(at, unit): (usize, &&Unit)| MadeCell {
        area: unit.area,
        category: unit.category.clone(),
        urgency: unit.urgency,
        count: counted[at].count,
        inside: inner[at],
        outside: outer[at],
    };
    of.iter().enumerate().map(cell).collect()
}

/// The number of the block of each cell.
fn numbers(blocks: &[Block], cells: usize) -> Vec<Option<i32>> {
    let mut numbers = vec![None; cells];
    for (number, block) in (0..).zip(blocks) {
        for cell in block {
            numbers[*cell] = Some(number);
        }
    }
    numbers
}

/// The groups in which small cells look for company, from near to far.
fn steps(of: &[&Unit], paths: &HashMap<AreaId, Vec<AreaId>>) -> Vec<Vec<usize>> {
    let none = Vec::new();
    let path = |unit: &Unit| unit.area.and_then(|area| paths.get(&area)).unwrap_or(&none);
    let deepest = of.iter().map(|unit| path(unit).len()).max().unwrap_or_default();
    let mut steps = vec![grouped(of, |unit| (unit.area, unit.category.as_deref()))];
    for depth in (0..deepest).rev() {
        let around = |unit: &Unit| path(unit).get(depth).copied().or(unit.area);
        steps.push(grouped(of, |unit| (around(unit), unit.category.as_deref())));
    }
    steps.push(grouped(of, |unit| unit.category.as_deref()));
    steps.push(grouped(of, |unit| (unit.dimension, unit.level)));
    steps.push(grouped(of, |unit| unit.dimension));
    steps.push(grouped(of, |_| ()));
    steps
}
