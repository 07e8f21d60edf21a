//! What is told of a quarter's table: rows for areas, broken down in one of a few fixed ways.

use crate::domain::case::Urgency;
use crate::domain::code::{Code as _, codes};
use crate::domain::id::AreaId;
use crate::domain::service::{Dimension, Level};
use crate::domain::suppression::{Figure, Kept, figure, sizes};
use crate::domain::unmet::Measure;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// How many measures there are.
const MEASURES: usize = 6;

codes! {
    /// By what the figures of an area are broken down. There are no other ways.
    pub enum Breakdown {
        /// One row for each area.
        Area = "AREA",
        /// By dimension of reintegration.
        Dimension = "DIMENSION",
        /// By dimension and level.
        Grid = "GRID",
        /// By category.
        Category = "CATEGORY",
        /// By urgency.
        Urgency = "URGENCY",
        /// By category and urgency.
        CategoryAndUrgency = "CATEGORY_AND_URGENCY",
    }
}

/// A cell of a quarter's table as an audience may be told of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReleasedCell {
    pub measure: Measure,
    pub area: Option<AreaId>,
    pub category: Option<String>,
    pub dimension: Option<Dimension>,
    pub level: Option<Level>,
    pub urgency: Option<Urgency>,
    pub count: i64,
    pub block: Option<i32>,
    /// Whether it is of the category asked for.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub is_chosen: bool,
}

/// What a row is about, below its area.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub dimension: Option<Dimension>,
    pub level: Option<Level>,
    pub category: Option<String>,
    pub urgency: Option<Urgency>,
}

impl Key {
    fn of(cell: &ReleasedCell, by: Breakdown) -> Self {
        let mut key = Self::default();
        if matches!(by, Breakdown::Dimension | Breakdown::Grid | Breakdown::Category | Breakdown::CategoryAndUrgency) {
            key.dimension = cell.dimension;
        }
        if matches!(by, Breakdown::Grid | Breakdown::Category | Breakdown::CategoryAndUrgency) {
            key.level = cell.level;
        }
        if matches!(by, Breakdown::Category | Breakdown::CategoryAndUrgency) {
            key.category.clone_from(&cell.category);
        }
        if matches!(by, Breakdown::Urgency | Breakdown::CategoryAndUrgency) {
            key.urgency = cell.urgency;
        }
        key
    }
}

/// The figures of an area, or of a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub area: AreaId,
    pub key: Key,
    figures: [Figure; MEASURES],
}

impl Row {
    /// The figure of a measure.
    #[must_use]
    pub fn figure(&self, measure: Measure) -> Figure {
        self.figures[measure as usize]
    }
}

/// The rows of some areas, in their order, of all the cells of their country; `above` gives those of the areas in which
/// each area lies. Without a breakdown every area has its row, also one of zeros; with one, what is not told is zero.
#[must_use]
pub fn rows(cells: &[ReleasedCell], areas: &[AreaId], above: &HashMap<AreaId, Vec<AreaId>>, by: Breakdown) -> Vec<Row> {
    let mut sizes_of: [BTreeMap<i32, usize>; MEASURES] = Default::default();
    for measure in Measure::ALL {
        let of = cells.iter().filter(|cell| cell.measure == *measure);
        sizes_of[*measure as usize] = sizes(of.map(|cell| Kept { count: cell.count, block: cell.block }));
    }
    let mut found: HashMap<AreaId, BTreeMap<Key, [Vec<Kept>; MEASURES]>> = HashMap::new();
    if by == Breakdown::Area {
        found.extend(areas.iter().map(|area| (*area, BTreeMap::from([(Key::default(), Default::default())]))));
    }
    for cell in cells.iter().filter(|cell| cell.is_chosen) {
        for area in cell.area.and_then(|area| above.get(&area)).into_iter().flatten() {
            let row = found.entry(*area).or_default().entry(Key::of(cell, by)).or_default();
            row[cell.measure as usize].push(Kept { count: cell.count, block: cell.block });
        }
    }
    let mut rows = Vec::new();
    for area in areas {
        for (key, kept) in found.remove(area).into_iter().flatten() {
            let figure_of = |measure: usize| figure(kept[measure].iter().copied(), &sizes_of[measure]);
            rows.push(Row { area: *area, key, figures: std::array::from_fn(figure_of) });
        }
    }
    rows
}
