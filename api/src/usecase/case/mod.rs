//! Cases: opened by their holder, named by a shared identifier, closed with a reason.

mod add_alias;
mod add_need;
mod close;
mod find;
pub mod listing;
mod open;
mod record_consent;
mod update;

pub use add_alias::{AddAlias, add_alias};
pub use add_need::{AddNeed, MAX_GOAL_TEXT, MAX_GOALS, add_need};
pub use close::{Close, close};
pub use find::{CaseBy, NoSearch, find};
pub use open::{Open, open};
pub use record_consent::{RecordConsent, record_consent};
pub use update::{Update, update};

use crate::domain::case::{Case, CaseStatus, NeedStatus};
use crate::domain::id::{CaseId, NeedId};
use crate::domain::policy::Power;
use crate::domain::rule::{Failure, Rule, RuleCode};
use crate::usecase::work::Work;

/// The open case that the asker's organization holds and may change.
///
/// # Errors
/// NOT_FOUND for a case that is unknown or not visible; NOT_PERMITTED for one that is visible but held by others or out
/// of the asker's roles; CASE_CLOSED.
pub(crate) async fn held_open_case(work: &Work<'_>, id: CaseId) -> Result<Case, Failure> {
    let case = work.tx.case(&work.sight(), id).await?.ok_or_else(|| Rule::at("caseId", RuleCode::NotFound))?;
    if case.holder.id != work.deed.organization {
        return Err(Rule::at("caseId", RuleCode::NotPermitted).into());
    }
    work.needs(Power::WriteCases, Some(case.program_id), "caseId")?;
    if case.status == CaseStatus::Closed {
        return Err(Rule::at("caseId", RuleCode::CaseClosed).into());
    }
    Ok(case)
}

/// Holds an open case of the asker's organization so until the work is done: nobody closes it or takes it over meanwhile.
///
/// # Errors
/// CASE_CLOSED for one that was closed at this moment; NOT_FOUND for one that was handed over.
pub(crate) async fn still_open(work: &Work<'_>, id: CaseId) -> Result<(), Failure> {
    let code = match work.tx.hold_case(id).await? {
        Some((CaseStatus::Open, holder)) if holder == work.deed.organization => return Ok(()),
        Some((CaseStatus::Closed, holder)) if holder == work.deed.organization => RuleCode::CaseClosed,
        _ => RuleCode::NotFound,
    };
    Err(Rule::at("caseId", code).into())
}

/// Holds an open need so until the work is done: nobody withdraws it meanwhile.
///
/// # Errors
/// NEED_CLOSED for one that was met or withdrawn at this moment.
pub(crate) async fn need_still_open(work: &Work<'_>, id: NeedId) -> Result<(), Failure> {
    if work.tx.hold_need(id).await?.is_some_and(NeedStatus::is_open) {
        Ok(())
    } else {
        Err(Rule::at("needId", RuleCode::NeedClosed).into())
    }
}
