//! Places of services, and how many there are where.

use crate::domain::id::{CapacityId, ServiceAtLocationId};
use crate::domain::service::{CAPACITY_MAX_AGE_DAYS, Dimension, Level};
use serde::{Deserialize, Serialize};

/// The places of a service, as a whole or at one location. The provider states the total and what it has filled
/// otherwise; referrals accepted here are counted here.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Capacity {
    pub id: CapacityId,
    pub service_at_location_id: Option<ServiceAtLocationId>,
    /// All places; nothing means unknown, and does not limit.
    pub total: Option<i32>,
    pub taken_elsewhere: i32,
    pub taken: i32,
    pub held: i32,
    /// When the provider last confirmed it, UTC microseconds.
    pub as_of: i64,
}

impl Capacity {
    /// Places left, never below zero; nothing when the total is unknown.
    #[must_use]
    pub fn free(&self) -> Option<i32> {
        self.total.map(|total| (total - self.taken_elsewhere - self.taken - self.held).max(0))
    }

    /// Whether the provider's last word on it is so old that it tells little.
    #[must_use]
    pub fn is_outdated(&self, now: i64) -> bool {
        now - self.as_of > CAPACITY_MAX_AGE_DAYS * 86_400_000_000
    }
}

/// What is offered of one category in one area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageCell {
    /// The code of the standard category.
    pub category: String,
    pub dimension: Dimension,
    pub level: Level,
    pub services: i64,
    /// Of these, how many take referrals today.
    pub open_for_referrals: i64,
    /// Places of services that state them, taken ones among them.
    pub capacity: i64,
    /// Free places of services that state them.
    pub open_places: i64,
    /// Services whose number of places is unknown.
    pub places_unknown: i64,
}
