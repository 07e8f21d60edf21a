//! What those who help a person propose for their plan. The plan is the person's and the holder makes it with them: an item
//! that a provider thinks of is a proposal until the holder takes it into a version to which the person agrees.

use crate::domain::code::codes;
use crate::domain::id::{CaseId, NeedId, OrganizationId, PlanItemId, PlanItemProposalId, ProgramId, ReferralId};
use crate::domain::organization::Organization;
use crate::domain::sealed::Sealed;
use serde::{Deserialize, Serialize};

codes! {
    /// How a proposed item of a plan stands.
    pub enum PlanItemProposalStatus {
        /// The case's holder has not answered.
        Proposed = "PROPOSED",
        /// The holder took it into a version of the plan, which is followed once the person has agreed.
        Accepted = "ACCEPTED",
        /// The holder did not take it.
        Declined = "DECLINED",
    }
}

codes! {
    /// Why a proposed item was not taken into the plan.
    pub enum PlanItemProposalDecline {
        /// The person does not want it.
        PersonDeclined = "PERSON_DECLINED",
        /// The plan answers it already.
        AlreadyPlanned = "ALREADY_PLANNED",
        /// It does not fit what the person wants to reach.
        NotFitting = "NOT_FITTING",
        /// Nothing is left to pay for it.
        NoBudget = "NO_BUDGET",
        /// Another reason, told in a text.
        Other = "OTHER",
    }
}

/// A proposed item, as its proposer or the case's holder sees it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanItemProposal {
    pub id: PlanItemProposalId,
    /// The referral under which the proposer helps.
    pub referral_id: ReferralId,
    pub case_id: CaseId,
    pub need_id: NeedId,
    pub program_id: ProgramId,
    /// Who proposed it, and would answer for it.
    pub by: Organization,
    /// Who holds the case.
    pub holder_id: OrganizationId,
    pub goal: Option<Sealed>,
    pub reason: Option<Sealed>,
    /// ISO 8601.
    pub due_by: Option<String>,
    pub status: PlanItemProposalStatus,
    /// For the holder, as the two that follow.
    pub decline_reason: Option<PlanItemProposalDecline>,
    pub answer: Option<Sealed>,
    pub plan_item_id: Option<PlanItemId>,
    /// UTC microseconds.
    pub proposed_at: i64,
    pub answered_at: Option<i64>,
    pub version: i32,
}
