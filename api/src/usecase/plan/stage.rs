//! Moving a case from stage to stage by hand.

use super::{held_case, of_case, stale};
use crate::app::App;
use crate::domain::global_id::Kind;
use crate::domain::id::CaseId;
use crate::domain::rule::{Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::domain::stage::CaseStage;
use crate::usecase::referral::seal;
use crate::usecase::work::{Ask, fresh, open as begin};
use uuid::Uuid;

/// A move to another stage.
#[derive(Debug, Clone)]
pub struct MoveCase {
    pub case: CaseId,
    pub expected_version: i32,
    pub to: CaseStage,
    /// Why; needed to interrupt the work.
    pub reason: Option<Private<String>>,
}

/// The holder moves a case to another stage.
///
/// # Errors
/// Those of a held case; NOT_NOW for a stage that can't be reached from here; TEXT_REQUIRED for an interruption without
/// a reason.
pub async fn move_case(app: &App, ask: Ask<'_>, input: MoveCase) -> Outcome<CaseId> {
    let work = begin!(app, ask);
    let mut rules = Rules::default();
    rules.check(input.to != CaseStage::OnHold || input.reason.is_some(), "reason", RuleCode::TextRequired);
    if let Some(reason) = &input.reason {
        rules.text("reason", reason.expose(), 1, 500);
    }
    rules.settle()?;
    let (case, done) = held_case(&work, input.case).await?;
    fresh(input.expected_version, case.version)?;
    let from = case.stage.unwrap_or_default();
    if !from.next(done.before_hold()).contains(&input.to) {
        return Err(Rule::at("to", RuleCode::NotNow).into());
    }
    let key = Uuid::now_v7();
    let reason = seal(&work, "case_stage_change", "reason_sealed", key, input.reason.as_ref())?;
    let reason = reason.map(|sealed| (key, sealed));
    if !work.tx.move_case(&case, (from, input.to), reason, &work.deed).await? {
        return Err(stale(case.version));
    }
    work.record(&of_case(&case, (Kind::Case, case.id.into()), case.version + 1)).await?;
    work.commit(case.id).await
}
