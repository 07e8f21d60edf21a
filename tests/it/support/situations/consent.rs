//! Situations of consent, its withdrawal and overrides.

use super::Row;

/// The mutations of consent, its withdrawal and overrides.
pub const ROWS: &[Row] = &[];
