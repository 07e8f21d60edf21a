//! Administrative areas.

use crate::domain::id::AreaId;
use crate::domain::organization::Translations;
use serde::{Deserialize, Serialize};

/// An administrative area. P-codes are opaque texts, unique within country, level and edition; a retired code stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Area {
    pub id: AreaId,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// 0 is the country; each level below adds one.
    pub level: i32,
    pub pcode: String,
    pub name: String,
    pub names: Translations,
    pub parent: Option<AreaId>,
    /// First day on which the area exists, where known.
    pub valid_from: Option<String>,
    /// Last day on which the area exists, where it has ended.
    pub valid_to: Option<String>,
}
