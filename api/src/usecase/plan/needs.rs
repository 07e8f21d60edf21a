//! Changing, withdrawing and reopening a need. Only the side that holds the case does so.

use super::{held_case, of_case, stale};
use crate::app::App;
use crate::domain::case::{Delivery, Need, NeedStatus, Urgency};
use crate::domain::global_id::Kind;
use crate::domain::id::{CaseId, NeedId};
use crate::domain::rule::{Outcome, Rule, RuleCode};
use crate::store::ledger::Happening;
use crate::usecase::case::need_still_open;
use crate::usecase::work::{Ask, Work, fresh, open as begin};

/// Which need, and what becomes of it.
#[derive(Debug, Clone, Copy)]
pub struct ChangeNeed {
    pub case: CaseId,
    pub need: NeedId,
    /// The need's version.
    pub expected_version: i32,
    pub change: NeedChange,
}

/// What becomes of a need.
#[derive(Debug, Clone, Copy)]
pub enum NeedChange {
    /// How soon help is needed and who gives it; what is absent stays.
    Update(Option<Urgency>, Option<Delivery>),
    /// The person does not have it any more, or does not want help with it.
    Withdraw,
    /// It is open again.
    Reopen,
}

/// The holder changes a need.
///
/// # Errors
/// Those of a held case; NOT_FOUND for a need of another case; NEED_CLOSED to change or withdraw one that is met or
/// withdrawn; OPEN_REFERRALS to withdraw one for which a referral runs; NOT_NOW to reopen one that is open.
pub async fn change_need(app: &App, ask: Ask<'_>, input: ChangeNeed) -> Outcome<(CaseId, NeedId)> {
    let work = begin!(app, ask);
    let (case, _) = held_case(&work, input.case).await?;
    let need = case.needs.iter().find(|need| need.id == input.need);
    let need = need.ok_or_else(|| Rule::at("needId", RuleCode::NotFound))?;
    fresh(input.expected_version, need.version)?;
    let to = becomes(&work, need, input.change).await?;
    if !work.tx.change_need(need, to, work.deed.now).await? {
        return Err(stale(need.version));
    }
    work.record(&Happening {
        dimension: Some(need.dimension),
        level: Some(need.level),
        ..of_case(&case, (Kind::Need, need.id.into()), need.version + 1)
    })
    .await?;
    work.commit((case.id, need.id)).await
}

async fn becomes(work: &Work<'_>, need: &Need, change: NeedChange) -> Outcome<(NeedStatus, Urgency, Delivery)> {
    let closed = Rule::at("needId", RuleCode::NeedClosed);
    match change {
        NeedChange::Update(urgency, delivery) if need.status.is_open() => {
            Ok((need.status, urgency.unwrap_or(need.urgency), delivery.unwrap_or(need.delivery)))
        }
        NeedChange::Withdraw if need.status.is_open() => {
            need_still_open(work, need.id).await?;
            if work.tx.need_has_open_referral(need.id).await? {
                return Err(Rule::at("needId", RuleCode::OpenReferrals).into());
            }
            Ok((NeedStatus::Withdrawn, need.urgency, need.delivery))
        }
        NeedChange::Update(..) | NeedChange::Withdraw => Err(closed.into()),
        NeedChange::Reopen if need.status == NeedStatus::Open => Err(Rule::at("needId", RuleCode::NotNow).into()),
        NeedChange::Reopen => Ok((NeedStatus::Open, need.urgency, need.delivery)),
    }
}
