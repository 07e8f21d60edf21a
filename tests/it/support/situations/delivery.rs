//! Situations of the steps after an acceptance.

use super::Row;

/// The mutations of the steps after an acceptance.
pub const ROWS: &[Row] = &[];
