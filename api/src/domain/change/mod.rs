//! Changes: what organizations are told of the things they can read, in one order for all of them.

mod place;
mod scope;

pub use place::{Place, cursor, read_cursor};
pub use scope::{Followed, ReferralFilter, Scope, Side};

use crate::domain::code::{Code as _, codes};
use crate::domain::global_id::Kind;
use crate::domain::id::ProgramId;
use uuid::Uuid;

/// How long changes are kept, and cursors are good, in days: a tablet may be without a line for weeks.
pub const KEPT_DAYS: i64 = 30;

/// The organization in a change that everybody is told who may read the directory.
pub const EVERYBODY: Uuid = Uuid::nil();

codes! {
    /// What became of a thing, for the one who asks.
    pub enum ChangeType {
        /// It is new or was changed, and can be read.
        Upsert = "UPSERT",
        /// It is gone, or can no longer be read.
        Tombstone = "TOMBSTONE",
    }
}

codes! {
    /// The kinds of things whose changes can be followed.
    pub enum ChangeSubject {
        /// Activities for communities or for how services are governed.
        Activity = "ACTIVITY",
        /// Agreements.
        Agreement = "AGREEMENT",
        /// Areas.
        Area = "AREA",
        /// Cases.
        Case = "CASE",
        /// Organizations' own numbers of cases.
        CaseAlias = "CASE_ALIAS",
        /// Proposals to hand a case over.
        CaseTransfer = "CASE_TRANSFER",
        /// Needs of communities.
        CommunityNeed = "COMMUNITY_NEED",
        /// Consents.
        Consent = "CONSENT",
        /// Disclosures in place of a consent that could not be had.
        ConsentOverride = "CONSENT_OVERRIDE",
        /// Help given directly.
        DirectService = "DIRECT_SERVICE",
        /// Needs.
        Need = "NEED",
        /// What somebody was told without anything else having changed, as by the clock.
        Notification = "NOTIFICATION",
        /// Organizations.
        Organization = "ORGANIZATION",
        /// Persons.
        Person = "PERSON",
        /// Versions of plans.
        Plan = "PLAN",
        /// Items of plans.
        PlanItem = "PLAN_ITEM",
        /// Programs.
        Program = "PROGRAM",
        /// Redactions that receivers were asked for.
        Redaction = "REDACTION",
        /// Referrals.
        Referral = "REFERRAL",
        /// Services.
        Service = "SERVICE",
        /// Hints that an entry of the directory is wrong.
        ServiceCorrection = "SERVICE_CORRECTION",
        /// Drafts of entries of the directory.
        ServiceRevision = "SERVICE_REVISION",
    }
}

impl ChangeSubject {
    /// The kind of thing that it is.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::Activity => Kind::Activity,
            Self::Agreement => Kind::Agreement,
            Self::Area => Kind::Area,
            Self::Case => Kind::Case,
            Self::CaseAlias => Kind::CaseAlias,
            Self::CaseTransfer => Kind::CaseTransfer,
            Self::CommunityNeed => Kind::CommunityNeed,
            Self::Consent => Kind::Consent,
            Self::ConsentOverride => Kind::ConsentOverride,
            Self::DirectService => Kind::DirectService,
            Self::Need => Kind::Need,
            Self::Notification => Kind::Notification,
            Self::Organization => Kind::Organization,
            Self::Person => Kind::Person,
            Self::Plan => Kind::Plan,
            Self::PlanItem => Kind::PlanItem,
            Self::Program => Kind::Program,
            Self::Redaction => Kind::Redaction,
            Self::Referral => Kind::Referral,
            Self::Service => Kind::Service,
            Self::ServiceCorrection => Kind::ServiceCorrection,
            Self::ServiceRevision => Kind::ServiceRevision,
        }
    }

    /// What a kind is among the things that can be followed; nothing for what can't.
    #[must_use]
    pub fn of(kind: Kind) -> Option<Self> {
        Self::ALL.iter().copied().find(|subject| subject.kind() == kind)
    }
}

/// One change as one organization is told it. It names organizations, kinds and keys, and nothing about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Who is told; [`EVERYBODY`] for the directory.
    pub organization: Uuid,
    pub place: Place,
    pub subject_kind: ChangeSubject,
    /// What happened: the mutation's name, or what the clock did.
    pub kind: String,
    /// What it was when it was written down. What is delivered is what can be read at that moment.
    pub change: ChangeType,
    pub program: Option<ProgramId>,
    /// The thing's version after it, where it is known.
    pub version: Option<i32>,
    /// UTC microseconds.
    pub at: i64,
}

/// Some changes in their order, and where the reading of them ended.
#[derive(Debug, Clone)]
pub struct Batch {
    pub changes: Vec<std::sync::Arc<Change>>,
    /// Where to go on: nothing before it is left to be read.
    pub until: Place,
    /// Whether more follow already.
    pub has_more: bool,
}

/// Why changes are not told.
#[derive(Debug, thiserror::Error)]
pub enum NoChanges {
    /// The changes after the cursor are no longer all kept.
    #[error("the cursor is older than what is kept")]
    Expired,
    /// They can't be read now.
    #[error(transparent)]
    Fault(#[from] crate::domain::rule::Fault),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_subject_is_a_kind_of_its_own() {
        for subject in ChangeSubject::ALL {
            assert_eq!(ChangeSubject::of(subject.kind()), Some(*subject));
        }
        assert_eq!(ChangeSubject::of(Kind::Event), None);
    }
}
