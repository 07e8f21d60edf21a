//! What a program asks of the services that are part of it.

use crate::app::App;
use crate::domain::code::Code as _;
use crate::domain::global_id::Kind;
use crate::domain::id::ProgramId;
use crate::domain::policy::Power;
use crate::domain::referral::Party;
use crate::domain::revision::DirectoryRules;
use crate::domain::rule::{Fault, Outcome, Refusal, Rule, RuleCode};
use crate::store::ledger::Happening;
use crate::usecase::Ask;
use crate::usecase::work::{fresh, open};
use uuid::Uuid;

/// What to ask; the version in it is the one that was read.
#[derive(Debug, Clone)]
pub struct SetDirectoryRules {
    pub program: ProgramId,
    pub rules: DirectoryRules,
}

/// The coordinator sets what the program asks of its services.
///
/// # Errors
/// INVALID at `maxAgeDays`; NOT_FOUND; NOT_PERMITTED; STALE_VERSION.
pub async fn set_directory_rules(app: &App, ask: Ask<'_>, input: SetDirectoryRules) -> Outcome<ProgramId> {
    let work = open!(app, ask);
    if input.rules.max_age_days.is_some_and(|days| !(1..=366).contains(&days)) {
        return Err(Rule::at("maxAgeDays", RuleCode::Invalid).into());
    }
    let organization = work.actor.organization().ok_or(Refusal::Unauthenticated)?;
    if !work.tx.takes_part(organization, input.program).await? {
        return Err(Rule::at("programId", RuleCode::NotFound).into());
    }
    if work.tx.program_led_by(input.program).await? != Some(organization) {
        return Err(Rule::at("programId", RuleCode::NotPermitted).into());
    }
    work.needs(Power::CoordinateReferrals, Some(input.program), "programId")?;
    let current = work.tx.directory_rules(input.program).await?;
    fresh(input.rules.version, current.version)?;
    let new = DirectoryRules { version: current.version + 1, ..input.rules };
    if !work.tx.set_directory_rules(input.program, &new, work.deed.now).await? {
        return Err(Rule::at("expectedVersion", RuleCode::StaleVersion).into());
    }
    let subject = (Kind::Program, Uuid::from(input.program));
    let program = Some(input.program);
    work.record(&Happening { program, ..Happening::to(subject, Party::Coordinator.code(), new.version) }).await?;
    work.commit(input.program).await
}

/// What a program asks of its services, as it stands after a change.
///
/// # Errors
/// What the engine refuses.
pub async fn directory_rules(app: &App, program: ProgramId) -> Result<DirectoryRules, Fault> {
    app.store.directory_rules(program).await
}
