//! Items of a plan that a provider proposes, and the holder's answer.

use super::draft::{DraftItem, write};
use super::{held_case_of, of_plan};
use crate::app::App;
use crate::domain::actor::MemberRole;
use crate::domain::case::{Case, Delivery, NeedStatus};
use crate::domain::code::Code;
use crate::domain::global_id::Kind;
use crate::domain::id::{CaseId, PlanId, PlanItemProposalId, ReferralId};
use crate::domain::notice::Notice;
use crate::domain::plan::{Casework, PlanItemStatus, PlanStatus};
use crate::domain::plan_proposal::{PlanItemProposal, PlanItemProposalDecline, PlanItemProposalStatus};
use crate::domain::policy::{Sight, parties};
use crate::domain::referral::beside::Beside;
use crate::domain::referral::{Party, Referral};
use crate::domain::rule::{Detail, Failure, Fault, Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::store::ledger::Happening;
use crate::store::plan_proposals::{ItemAnswer, NewItemProposal};
use crate::usecase::referral::{MAX_TEXT, of_party, seal, wrong_state};
use crate::usecase::work::{Ask, Work, fresh, open as begin};
use uuid::Uuid;

/// What a provider thinks should be done for the need that it helps with.
#[derive(Debug, Clone)]
pub struct ProposeItem {
    /// The referral under which it helps.
    pub referral: ReferralId,
    /// In the person's own words.
    pub goal: Private<String>,
    /// ISO 8601.
    pub due_by: Option<String>,
    /// Why, for the case's holder.
    pub reason: Option<Private<String>>,
    /// Whether the person knows and agrees that the holder is told.
    pub person_informed: bool,
}

/// Which proposal, in which version.
#[derive(Debug, Clone, Copy)]
pub struct WhichProposal {
    pub proposal: PlanItemProposalId,
    pub expected_version: i32,
}

/// Why a proposal is not taken.
#[derive(Debug, Clone)]
pub struct DeclineItem {
    pub which: WhichProposal,
    pub reason: PlanItemProposalDecline,
    pub note: Option<Private<String>>,
}

/// A proposal that the asker may see.
///
/// # Errors
/// What the engine refuses.
pub async fn item_proposal(
    app: &App,
    sight: &Sight,
    id: PlanItemProposalId,
) -> Result<Option<PlanItemProposal>, Fault> {
    Ok(app.store.item_proposals_by_id(sight, &[id]).await?.remove(&id))
}

/// A worker of the receiver of a running referral proposes an item for the plan. The case's holder is told that it has to
/// answer; the plan stays as it is.
///
/// # Errors
/// NOT_FOUND, NOT_PERMITTED; WRONG_STATE for a referral under which nobody is being helped; INCOMPLETE where the person does
/// not know; DATE_OUT_OF_RANGE for a day that is past.
pub async fn propose_item(app: &App, ask: Ask<'_>, input: ProposeItem) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let mut rules = Rules::default();
    rules.text("goal", input.goal.expose(), 1, super::draft::MAX_GOAL);
    if let Some(reason) = &input.reason {
        rules.text("reason", reason.expose(), 0, MAX_TEXT);
    }
    rules.check(input.due_by.as_ref().is_none_or(|day| *day >= app.today()), "dueBy", RuleCode::DateOutOfRange);
    rules.settle()?;
    let (referral, party) = helping(&work, input.referral).await?;
    if !input.person_informed {
        return Err(Rule::at("", RuleCode::Incomplete).with(Detail::Missing(vec!["PERSON_INFORMED"])).into());
    }
    let id = Uuid::now_v7();
    let new = NewItemProposal {
        id,
        referral: &referral,
        need: work.tx.need_of(referral.id).await?,
        by: work.deed.organization,
        goal: seal(&work, "plan_item_proposal", "goal_sealed", id, Some(&input.goal))?,
        reason: seal(&work, "plan_item_proposal", "reason_sealed", id, input.reason.as_ref())?,
        due_by: input.due_by.clone(),
    };
    if !work.tx.add_item_proposal(new, work.deed.now).await? {
        return Err(Rule::at("referralId", RuleCode::WrongState).into());
    }
    let holder = work.tx.holder_of(referral.case_id).await?;
    let act = Notice::act(holder, MemberRole::CaseManager);
    work.record(&Happening {
        case: Some(referral.case_id),
        program: Some(referral.program_id),
        area: referral.area_id,
        dimension: Some(referral.dimension),
        level: Some(referral.level),
        receiver: Some(holder),
        notify: vec![Notice { program: Some(referral.program_id), ..act }],
        ..Happening::to((Kind::PlanItemProposal, id), party.code(), 1)
    })
    .await?;
    work.commit(referral.id).await
}

/// A referral under which the asker's organization helps somebody, for those who give the help.
async fn helping(work: &Work<'_>, id: ReferralId) -> Result<(Referral, Party), Failure> {
    let referral = of_party(work, id).await?;
    let plays = parties(work.actor, &referral);
    let helps = |party: &&Party| matches!(party, Party::ReceiverWorker | Party::ReceiverSupervisor);
    let party = plays.iter().copied().find(|party| helps(&party));
    let party = party.ok_or_else(|| Rule::at("referralId", RuleCode::NotPermitted))?;
    if referral.status.is_running() {
        return Ok((referral, party));
    }
    Err(wrong_state(&referral, Beside::of(&referral, work.actor), &plays).into())
}

/// The holder takes a proposed item into the next version of the plan: what is still to be done of the present version, and
/// the proposed item last. It is a draft; nothing is followed before the person has agreed to it.
///
/// # Errors
/// Those of [`asked`]; NEED_CLOSED; TOO_LONG for a plan that has no room.
pub async fn accept_item(app: &App, ask: Ask<'_>, input: WhichProposal) -> Outcome<(CaseId, PlanId)> {
    let work = begin!(app, ask);
    let (case, done, proposal) = asked(&work, input).await?;
    let is_open = |need: &crate::domain::case::Need| need.id == proposal.need_id && need.status.is_open();
    if !case.needs.iter().any(is_open) {
        return Err(Rule::at("proposalId", RuleCode::NeedClosed).into());
    }
    let mut items = carried(&work, &case, &done)?;
    items.push(DraftItem {
        need: proposal.need_id,
        goal: app.proposal_goal(&proposal)?,
        delivery: Delivery::Referral,
        responsible: Some(proposal.by.id),
        due_by: proposal.due_by.clone(),
        budget: None,
    });
    let (plan, item) = write(&work, &case, &done, &items).await?;
    let answer = ItemAnswer { status: PlanItemProposalStatus::Accepted, plan_item: item, ..ItemAnswer::default() };
    conclude(&work, &case, &proposal, answer).await?;
    work.tx.record_as(&work.deed, "draftPlan", &of_plan(&case, plan, 1));
    work.commit((case.id, plan.into())).await
}

/// What is still to be done of the version that is drafted, agreed or followed, the newest first.
fn carried(work: &Work<'_>, case: &Case, done: &Casework) -> Result<Vec<DraftItem>, Fault> {
    let Some(plan) = done.plans.iter().find(|plan| plan.status != PlanStatus::Superseded) else {
        return Ok(Vec::new());
    };
    let is_open = |status| matches!(status, PlanItemStatus::Planned | PlanItemStatus::InProgress);
    let stands = |need| case.needs.iter().any(|known| known.id == need && known.status != NeedStatus::Withdrawn);
    let items = plan.items.iter().filter(|item| is_open(item.status) && stands(item.need_id));
    items
        .map(|item| {
            Ok(DraftItem {
                need: item.need_id,
                goal: work.app.item_goal(item)?,
                delivery: item.delivery,
                responsible: Some(item.responsible_id),
                due_by: item.due_by.clone(),
                budget: item.budget_amount.clone().zip(item.budget_currency.clone()),
            })
        })
        .collect()
}

/// The holder does not take a proposed item; the proposer learns that it is so.
///
/// # Errors
/// Those of [`asked`]; TEXT_REQUIRED for another reason without a text.
pub async fn decline_item(app: &App, ask: Ask<'_>, input: DeclineItem) -> Outcome<PlanItemProposalId> {
    let work = begin!(app, ask);
    let mut rules = Rules::default();
    rules.check(input.note.is_some() || input.reason != PlanItemProposalDecline::Other, "note", RuleCode::TextRequired);
    if let Some(note) = &input.note {
        rules.text("note", note.expose(), 0, MAX_TEXT);
    }
    rules.settle()?;
    let (case, _, proposal) = asked(&work, input.which).await?;
    let answer = seal(&work, "plan_item_proposal", "answer_sealed", proposal.id.into(), input.note.as_ref())?;
    let decline_reason = Some(input.reason);
    let status = PlanItemProposalStatus::Declined;
    conclude(&work, &case, &proposal, ItemAnswer { status, decline_reason, answer, plan_item: None }).await?;
    work.commit(proposal.id).await
}

/// A proposal that waits for the asker's answer, with the case and the work on it.
///
/// # Errors
/// NOT_FOUND for who can't see it; NOT_PERMITTED for its proposer and for whom cases are not to change; STALE_VERSION;
/// NOT_NOW for one that was answered; CASE_CLOSED.
async fn asked(work: &Work<'_>, which: WhichProposal) -> Result<(Case, Casework, PlanItemProposal), Failure> {
    let at = |code| Rule::at("proposalId", code);
    let found = work.tx.item_proposal(&work.sight(), which.proposal).await?;
    let proposal = found.ok_or_else(|| at(RuleCode::NotFound))?;
    if proposal.holder_id != work.deed.organization {
        return Err(at(RuleCode::NotPermitted).into());
    }
    let (case, done) = held_case_of(work, Some(proposal.case_id), "proposalId").await?;
    fresh(which.expected_version, proposal.version)?;
    if proposal.status != PlanItemProposalStatus::Proposed {
        return Err(at(RuleCode::NotNow).into());
    }
    Ok((case, done, proposal))
}

/// Keeps the answer and tells the proposer.
async fn conclude(
    work: &Work<'_>,
    case: &Case,
    proposal: &PlanItemProposal,
    answer: ItemAnswer,
) -> Result<(), Failure> {
    if !work.tx.answer_item_proposal(proposal, answer, work.deed.now).await? {
        return Err(super::stale(proposal.version));
    }
    let program = Some(proposal.program_id);
    let happening = Happening {
        receiver: Some(proposal.by.id),
        notify: vec![Notice { program, ..Notice::to(proposal.by.id) }],
        ..super::of_case(case, (Kind::PlanItemProposal, proposal.id.into()), proposal.version + 1)
    };
    Ok(work.record(&happening).await?)
}
