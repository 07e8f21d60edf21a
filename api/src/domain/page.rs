//! Pages of a list, both ways, by a key that survives inserts.

use crate::domain::parts::Parts;

/// How many items a page has when the asker does not say.
pub const DEFAULT_PAGE: usize = 20;
/// The most items a page may have.
pub const MAX_PAGE: usize = 100;
/// Up to how many items are counted where the asker does not say.
pub const MOST_COUNTED: usize = 10_000;

/// Where a row stands in its list: the value it is ordered by and its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The ordering value: microseconds as digits, or a folded name.
    pub value: String,
    pub id: uuid::Uuid,
}

/// Which part of a list is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// How many items, 0 to 100.
    pub size: usize,
    /// From the end of the list instead of the start.
    pub backward: bool,
    pub after: Option<Position>,
    pub before: Option<Position>,
    /// Whether the number of all items is asked for.
    pub count: bool,
    /// Up to how many items are counted, where a list may stop counting; one more means that there are more.
    pub count_up_to: usize,
    /// Which parts of each item are asked for.
    pub parts: Parts,
}

impl Window {
    /// The first items of a list, all of each, without a count.
    #[must_use]
    pub fn first(size: usize) -> Self {
        Self {
            size,
            backward: false,
            after: None,
            before: None,
            count: false,
            count_up_to: MOST_COUNTED,
            parts: Parts::All,
        }
    }
}

/// A part of a list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    pub items: Vec<(Position, T)>,
    pub has_next: bool,
    pub has_previous: bool,
    /// The number of all items that the asker may see, when asked for. A list that stops counting has one more than it
    /// counts to where there are more.
    pub total: Option<i64>,
}
