//! What a referral was made from and what was made from it, in the schema.

use crate::domain::case::Urgency;
use crate::domain::global_id::Kind;
use crate::domain::referral::chain::{self, ReferralProposalStatus};
use crate::domain::referral::{self, GoalResult, LoopMeaning, Reason, Status, Verification};
use crate::domain::sealed::Private;
use crate::graphql::context::Here;
use crate::graphql::organization::Organization;
use crate::graphql::plan_proposal::PlanItemProposal;
use crate::graphql::scalar::{DateTime, LocalDate, id};
use async_graphql::{Context, ID, Object, SimpleObject};
use std::sync::Arc;

/// The referrals around one.
pub struct ReferralChain(pub Arc<referral::Referral>);

/// Where a referral stands among others, as far as you may see it.
#[Object]
impl ReferralChain {
    /// The referral of which this passes on a part; null for one that the case's holder made. Only the organization that
    /// passed it on, the holder and the coordinator can read it.
    async fn parent_id(&self) -> Option<ID> {
        self.0.chain.parent_id.map(|parent| id(Kind::Referral, parent))
    }

    /// The organization that holds the case and stays accountable for it, where this passes on a part; null otherwise, where
    /// it is the sender.
    async fn accountable(&self) -> Option<Organization> {
        self.0.chain.accountable.clone().map(|organization| Organization(Arc::new(organization)))
    }

    /// What the receiver passed on to others, oldest first; for sender and receiver.
    async fn passed_on(&self) -> Vec<PassedOnReferral> {
        self.0.chain.passed_on.iter().map(PassedOnReferral::of).collect()
    }

    /// What the receiver proposed to the sender, oldest first; for sender and receiver.
    async fn proposals(&self) -> Vec<ReferralProposal> {
        self.0.chain.proposals.iter().cloned().map(ReferralProposal).collect()
    }

    /// What the receiver proposed for the person's plan, oldest first; for sender and receiver.
    async fn plan_item_proposals(&self) -> Vec<PlanItemProposal> {
        self.0.chain.plan_proposals.iter().cloned().map(|it| PlanItemProposal(Arc::new(it))).collect()
    }

    /// The proposal by which this was begun; only for the sender.
    async fn proposal(&self) -> Option<ReferralProposal> {
        self.0.chain.begun_by.clone().map(ReferralProposal)
    }
}

/// A part of a referral that its receiver passed on to another organization: how it stands and what came of it, and nothing
/// that the other organization wrote.
#[derive(SimpleObject)]
pub struct PassedOnReferral {
    /// The referral's public identifier; whoever passed it on reads all of it.
    referral_id: ID,
    /// The service to which it went.
    service_id: ID,
    /// Who gives it.
    receiver: Organization,
    /// How it stands. A draft waits for the person's consent and for whoever passes it on.
    status: Status,
    /// Why it ended, where a reason belongs to it and the person agreed that it is told.
    reason: Option<Reason>,
    /// When it was begun.
    created_at: DateTime,
    /// When it was sent.
    sent_at: Option<DateTime>,
    /// When it was decided.
    decided_at: Option<DateTime>,
    /// The day of the first contact.
    first_contact_on: Option<LocalDate>,
    /// The day on which the service was given.
    service_on: Option<LocalDate>,
    /// When it ended.
    ended_at: Option<DateTime>,
    /// What whoever passed it on makes of its result; the need of the case does not follow from it.
    loop_meaning: Option<LoopMeaning>,
    /// Who has confirmed what was reported.
    verification: Verification,
    /// What was reached for each goal, as far as the person agreed that it is told.
    results: Vec<PassedOnResult>,
}

impl PassedOnReferral {
    fn of(part: &chain::PassedOn) -> Self {
        Self {
            referral_id: id(Kind::Referral, part.id),
            service_id: id(Kind::Service, part.service_id),
            receiver: Organization(Arc::new(part.receiver.clone())),
            status: part.status,
            reason: part.reason,
            created_at: DateTime(part.created_at),
            sent_at: part.sent_at.map(DateTime),
            decided_at: part.decided_at.map(DateTime),
            first_contact_on: LocalDate::stored(part.first_contact_on.as_deref()),
            service_on: LocalDate::stored(part.service_on.as_deref()),
            ended_at: part.ended_at.map(DateTime),
            loop_meaning: part.loop_meaning,
            verification: part.verification,
            results: part.results.iter().map(PassedOnResult::of).collect(),
        }
    }
}

/// What was reached for one goal of a part that was passed on.
#[derive(SimpleObject)]
pub struct PassedOnResult {
    /// The public identifier of the goal in its need.
    goal_id: ID,
    /// What was reached; null until it is reported.
    result: Option<GoalResult>,
    /// When it was reached.
    achieved_on: Option<LocalDate>,
}

impl PassedOnResult {
    fn of(result: &chain::PassedOnResult) -> Self {
        let achieved_on = LocalDate::stored(result.achieved_on.as_deref());
        Self { goal_id: id(Kind::Goal, result.goal_id), result: result.result, achieved_on }
    }
}

/// A proposed referral.
pub struct ReferralProposal(pub chain::ReferralProposal);

/// A referral for another need, which an organization that already helps the person proposed to the case's holder. The
/// proposer learns whether it was taken up, and nothing more.
#[Object]
impl ReferralProposal {
    /// Whether it was taken up.
    async fn status(&self) -> ReferralProposalStatus {
        self.0.status
    }

    /// Who proposed it.
    async fn by(&self) -> Organization {
        Organization(Arc::new(self.0.by.clone()))
    }

    /// The referral under which they help the person.
    async fn from_referral_id(&self) -> ID {
        id(Kind::Referral, self.0.from_id)
    }

    /// The draft that was begun for the holder, which looks at it, sends it or takes it back; only for the holder.
    async fn draft_id(&self) -> Option<ID> {
        self.0.draft_id.map(|draft| id(Kind::Referral, draft))
    }

    /// The service that was proposed.
    async fn service_id(&self) -> ID {
        id(Kind::Service, self.0.service_id)
    }

    /// The need's category in the taxonomy.
    async fn category_code(&self) -> &str {
        &self.0.category
    }

    /// How soon help is needed.
    async fn urgency(&self) -> Urgency {
        self.0.urgency
    }

    /// Why it was proposed. Null where nothing was said, or when it can't be opened.
    async fn reason(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.found(ctx.app().proposal_reason(&self.0).map(|text| text.map(Private::into_inner)))
    }

    /// When it was proposed.
    async fn proposed_at(&self) -> DateTime {
        DateTime(self.0.proposed_at)
    }
}
