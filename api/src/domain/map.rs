//! What can be asked as a map.

use crate::domain::id::AreaId;
use crate::domain::quarter::Quarter;

/// Which figures a map shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapOf {
    /// What is offered where, and who is being helped.
    Coverage,
    /// What was needed and not met in a quarter.
    UnmetNeeds(Quarter),
}

/// A map that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapAsked {
    pub of: MapOf,
    /// The area, and how many levels below it, 0 to 9.
    pub area: AreaId,
    pub levels: i32,
    /// This category or group and all below it; all when none is named.
    pub category: Option<String>,
}

/// Why there is no map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoMap {
    /// Nobody is known, and these figures need somebody.
    Unauthenticated,
    /// There is no such area, or its figures are not for the asker.
    NotFound,
    /// The quarter is not over.
    NotOver,
    /// More areas than one map holds.
    TooMany,
    /// A fault of ours, which was logged.
    Fault,
}
