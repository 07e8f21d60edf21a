//! What is done for communities and for how services are governed, and what they need. It belongs to an area or an
//! organization and never to a case: it holds no personal data, and everybody who is known may read it.

use crate::domain::case::{NeedStatus, Urgency};
use crate::domain::id::{ActivityId, AreaId, CommunityNeedId, OrganizationId};
use crate::domain::organization::Organization;
use crate::domain::service::{Dimension, Level};
use serde::{Deserialize, Serialize};

/// Something done for a community, or for how services are governed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Activity {
    pub id: ActivityId,
    pub organization: Organization,
    pub category: String,
    pub dimension: Dimension,
    pub level: Level,
    pub area_id: Option<AreaId>,
    /// The organization that it strengthens.
    pub about_organization_id: Option<OrganizationId>,
    pub name: String,
    pub description: String,
    /// ISO 8601, as `ends_on`.
    pub starts_on: String,
    pub ends_on: Option<String>,
    pub planned_participants: Option<i32>,
    /// Participants who had returned.
    pub returnees: Option<i32>,
    /// Participants who never migrated: communities gain as well.
    pub non_returnees: Option<i32>,
    pub outcome: Option<String>,
    pub reported_at: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i32,
}

/// What a community, or those who govern services, require.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CommunityNeed {
    pub id: CommunityNeedId,
    pub organization: Organization,
    pub category: String,
    pub dimension: Dimension,
    pub level: Level,
    pub area_id: Option<AreaId>,
    pub about_organization_id: Option<OrganizationId>,
    pub urgency: Urgency,
    pub status: NeedStatus,
    pub description: String,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i32,
}

/// Which activities or community needs are asked for; what is absent does not limit.
#[derive(Debug, Clone, Default)]
pub struct CommunityFilter {
    /// In this area or one below it.
    pub area: Option<AreaId>,
    pub organization: Option<OrganizationId>,
    pub category: Option<String>,
    pub dimension: Vec<Dimension>,
    pub level: Vec<Level>,
}
