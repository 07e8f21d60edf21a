//! Who can see something of a case, what, why and until when.

use crate::domain::case::{Basis, ConsentField};
use crate::domain::code::codes;
use crate::domain::id::{ConsentId, ReferralId};
use crate::domain::organization::Organization;
use crate::domain::policy::Power;
use crate::domain::referral::Party;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

codes! {
    /// Why an organization can see something of a case.
    pub enum AccessBecause {
        /// It holds the case and answers for it.
        Holder = "HOLDER",
        /// It received a referral of the case.
        Referral = "REFERRAL",
        /// It held the case before it was handed over, and sees nothing of it since.
        FormerHolder = "FORMER_HOLDER",
        /// It was asked to take the case over.
        TransferProposed = "TRANSFER_PROPOSED",
        /// It leads the program and coordinates its referrals: states and times, no person.
        Coordination = "COORDINATION",
    }
}

/// An organization's access to a case: one line of the answer to who can see it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CaseAccess {
    /// The grant, case or program from which it comes.
    pub id: Uuid,
    pub organization: Organization,
    pub because: AccessBecause,
    /// What is shown; empty for the holder, who sees all that its roles allow, and for coordination, which sees no field.
    pub fields: Vec<ConsentField>,
    pub referral_id: Option<ReferralId>,
    pub consent_id: Option<ConsentId>,
    /// The ground of the disclosure.
    pub basis: Option<Basis>,
    /// UTC microseconds.
    pub from_at: i64,
    /// When it ended; none while it runs.
    pub until_at: Option<i64>,
}

/// Why the asker can see a thing.
#[derive(Debug, Clone)]
pub struct AccessReason {
    pub because: AccessBecause,
    /// The part played in a referral, when the thing is one.
    pub party: Option<Party>,
    /// What is shown by a running grant.
    pub fields: Vec<ConsentField>,
    pub referral_id: Option<ReferralId>,
    /// From when, UTC microseconds; none where it has no beginning.
    pub from_at: Option<i64>,
    /// What the asker may do there.
    pub powers: Vec<Power>,
}
