//! Recording that the person agreed to a plan.

use super::{held_plan, of_plan, stale};
use crate::app::App;
use crate::domain::code::Code;
use crate::domain::id::{CaseId, PlanId};
use crate::domain::plan::{AgreementMethod, PlanParticipant, PlanStatus};
use crate::domain::rule::{Outcome, Rule, RuleCode, Rules};
use crate::domain::stage::CaseStage;
use crate::store::plan_writes::Agreement;
use crate::usecase::work::{Ask, fresh, open as begin};

/// That the person agreed to a version of their plan.
#[derive(Debug, Clone)]
pub struct Agree {
    pub plan: PlanId,
    pub expected_version: i32,
    /// ISO 8601; not in the future.
    pub agreed_on: String,
    pub method: AgreementMethod,
    /// Who took part, as parts; the person, or who may decide for them, is among them.
    pub participants: Vec<PlanParticipant>,
}

/// The holder records that the person agreed to a draft; the case is planned from then on, if it was not further.
///
/// # Errors
/// Those of a held case; NOT_NOW for a version that is no draft; REQUIRED without the person or their guardian.
pub async fn agree(app: &App, ask: Ask<'_>, input: Agree) -> Outcome<(CaseId, PlanId)> {
    let work = begin!(app, ask);
    let mut rules = Rules::default();
    rules.check(input.agreed_on <= app.today(), "agreedOn", RuleCode::DateOutOfRange);
    let decides = [PlanParticipant::Person, PlanParticipant::Guardian];
    rules.check(decides.iter().any(|who| input.participants.contains(who)), "participants", RuleCode::Required);
    rules.settle()?;
    let (case, plan) = held_plan(&work, input.plan).await?;
    fresh(input.expected_version, plan.version)?;
    if plan.status != PlanStatus::Draft {
        return Err(Rule::at("planId", RuleCode::NotNow).into());
    }
    let mut participants = input.participants.clone();
    participants.sort_unstable();
    participants.dedup();
    let agreement = Agreement { on: &input.agreed_on, method: input.method.code(), participants: &participants };
    if !work.tx.agree_plan(&plan, agreement, work.deed.now).await? {
        return Err(stale(plan.version));
    }
    work.tx.carry_case(case.id, CaseStage::Planned, &work.deed).await?;
    work.record(&of_plan(&case, plan.id.into(), plan.version + 1)).await?;
    work.commit((case.id, plan.id)).await
}
