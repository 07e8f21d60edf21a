//! Situations of plans, direct services and community activities.

use super::Row;

/// The mutations of plans, direct services and community activities.
pub const ROWS: &[Row] = &[];
