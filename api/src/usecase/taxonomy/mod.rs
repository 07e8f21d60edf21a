//! The taxonomy: what may be used, what an organization or program adds below it, and who endorses it.

mod add_term;
mod change_term;
mod endorse;

pub use add_term::{AddTerm, add_term};
pub use change_term::{ChangeTerm, RetireTerm, change_term, retire_term};
pub use endorse::{Endorse, endorse};

use crate::app::App;
use crate::domain::code::Code as _;
use crate::domain::global_id::Kind;
use crate::domain::id::{OrganizationId, ProgramId};
use crate::domain::language_tag::canonical_tag;
use crate::domain::organization::Translations;
use crate::domain::policy::{Power, Sight};
use crate::domain::referral::Party;
use crate::domain::rule::{Failure, Fault, Outcome, Refusal, Rule, RuleCode, Rules};
use crate::domain::service::Category;
use crate::domain::taxonomy::Edition;
use crate::store::categories::TermFilter;
use crate::store::ledger::Happening;
use crate::usecase::work::Work;
use uuid::Uuid;

/// The category of a code that the asker's organization may use today: no group, not retired, not another's.
///
/// # Errors
/// What the engine refuses.
pub async fn usable(work: &Work<'_>, code: &str) -> Result<Option<Category>, Fault> {
    let Some(organization) = work.actor.organization() else { return Ok(None) };
    work.tx.category(organization, code, &work.app.today()).await
}

/// The editions of the standard terms, the newest first.
///
/// # Errors
/// What the engine refuses.
pub async fn editions(app: &App) -> Result<Vec<Edition>, Fault> {
    app.store.taxonomy_editions().await
}

/// A term that the asker may see, also a retired one.
///
/// # Errors
/// What the engine refuses.
pub async fn term(app: &App, sight: &Sight, code: &str) -> Result<Option<Category>, Fault> {
    let filter = TermFilter { within: Some(code.to_owned()), with_groups: true, ..TermFilter::default() };
    let found = app.store.categories(sight.organization, &filter).await?;
    Ok(found.into_iter().find(|term| term.code == code))
}

/// That the asker may add and change terms of their organization, or of a program that it leads.
async fn may_extend(work: &Work<'_>, program: Option<ProgramId>) -> Outcome<OrganizationId> {
    let organization = work.actor.organization().ok_or(Refusal::Unauthenticated)?;
    let Some(program) = program else {
        work.needs(Power::EditDirectory, None, "")?;
        return Ok(organization);
    };
    if !work.tx.takes_part(organization, program).await? {
        return Err(Rule::at("programId", RuleCode::NotFound).into());
    }
    if work.tx.program_led_by(program).await? != Some(organization) {
        return Err(Rule::at("programId", RuleCode::NotPermitted).into());
    }
    work.needs(Power::CoordinateReferrals, Some(program), "programId")?;
    Ok(organization)
}

/// That labels have an English one or another, in languages that exist, each once and of a length that can be shown.
fn check_labels(labels: &Translations, rules: &mut Rules) {
    rules.check(!labels.is_empty(), "labels", RuleCode::Required);
    for (tag, label) in labels {
        rules.check(canonical_tag(tag).is_some_and(|canonical| canonical == *tag), "labels", RuleCode::Invalid);
        rules.text("labels", label, 1, 200);
    }
}

/// Writes down that something happened to the terms of an organization or program.
async fn record(work: &Work<'_>, organization: OrganizationId, term: &Category, version: i32) -> Result<(), Failure> {
    let subject = match term.program_id {
        Some(program) => (Kind::Program, Uuid::from(program)),
        None => (Kind::Organization, Uuid::from(organization)),
    };
    let role = if term.program_id.is_some() { Party::Coordinator.code() } else { "TAXONOMY" };
    let happening = Happening {
        program: term.program_id,
        dimension: Some(term.dimension),
        level: Some(term.level),
        ..Happening::to(subject, role, version)
    };
    Ok(work.record(&happening).await?)
}
