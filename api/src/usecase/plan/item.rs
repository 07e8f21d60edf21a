//! Saying how an item of the plan that is followed stands.

use super::{held_case_of, of_case, stale};
use crate::app::App;
use crate::domain::global_id::Kind;
use crate::domain::id::{CaseId, PlanId, PlanItemId};
use crate::domain::plan::{DeclinedBy, PlanItemStatus, PlanStatus};
use crate::domain::rule::{Outcome, Rule, RuleCode};
use crate::store::ledger::Happening;
use crate::usecase::work::{Ask, fresh, open as begin};

/// How an item stands.
#[derive(Debug, Clone, Copy)]
pub struct SetItem {
    pub item: PlanItemId,
    /// The plan's version.
    pub expected_version: i32,
    pub status: PlanItemStatus,
    /// Who declined it; with DROPPED and with nothing else.
    pub declined_by: Option<DeclinedBy>,
}

/// The holder says how an item of the followed version stands. The person may decline any item; whatever else is to
/// change in a plan is a new version.
///
/// # Errors
/// Those of a held case; NOT_NOW for a version that is not followed; REQUIRED or INVALID for who declined.
pub async fn set_item(app: &App, ask: Ask<'_>, input: SetItem) -> Outcome<(CaseId, PlanId)> {
    let work = begin!(app, ask);
    let drops = input.status == PlanItemStatus::Dropped;
    if drops != input.declined_by.is_some() {
        let code = if drops { RuleCode::Required } else { RuleCode::Invalid };
        return Err(Rule::at("declinedBy", code).into());
    }
    let field = "planItemId";
    let (case, done) = held_case_of(&work, work.tx.case_of_item(input.item).await?, field).await?;
    let found = done
        .plans
        .iter()
        .find_map(|plan| plan.items.iter().find(|item| item.id == input.item).map(|item| (plan, item)));
    let (plan, item) = found.ok_or_else(|| Rule::at(field, RuleCode::NotFound))?;
    fresh(input.expected_version, plan.version)?;
    if plan.status != PlanStatus::Active {
        return Err(Rule::at(field, RuleCode::NotNow).into());
    }
    if !work.tx.touch_plan(plan.id, plan.version, work.deed.now).await? {
        return Err(stale(plan.version));
    }
    work.tx.set_item_status(item, input.status, input.declined_by, work.deed.now).await?;
    work.record(&Happening {
        dimension: Some(item.dimension),
        level: Some(item.level),
        ..of_case(&case, (Kind::PlanItem, item.id.into()), plan.version + 1)
    })
    .await?;
    work.commit((case.id, plan.id)).await
}
