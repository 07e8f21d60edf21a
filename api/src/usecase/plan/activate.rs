//! Following a plan to which the person agreed.

use super::{held_plan, of_plan, stale};
use crate::app::App;
use crate::domain::id::{CaseId, PlanId};
use crate::domain::plan::PlanStatus;
use crate::domain::rule::{Outcome, Rule, RuleCode};
use crate::usecase::work::{Ask, fresh, open as begin};

/// The holder makes an agreed version the one that is followed. Nothing is followed that the person has not agreed to.
///
/// # Errors
/// Those of a held case; NOT_AGREED for a draft; NOT_NOW for a version that is followed or superseded.
pub async fn activate(app: &App, ask: Ask<'_>, plan: PlanId, expected_version: i32) -> Outcome<(CaseId, PlanId)> {
    let work = begin!(app, ask);
    let (case, plan) = held_plan(&work, plan).await?;
    fresh(expected_version, plan.version)?;
    match plan.status {
        PlanStatus::Agreed => {}
        PlanStatus::Draft => return Err(Rule::at("planId", RuleCode::NotAgreed).into()),
        PlanStatus::Active | PlanStatus::Superseded => return Err(Rule::at("planId", RuleCode::NotNow).into()),
    }
    if !work.tx.activate_plan(&plan, work.deed.now).await? {
        return Err(stale(plan.version));
    }
    work.record(&of_plan(&case, plan.id.into(), plan.version + 1)).await?;
    work.commit((case.id, plan.id)).await
}
