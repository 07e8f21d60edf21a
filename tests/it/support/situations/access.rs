//! Situations of who sees what.

use super::Row;

/// The mutations of who sees what.
pub const ROWS: &[Row] = &[];
