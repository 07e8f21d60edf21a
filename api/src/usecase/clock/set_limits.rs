//! How long each step may take in a program.

use crate::app::App;
use crate::domain::case::Urgency;
use crate::domain::code::Code as _;
use crate::domain::global_id::Kind;
use crate::domain::id::ProgramId;
use crate::domain::policy::Power;
use crate::domain::referral::Party;
use crate::domain::referral::clocks::Limits;
use crate::domain::rule::{Failure, Fault, Outcome, Refusal, Rule, RuleCode, Rules};
use crate::store::calendars::ProgramLimits;
use crate::store::ledger::Happening;
use crate::usecase::work::{Ask, fresh, open as begin};
use uuid::Uuid;

/// The longest time between the planned end of a service and its outcome, in days.
pub const LONGEST_OUTCOME_DAYS: u32 = 366;

/// Limits to set; an urgency that is not named has the usual ones.
#[derive(Debug, Clone, Copy)]
pub struct SetLimits {
    pub program: ProgramId,
    pub expected_version: i32,
    pub limits: Limits,
}

/// The coordinator sets how long each step may take in the program. What was sent before keeps its limits.
///
/// # Errors
/// INVALID for a limit that is nothing or too long, or for a receipt that is due after the decision; NOT_FOUND;
/// NOT_PERMITTED; STALE_VERSION.
pub async fn set_limits(app: &App, ask: Ask<'_>, input: SetLimits) -> Outcome<ProgramId> {
    let work = begin!(app, ask);
    check(input.limits)?;
    let organization = work.actor.organization().ok_or(Refusal::Unauthenticated)?;
    if !work.tx.takes_part(organization, input.program).await? {
        return Err(Rule::at("programId", RuleCode::NotFound).into());
    }
    if work.tx.program_led_by(input.program).await? != Some(organization) {
        return Err(Rule::at("programId", RuleCode::NotPermitted).into());
    }
    work.needs(Power::CoordinateReferrals, Some(input.program), "programId")?;
    let current = work.tx.program_limits(input.program).await?;
    fresh(input.expected_version, current.version)?;
    let new = ProgramLimits { limits: input.limits, version: current.version + 1 };
    if !work.tx.set_program_limits(input.program, &new, work.deed.now).await? {
        return Err(Rule::at("expectedVersion", RuleCode::StaleVersion).into());
    }
    let subject = (Kind::Program, Uuid::from(input.program));
    let program = Some(input.program);
    work.record(&Happening { program, ..Happening::to(subject, Party::Coordinator.code(), new.version) }).await?;
    work.commit(input.program).await
}

/// The limits that a program set, with their version.
///
/// # Errors
/// What the engine refuses.
pub async fn program_limits(app: &App, program: ProgramId) -> Result<ProgramLimits, Fault> {
    app.store.program_limits(program).await
}

fn check(limits: Limits) -> Result<(), Failure> {
    let mut rules = Rules::default();
    for urgency in Urgency::ALL {
        let Some(of) = limits.of(*urgency) else { continue };
        let sound = of.acknowledge.is_sound() && of.decide.is_sound() && of.contact.is_sound();
        let outcome = (1..=LONGEST_OUTCOME_DAYS).contains(&of.outcome_days);
        rules.check(sound && outcome && !of.acknowledge.exceeds(of.decide), "limits", RuleCode::Invalid);
    }
    rules.settle()
}
