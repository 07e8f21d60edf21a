//! Figures about people: what is counted, and for whom. How much of it may be told is in [`crate::domain::suppression`].

use crate::domain::case::Delivery;
use crate::domain::id::AreaId;
use crate::domain::referral::GoalResult;
use crate::domain::service::Dimension;
use serde::{Deserialize, Serialize};

/// The version of what is counted and how: see `docs/decisions`.
pub const DEFINITION: &str = "2026-1";

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
