//! Closing a case.

use crate::app::App;
use crate::domain::case::{CloseReason, Remigration};
use crate::domain::code::Code;
use crate::domain::global_id::Kind;
use crate::domain::id::CaseId;
use crate::domain::rule::{Detail, Outcome, Rule, RuleCode};
use crate::store::ledger::Happening;
use crate::usecase::work::{Ask, fresh, open as begin};
use uuid::Uuid;

/// Why a case is closed.
#[derive(Debug, Clone, Copy)]
pub struct Close {
    pub case: CaseId,
    pub expected_version: i32,
    pub reason: CloseReason,
    /// Asked for when the person migrated again: by choice, out of necessity, or unknown. It is no measure of failure.
    pub remigration: Option<Remigration>,
}

/// The holder closes a case that has no open referral. A proposal to hand it over is taken back with it.
///
/// # Errors
/// Those of a held case; OPEN_REFERRALS; a missing or needless answer about remigration.
pub async fn close(app: &App, ask: Ask<'_>, input: Close) -> Outcome<CaseId> {
    let work = begin!(app, ask);
    let migrated = input.reason == CloseReason::Remigrated;
    if migrated != input.remigration.is_some() {
        let code = if migrated { RuleCode::Required } else { RuleCode::Invalid };
        return Err(Rule::at("remigration", code).into());
    }
    let case = super::held_open_case(&work, input.case).await?;
    fresh(input.expected_version, case.version)?;
    super::still_open(&work, case.id).await?;
    if work.tx.has_open_referral(case.id).await? {
        return Err(Rule::at("caseId", RuleCode::OpenReferrals).into());
    }
    let motive = input.remigration.map(Code::code);
    if !work.tx.close_case(&case, input.reason.code(), motive, work.deed.now).await? {
        return Err(Rule::at("expectedVersion", RuleCode::StaleVersion).with(Detail::Version(case.version + 1)).into());
    }
    crate::usecase::case_transfer::withdraw_with_case(&work, case.id).await?;
    work.record(&Happening {
        case: Some(case.id),
        program: Some(case.program_id),
        area: case.area_id,
        ..Happening::to((Kind::Case, Uuid::from(case.id)), "HOLDER", case.version + 1)
    })
    .await?;
    work.commit(case.id).await
}
