//! Situations of calendars and limits.

use super::Row;

/// The mutations of calendars and limits.
pub const ROWS: &[Row] = &[];
