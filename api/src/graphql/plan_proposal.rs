//! Items of a plan that a provider proposes, in the schema.

use crate::domain::global_id::Kind;
use crate::domain::id::PlanItemProposalId;
use crate::domain::plan_proposal::{self as domain, PlanItemProposalDecline, PlanItemProposalStatus};
use crate::domain::rule::Failure;
use crate::domain::sealed::Private;
use crate::graphql::context::{Here, ask, canonical, settle};
use crate::graphql::input::{Reader, private};
use crate::graphql::organization::Organization;
use crate::graphql::payload::payload;
use crate::graphql::plan::Plan;
use crate::graphql::plan_mutation::plan_told;
use crate::graphql::referral::Referral;
use crate::graphql::referral_mutation::told;
use crate::graphql::scalar::{DateTime, LocalDate, id};
use crate::usecase::plan::{self, DeclineItem, ProposeItem, WhichProposal};
use async_graphql::{Context, ID, InputObject, Object};
use std::sync::Arc;

/// A proposed item of a plan.
#[derive(Clone)]
pub struct PlanItemProposal(pub Arc<domain::PlanItemProposal>);

/// An item that an organization which helps the person proposes for their plan. The case's holder takes it into a version of
/// the plan, to which the person agrees as to any other, or declines it. The proposer sees how its proposal stands, and
/// nothing of the plan.
#[Object]
impl PlanItemProposal {
    /// The public identifier.
    pub async fn id(&self) -> ID {
        id(Kind::PlanItemProposal, self.0.id)
    }

    /// The version to send back with an answer.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The referral under which the proposer helps.
    async fn referral_id(&self) -> ID {
        id(Kind::Referral, self.0.referral_id)
    }

    /// Who proposed it, and would answer for it.
    async fn by(&self) -> Organization {
        Organization(Arc::new(self.0.by.clone()))
    }

    /// The goal in the person's own words. Null when it can't be opened.
    async fn goal(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.found(ctx.app().proposal_goal(&self.0).map(|text| text.map(Private::into_inner)))
    }

    /// Why it was proposed. Null where nothing was said, or when it can't be opened.
    async fn reason(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.found(ctx.app().item_proposal_reason(&self.0).map(|text| text.map(Private::into_inner)))
    }

    /// By when it is to be done.
    async fn due_by(&self) -> Option<LocalDate> {
        LocalDate::stored(self.0.due_by.as_deref())
    }

    /// How it stands.
    async fn status(&self) -> PlanItemProposalStatus {
        self.0.status
    }

    /// Why it was declined; only for the case's holder.
    async fn decline_reason(&self) -> Option<PlanItemProposalDecline> {
        self.0.decline_reason
    }

    /// What was written with the answer; only for the case's holder. Null when it can't be opened.
    async fn answer_note(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.found(ctx.app().item_proposal_answer(&self.0).map(|text| text.map(Private::into_inner)))
    }

    /// The item that was made of it; only for the case's holder.
    async fn plan_item_id(&self) -> Option<ID> {
        self.0.plan_item_id.map(|item| id(Kind::PlanItem, item))
    }

    /// When it was proposed.
    async fn proposed_at(&self) -> DateTime {
        DateTime(self.0.proposed_at)
    }

    /// When it was answered.
    async fn answered_at(&self) -> Option<DateTime> {
        self.0.answered_at.map(DateTime)
    }
}

/// An item that you propose for the plan of somebody whom your organization helps.
#[derive(InputObject)]
pub struct ProposePlanItemInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral under which your organization helps; the item answers its need.
    pub referral_id: ID,
    /// What the person wants to reach, in their own words, up to 500 characters.
    pub goal: String,
    /// By when it is to be done; not in the past.
    pub due_by: Option<LocalDate>,
    /// Why, up to 2,000 characters; for the case's holder.
    pub reason: Option<String>,
    /// Whether the person knows of the proposal and agrees that the case's holder is told. It is not made otherwise.
    pub person_informed: bool,
}

