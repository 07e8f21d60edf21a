//! Situations of identity and agreements.

use super::Row;

/// The mutations of identity and agreements.
pub const ROWS: &[Row] = &[];
