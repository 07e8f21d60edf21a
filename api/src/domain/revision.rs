//! Entries before they are published: drafts, and changes of published entries, until somebody else has looked at them.

use crate::domain::code::codes;
use crate::domain::id::{OrganizationId, ProgramId, ServiceId, ServiceRevisionId};
use crate::domain::service_entry::{Places, ServiceEntry};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The most characters of a reviewer's word.
pub const LONGEST_REVIEW: usize = 1_000;

/// What a program asks of the services that are part of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DirectoryRules {
    /// After how many days without a confirmation they are stale, 1 to 366; the server's number when nothing is said.
    pub max_age_days: Option<i32>,
    /// Whether the program's leading organization approves them before they are published.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub needs_review: bool,
    pub version: i32,
}

codes! {
    /// How a draft stands.
    pub enum RevisionState {
        /// It is being written.
        Draft = "DRAFT",
        /// It waits for somebody else to look at it.
        InReview = "IN_REVIEW",
        /// It was sent back with a word on what to change.
        SentBack = "SENT_BACK",
        /// It is what the directory says, or said.
        Published = "PUBLISHED",
        /// It was given up.
        Discarded = "DISCARDED",
    }
}

impl RevisionState {
    /// Whether it can still be written and submitted.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::SentBack)
    }
}

/// What a draft says, as it is kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Proposal {
    pub entry: ServiceEntry,
    /// The places of a new service.
    pub capacity: Option<Places>,
}

/// A draft of an entry, or of a change of one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceRevision {
    pub id: ServiceRevisionId,
    /// The service that it changes, or has become; nothing for a new one.
    pub service_id: Option<ServiceId>,
    pub organization_id: OrganizationId,
    pub program_id: Option<ProgramId>,
    pub name: String,
    pub proposal: Proposal,
    pub state: RevisionState,
    /// The service's version that the change was written for.
    pub based_on: Option<i32>,
    pub written_by: Uuid,
    pub submitted_by: Option<Uuid>,
    pub submitted_at: Option<i64>,
    pub reviewed_by: Option<Uuid>,
    pub reviewed_by_organization_id: Option<OrganizationId>,
    pub reviewed_at: Option<i64>,
    pub review_note: String,
    pub version: i32,
    pub created_at: i64,
    pub updated_at: i64,
}