/// A proposed item that is taken into the plan.
#[derive(InputObject)]
pub struct AcceptPlanItemProposalInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The proposal.
    pub proposal_id: ID,
    /// Its version that you read.
    pub expected_version: i32,
}

/// A proposed item that is not taken.
#[derive(InputObject)]
pub struct DeclinePlanItemProposalInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The proposal.
    pub proposal_id: ID,
    /// Its version that you read.
    pub expected_version: i32,
    /// Why. It stays with your organization.
    pub reason: PlanItemProposalDecline,
    /// A text beside the reason, up to 2,000 characters; needed with OTHER. It stays with your organization.
    pub note: Option<String>,
}

fn which(proposal: &ID, expected_version: i32) -> Result<WhichProposal, Failure> {
    let mut reader = Reader::default();
    let proposal: PlanItemProposalId = reader.key("proposalId", Kind::PlanItemProposal, proposal);
    reader.settle(WhichProposal { proposal, expected_version })
}

impl ProposePlanItemInput {
    fn checked(&self) -> Result<ProposeItem, Failure> {
        let mut reader = Reader::default();
        let propose = ProposeItem {
            referral: reader.key("referralId", Kind::Referral, &self.referral_id),
            goal: Private::new(self.goal.clone()),
            due_by: self.due_by.map(LocalDate::store),
            reason: private(self.reason.clone()),
            person_informed: self.person_informed,
        };
        reader.settle(propose)
    }
}

payload! {
    /// What `proposePlanItem` did.
    ProposePlanItemPayload {
        /// The referral under which you help, with what you proposed in its chain; null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `acceptPlanItemProposal` did.
    AcceptPlanItemProposalPayload {
        /// The version of the plan that was drafted with it; null when nothing was changed.
        plan: Plan
    }
}

payload! {
    /// What `declinePlanItemProposal` did.
    DeclinePlanItemProposalPayload {
        /// The proposal as it now stands; null when nothing was changed.
        proposal: PlanItemProposal
    }
}

/// Mutations on proposed items of plans.
#[derive(Default)]
pub struct PlanProposalMutation;

#[Object]
impl PlanProposalMutation {
    /// Proposes an item for the plan of somebody whom your organization helps under a referral. The plan stays as it is until
    /// the case's holder takes the item and the person agrees. Needs DELIVER_SERVICES of the receiver.
    async fn propose_plan_item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: ProposePlanItemInput,
    ) -> Option<ProposePlanItemPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "proposePlanItem", &input.idempotency_key, &text);
        let done = async { plan::propose_item(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Takes a proposed item into the next version of the plan: a draft with what is still to be done of the present version
    /// and the item as the last. The person agrees to it as to any other version. Needs WRITE_CASES of the holder.
    async fn accept_plan_item_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which proposal.")] input: AcceptPlanItemProposalInput,
    ) -> Option<AcceptPlanItemProposalPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "acceptPlanItemProposal", &input.idempotency_key, &text);
        let done = async {
            let which = which(&input.proposal_id, input.expected_version)?;
            plan::accept_item(ctx.app(), ask, which).await
        }
        .await;
        plan_told(ctx, ask, done).await
    }

    /// Says that a proposed item is not taken into the plan. The proposer learns that it is so, not why. Needs WRITE_CASES of
    /// the holder.
    async fn decline_plan_item_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which proposal, and why.")] input: DeclinePlanItemProposalInput,
    ) -> Option<DeclinePlanItemProposalPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "declinePlanItemProposal", &input.idempotency_key, &text);
        let done = async {
            let which = which(&input.proposal_id, input.expected_version)?;
            let decline = DeclineItem { which, reason: input.reason, note: private(input.note.clone()) };
            plan::decline_item(ctx.app(), ask, decline).await
        }
        .await;
        Some(DeclinePlanItemProposalPayload::from(match settle(ctx, ask, done).await? {
            Ok(id) => {
                let found = plan::item_proposal(ctx.app(), &ctx.sight(), id).await;
                Ok(ctx.found(found).map(|found| PlanItemProposal(Arc::new(found))))
            }
            Err(errors) => Err(errors),
        }))
    }
}
