//! What happened.

use crate::domain::global_id::Kind;
use crate::domain::id::EventId;
use crate::domain::organization::Organization;
use crate::domain::referral::{Reason, Status};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Something that happened to a case or a referral. Who did it is told as organization and part, never as a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Event {
    pub id: EventId,
    /// The mutation that did it.
    pub kind: String,
    pub subject_kind: Kind,
    pub subject_id: Uuid,
    /// UTC microseconds.
    pub at: i64,
    pub organization: Organization,
    pub acting_role: String,
    pub from_status: Option<Status>,
    pub to_status: Option<Status>,
    pub reason: Option<Reason>,
    /// How much had been done, for those who give and sent it.
    pub progress_done: Option<i32>,
    pub progress_planned: Option<i32>,
}
