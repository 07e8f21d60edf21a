//! Situations of the steps before a decision.

use super::Row;

/// The mutations of the steps before a decision.
pub const ROWS: &[Row] = &[];
