//! The holder's work on a case: its plan in versions, its stage, its needs, and help given without a referral.

mod activate;
mod agree;
mod draft;
mod figures;
mod item;
mod needs;
mod proposal;
mod record_contact;
mod record_direct;
mod stage;

pub use activate::activate;
pub use agree::{Agree, agree};
pub use draft::{Draft, DraftItem, draft};
pub use figures::{GapFilter, help_comparison, plan_gaps};
pub use item::{SetItem, set_item};
pub use needs::{ChangeNeed, NeedChange, change_need};
pub use proposal::{DeclineItem, ProposeItem, WhichProposal, accept_item, decline_item, item_proposal, propose_item};
pub use record_contact::{RecordContact, record_contact};
pub use record_direct::{RecordDirect, record_direct};
pub use stage::{MoveCase, move_case};

use crate::app::App;
use crate::domain::case::{Case, CaseStatus};
use crate::domain::global_id::Kind;
use crate::domain::id::{CaseId, PlanId};
use crate::domain::plan::{Casework, Plan};
use crate::domain::policy::{Power, Sight};
use crate::domain::rule::{Detail, Failure, Fault, Rule, RuleCode};
use crate::store::ledger::Happening;
use crate::usecase::work::Work;
use std::collections::HashMap;
use uuid::Uuid;

/// The work on these cases, as far as the asker's organization holds them.
///
/// # Errors
/// What the engine refuses.
pub async fn casework(app: &App, sight: &Sight, ids: &[CaseId]) -> Result<HashMap<CaseId, Casework>, Fault> {
    app.store.casework(sight, ids).await
}

/// The open case that the asker's organization holds and may change, with the work on it.
///
/// # Errors
/// NOT_FOUND for a case that is unknown or not visible; NOT_PERMITTED for one that is visible but held by others or out
/// of the asker's roles; CASE_CLOSED.
async fn held_case(work: &Work<'_>, id: CaseId) -> Result<(Case, Casework), Failure> {
    let case = super::case::held_open_case(work, id).await?;
    let done = work.tx.casework(&work.sight(), id).await?;
    Ok((case, done.ok_or_else(|| Rule::at("caseId", RuleCode::NotFound))?))
}

/// The same for the case to which a plan or an item named in `field` belongs.
///
/// # Errors
/// NOT_FOUND for whom does not hold it, even if a referral shows them the case: they see no plan; NOT_PERMITTED;
/// CASE_CLOSED.
async fn held_case_of(work: &Work<'_>, id: Option<CaseId>, field: &str) -> Result<(Case, Casework), Failure> {
    let unknown = || Rule::at(field, RuleCode::NotFound);
    let id = id.ok_or_else(unknown)?;
    let case = work.tx.case(&work.sight(), id).await?.filter(|case| case.is_held).ok_or_else(unknown)?;
    work.needs(Power::WriteCases, Some(case.program_id), field)?;
    if case.status == CaseStatus::Closed {
        return Err(Rule::at(field, RuleCode::CaseClosed).into());
    }
    let done = work.tx.casework(&work.sight(), id).await?.ok_or_else(unknown)?;
    Ok((case, done))
}

/// A plan of an open case that the asker's organization holds, with its case.
///
/// # Errors
/// Those of [`held_case_of`].
async fn held_plan(work: &Work<'_>, id: PlanId) -> Result<(Case, Plan), Failure> {
    let (case, done) = held_case_of(work, work.tx.case_of_plan(id).await?, "planId").await?;
    let plan = done.plans.into_iter().find(|plan| plan.id == id);
    Ok((case, plan.ok_or_else(|| Rule::at("planId", RuleCode::NotFound))?))
}

/// That somebody was faster.
fn stale(version: i32) -> Failure {
    Rule::at("expectedVersion", RuleCode::StaleVersion).with(Detail::Version(version + 1)).into()
}

/// What happened to a plan.
fn of_plan(case: &Case, id: Uuid, version: i32) -> Happening {
    of_case(case, (Kind::Plan, id), version)
}

/// What happened to a thing in a case.
fn of_case(case: &Case, subject: (Kind, Uuid), version: i32) -> Happening {
    Happening {
        case: Some(case.id),
        program: Some(case.program_id),
        area: case.area_id,
        ..Happening::to(subject, "HOLDER", version)
    }
}
