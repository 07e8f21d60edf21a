//! How the directory is searched, and what an organization is told.

use crate::domain::actor::MemberRole;
use crate::domain::id::{AreaId, MemberId, NotificationId, OrganizationId};
use crate::domain::organization::OrganizationKind;
use crate::domain::schedule::OpenMoment;
use crate::domain::service::{Dimension, Level, ServiceStatus};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// By what services are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceOrder {
    /// By the folded name.
    Name { descending: bool },
    /// By when they were published.
    PublishedAt { descending: bool },
}

/// Which services are asked for; what is empty does not limit.
#[derive(Debug, Clone, Default)]
pub struct ServiceFilter {
    pub category: Vec<String>,
    pub dimension: Vec<Dimension>,
    pub level: Vec<Level>,
    /// In this area or one below it.
    pub area: Option<AreaId>,
    pub organization: Option<OrganizationId>,
    pub organization_kind: Vec<OrganizationKind>,
    pub text: Option<String>,
    pub language: Vec<String>,
    pub status: Vec<ServiceStatus>,
    /// Only those that take referrals today: published, classified, open and confirmed on or after this ISO date.
    pub open_since: Option<String>,
    /// Only those that do not take referrals today, by the same measure.
    pub closed_since: Option<String>,
    /// Only those without a category, or only those with one.
    pub unclassified: Option<bool>,
    /// Only those that are open at this moment.
    pub open: Option<OpenMoment>,
}

/// Which areas are asked for; what is empty does not limit.
#[derive(Debug, Clone, Default)]
pub struct AreaFilter {
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// 0 is the country.
    pub level: Option<i32>,
    /// Right below this area.
    pub parent: Option<AreaId>,
    /// This area and all below it.
    pub within: Option<AreaId>,
    /// A part of a name, or a whole P-code.
    pub text: Option<String>,
}

/// Which organizations are asked for; what is empty does not limit.
#[derive(Debug, Clone, Default)]
pub struct OrganizationFilter {
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Of any of these kinds.
    pub kind: Vec<OrganizationKind>,
}

/// Something an organization is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Notification {
    pub id: NotificationId,
    /// The mutation or clock that caused it, such as `sendReferral`.
    pub kind: String,
    /// The kind of thing it is about, as a global identifier names it.
    pub subject_kind: String,
    pub subject_id: Uuid,
    /// UTC microseconds.
    pub at: i64,
    /// Only those of the organization with this role are told.
    pub role: Option<MemberRole>,
    /// The member who works on it.
    pub member_id: Option<MemberId>,
    /// Whether the next step is the organization's.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub must_act: bool,
    /// When somebody of the organization marked it as read, UTC microseconds.
    pub read_at: Option<i64>,
}

/// Which notifications are asked for; what is not said does not limit.
#[derive(Debug, Clone, Copy, Default)]
pub struct NotificationFilter {
    /// Those whose next step is still to be done by the organization, or the others.
    pub must_act: Option<bool>,
    /// Those not yet marked as read, or the others.
    pub unread: Option<bool>,
}
