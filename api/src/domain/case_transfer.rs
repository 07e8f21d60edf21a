//! Handing a case over: accountability for a person's journey goes from its holder to another organization. A transfer
//! never says that a service was accepted, and a referral never moves the holder.

use crate::domain::case::Urgency;
use crate::domain::code::codes;
use crate::domain::id::{CaseId, CaseTransferId, ConsentId, OrganizationId, ProgramId};
use crate::domain::organization::Organization;
use crate::domain::sealed::Sealed;
use serde::{Deserialize, Serialize};

codes! {
    /// How a proposal to hand a case over stands.
    pub enum CaseTransferStatus {
        /// The receiving organization has not answered.
        Proposed = "PROPOSED",
        /// It holds the case now.
        Accepted = "ACCEPTED",
        /// It does not take the case.
        Declined = "DECLINED",
        /// The holder took the proposal back.
        Withdrawn = "WITHDRAWN",
        /// Nobody answered in time.
        Lapsed = "LAPSED",
    }
}

codes! {
    /// Why a case is to be handed over.
    pub enum CaseTransferReason {
        /// The person moved to where the other organization works.
        PersonMoved = "PERSON_MOVED",
        /// The person asked for it.
        PersonAsked = "PERSON_ASKED",
        /// The holder's contract or funding ends.
        ContractEnds = "CONTRACT_ENDS",
        /// The other organization can do more for the person.
        BetterPlaced = "BETTER_PLACED",
        /// Another reason; a text says which.
        Other = "OTHER",
    }
}

codes! {
    /// Why a case is not taken.
    pub enum CaseTransferDecline {
        /// Nobody is free to take it.
        NoCapacity = "NO_CAPACITY",
        /// The person lives where the organization does not work.
        OutOfArea = "OUT_OF_AREA",
        /// Not what the organization is there for.
        OutOfMandate = "OUT_OF_MANDATE",
        /// The person does not want it.
        PersonDeclined = "PERSON_DECLINED",
        /// Another reason; a text says which.
        Other = "OTHER",
    }
}

/// After how many days an unanswered proposal lapses.
pub const ANSWER_DAYS: i64 = 14;

/// What a receiving organization sees of a need before it answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TransferNeed {
    pub category: String,
    pub urgency: Urgency,
}

/// A proposal to hand a case over, as one of its two sides sees it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CaseTransfer {
    pub id: CaseTransferId,
    pub case_id: CaseId,
    pub program_id: ProgramId,
    pub from: Organization,
    pub to: Organization,
    /// Under which the receiving organization is told of the case.
    pub consent_id: ConsentId,
    pub status: CaseTransferStatus,
    pub reason: CaseTransferReason,
    pub note: Option<Sealed>,
    pub decline_reason: Option<CaseTransferDecline>,
    pub answer: Option<Sealed>,
    /// The shared identifier, for the holder, and for the other side as long as it may decide.
    pub identifier: Option<String>,
    /// The open needs, as `identifier`.
    pub needs: Vec<TransferNeed>,
    /// How many open referrals go along, as `identifier`.
    pub open_referrals: Option<i64>,
    /// UTC microseconds, as the others.
    pub proposed_at: i64,
    pub until_at: i64,
    pub ended_at: Option<i64>,
    /// How many open referrals went along.
    pub handed_over: Option<i32>,
    pub version: i32,
}

impl CaseTransfer {
    /// The side that is not `organization`.
    #[must_use]
    pub fn other(&self, organization: OrganizationId) -> OrganizationId {
        if organization == self.from.id { self.to.id } else { self.from.id }
    }
}
