//! What a referral was made from and what was made from it: parts that its receiver passes on to others, and other needs
//! that its receiver finds and proposes to the case's holder.

use super::{GoalResult, LoopMeaning, Reason, Status, Verification};
use crate::domain::case::Urgency;
use crate::domain::code::codes;
use crate::domain::id::{GoalId, ReferralId, ServiceId};
use crate::domain::organization::Organization;
use crate::domain::plan_proposal::PlanItemProposal;
use crate::domain::sealed::Sealed;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

codes! {
    /// What became of a proposed referral.
    pub enum ReferralProposalStatus {
        /// The case's holder has not decided; the draft waits.
        Proposed = "PROPOSED",
        /// The holder referred the person for this need.
        TakenUp = "TAKEN_UP",
        /// The holder took the draft back or let it lie until it was thrown away.
        NotTakenUp = "NOT_TAKEN_UP",
    }
}

/// Where a referral stands among others, as far as the asker may see it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Chain {
    /// The referral of which this passes on a part.
    pub parent_id: Option<ReferralId>,
    /// Who holds the case and answers for it, where this passes on a part.
    pub accountable: Option<Organization>,
    /// What its receiver passed on, oldest first; for its sender and receiver.
    pub passed_on: Vec<PassedOn>,
    /// What its receiver proposed, oldest first; for its sender and receiver.
    pub proposals: Vec<ReferralProposal>,
    /// What its receiver proposed for the plan, oldest first; for its sender and receiver.
    pub plan_proposals: Vec<PlanItemProposal>,
    /// The proposal by which it was begun; for its sender.
    pub begun_by: Option<ReferralProposal>,
}

/// A part of a referral that its receiver passed on: that it is, how it stands and what came of it. Nothing that the other
/// organization wrote.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PassedOn {
    pub id: ReferralId,
    pub service_id: ServiceId,
    pub receiver: Organization,
    pub status: Status,
    pub reason: Option<Reason>,
    /// UTC microseconds, as the others.
    pub created_at: i64,
    pub sent_at: Option<i64>,
    pub decided_at: Option<i64>,
    pub ended_at: Option<i64>,
    /// ISO 8601.
    pub first_contact_on: Option<String>,
    pub service_on: Option<String>,
    pub loop_meaning: Option<LoopMeaning>,
    pub verification: Verification,
    /// What was reached, as far as the person agreed that it is told.
    pub results: Vec<PassedOnResult>,
}

/// What was reached for one goal by passing it on.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PassedOnResult {
    pub goal_id: GoalId,
    pub result: Option<GoalResult>,
    /// ISO 8601.
    pub achieved_on: Option<String>,
}

/// A referral that somebody who already helps the person proposed to the case's holder.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReferralProposal {
    pub id: Uuid,
    /// Who proposed it.
    pub by: Organization,
    /// The referral under which they help.
    pub from_id: ReferralId,
    /// The draft, for the holder.
    pub draft_id: Option<ReferralId>,
    pub service_id: ServiceId,
    pub category: String,
    pub urgency: Urgency,
    pub reason: Option<Sealed>,
    /// UTC microseconds.
    pub proposed_at: i64,
    pub status: ReferralProposalStatus,
}
