//! An organization stops taking people for all of its services at once, as when funding stops.

use crate::app::App;
use crate::domain::id::{ProgramId, ServiceId};
use crate::domain::policy::Power;
use crate::domain::rule::{Outcome, Refusal, Rule, RuleCode, Rules};
use crate::domain::service::ServiceStatus;
use crate::domain::service_entry::LONGEST_NOTE;
use crate::store::services::ServiceChange;
use crate::usecase::Ask;
use crate::usecase::service::standing::record;
use crate::usecase::work::open;

/// Pauses every published service of the asker's organization, or of one of its programs; referrals under way go on. All
/// of them or none. Gives those that were paused.
///
/// # Errors
/// REQUIRED or TOO_LONG at `reason`; NOT_FOUND at `programId` for a program in which the organization has no part;
/// NOT_PERMITTED.
pub async fn pause_all(app: &App, ask: Ask<'_>, program: Option<ProgramId>, reason: &str) -> Outcome<Vec<ServiceId>> {
    let mut rules = Rules::default();
    rules.text("reason", reason, 1, LONGEST_NOTE);
    rules.settle()?;
    let work = open!(app, ask);
    let organization = work.actor.organization().ok_or(Refusal::Unauthenticated)?;
    if let Some(program) = program
        && !work.tx.takes_part(organization, program).await?
    {
        return Err(Rule::at("programId", RuleCode::NotFound).into());
    }
    work.needs(Power::EditDirectory, program, "programId")?;
    let mut paused = Vec::new();
    for id in work.tx.published_services(organization, program).await? {
        let Some(service) = work.tx.lock_own_service(organization, id).await? else { continue };
        if service.status != ServiceStatus::Published {
            continue;
        }
        let change = ServiceChange::Status(ServiceStatus::Paused, Some(reason.trim()));
        work.tx.change_service(id, change, work.deed.now).await?;
        record(&work, &service).await?;
        paused.push(id);
    }
    work.commit(paused).await
}
