//! The reintegration plan of a case in its versions, and help given without a referral. A version is drafted, agreed to
//! by the person, and only then active; a change is a new version that needs their agreement again.

use crate::domain::case::Delivery;
use crate::domain::code::{Code, codes};
use crate::domain::id::{
    CaseId, DirectServiceId, NeedId, OrganizationId, PlanId, PlanItemId, ProgramId, ReferralId, ServiceId,
};
use crate::domain::light_contact::LightContact;
use crate::domain::referral::{LoopMeaning, ReferralGoal};
use crate::domain::sealed::Sealed;
use crate::domain::service::{Dimension, Level};
use crate::domain::stage::CaseStage;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

codes! {
    /// How a version of a plan stands.
    pub enum PlanStatus {
        /// Proposed; the person has not agreed yet.
        Draft = "DRAFT",
        /// The person agreed; it is not followed yet.
        Agreed = "AGREED",
        /// Agreed and followed. A case has one such version at the most.
        Active = "ACTIVE",
        /// Another version took its place; it stays readable.
        Superseded = "SUPERSEDED",
    }
}

codes! {
    /// How an item of a plan stands.
    pub enum PlanItemStatus {
        /// Not begun.
        Planned = "PLANNED",
        /// Begun.
        InProgress = "IN_PROGRESS",
        /// Done.
        Done = "DONE",
        /// Left out, because somebody declined it.
        Dropped = "DROPPED",
    }
}

codes! {
    /// Who declined an item of a plan.
    pub enum DeclinedBy {
        /// The person, who may decline any item.
        Person = "PERSON",
        /// The organization that holds the case.
        Holder = "HOLDER",
        /// The organization that would have given the help.
        Provider = "PROVIDER",
    }
}

codes! {
    /// How somebody agreed to a plan.
    pub enum AgreementMethod {
        /// By word of mouth, noted by a worker.
        Verbal = "VERBAL",
        /// By signature or mark.
        Written = "WRITTEN",
        /// On a page of their own.
        Digital = "DIGITAL",
        /// Through somebody who may decide for them.
        Representative = "REPRESENTATIVE",
    }
}

codes! {
    /// Who took part when a plan was agreed, as a part and never by name.
    pub enum PlanParticipant {
        /// The person whose plan it is.
        Person = "PERSON",
        /// Somebody of their family or household.
        Family = "FAMILY",
        /// A caregiver or guardian.
        Guardian = "GUARDIAN",
        /// The case manager.
        CaseManager = "CASE_MANAGER",
        /// An organization that gives a service.
        Provider = "PROVIDER",
        /// Somebody of the community.
        Community = "COMMUNITY",
        /// An interpreter or cultural mediator.
        Interpreter = "INTERPRETER",
        /// Another.
        Other = "OTHER",
    }
}

codes! {
    /// What to think about in a plan. A warning never stops anybody.
    pub enum PlanWarningCode {
        /// No item works on this dimension of reintegration.
        DimensionWithoutItem = "DIMENSION_WITHOUT_ITEM",
        /// An item is to be answered by referral, and no referral runs for its need.
        ReferralMissing = "REFERRAL_MISSING",
    }
}

/// All of the holder's work on a case.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Casework {
    pub case_id: CaseId,
    /// Newest first.
    pub plans: Vec<Plan>,
    /// In the order in which they were recorded.
    pub direct_services: Vec<DirectService>,
    /// Contacts that are less than a referral, in the order in which they were recorded.
    pub contacts: Vec<LightContact>,
    /// Oldest first.
    pub stage_changes: Vec<StageChange>,
}

impl Casework {
    /// The version that is followed.
    #[must_use]
    pub fn active(&self) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.status == PlanStatus::Active)
    }

    /// The stage before the present interruption.
    #[must_use]
    pub fn before_hold(&self) -> Option<CaseStage> {
        let last = self.stage_changes.last().filter(|change| change.to_stage == CaseStage::OnHold);
        last.map(|change| change.from_stage)
    }
}

/// A case's move from one stage to another.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StageChange {
    pub id: Uuid,
    pub from_stage: CaseStage,
    pub to_stage: CaseStage,
    /// The mutation that moved it.
    pub cause: String,
    pub reason: Option<Sealed>,
    /// UTC microseconds.
    pub at: i64,
}

/// A version of a plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    pub id: PlanId,
    pub case_id: CaseId,
    pub program_id: ProgramId,
    /// The version's number in its case, from 1.
    pub number: i32,
    pub status: PlanStatus,
    /// ISO 8601.
    pub agreed_on: Option<String>,
    pub method: Option<AgreementMethod>,
    pub participants: Vec<PlanParticipant>,
    pub drafted_at: i64,
    pub activated_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub items: Vec<PlanItem>,
    pub version: i32,
}

/// One thing that is to be done for one need.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlanItem {
    pub id: PlanItemId,
    pub need_id: NeedId,
    pub category: String,
    pub dimension: Dimension,
    pub level: Level,
    pub position: i32,
    /// In the person's own words; the need's goals stand where there is none.
    pub goal: Option<Sealed>,
    pub delivery: Delivery,
    pub responsible_id: OrganizationId,
    /// ISO 8601.
    pub due_by: Option<String>,
    /// A decimal number.
    pub budget_amount: Option<String>,
    /// ISO 4217.
    pub budget_currency: Option<String>,
    pub status: PlanItemStatus,
    pub declined_by: Option<DeclinedBy>,
    /// The referrals of the need, oldest first.
    pub referrals: Vec<Key>,
    /// Whether it is to be answered by referral and none runs.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub is_gap: bool,
}

/// The key of a referral.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Key {
    pub id: ReferralId,
}

/// Something to think about in a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanWarning {
    pub code: PlanWarningCode,
    pub dimension: Dimension,
    pub item: Option<PlanItemId>,
}

impl Plan {
    /// What to think about: dimensions without an item that somebody still means to do, then items without a referral.
    /// Sustainable reintegration rests on all three dimensions, so a plan for one of them alone is asked about, never
    /// refused.
    #[must_use]
    pub fn warnings(&self) -> Vec<PlanWarning> {
        let works_on = |dimension: Dimension| {
            self.items.iter().any(|item| item.dimension == dimension && item.status != PlanItemStatus::Dropped)
        };
        let bare = Dimension::ALL.iter().copied().filter(|dimension| !works_on(*dimension));
        let bare =
            bare.map(|dimension| PlanWarning { code: PlanWarningCode::DimensionWithoutItem, dimension, item: None });
        let gaps = self.items.iter().filter(|item| item.is_gap);
        let gaps = gaps.map(|item| PlanWarning {
            code: PlanWarningCode::ReferralMissing,
            dimension: item.dimension,
            item: Some(item.id),
        });
        bare.chain(gaps).collect()
    }
}

/// Help that the holder gave without a referral.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DirectService {
    pub id: DirectServiceId,
    pub need_id: NeedId,
    pub service_id: Option<ServiceId>,
    pub category: String,
    pub dimension: Dimension,
    pub level: Level,
    /// ISO 8601.
    pub delivered_on: String,
    pub meaning: LoopMeaning,
    pub note: Option<Sealed>,
    pub goals: Vec<ReferralGoal>,
    pub recorded_at: i64,
}
