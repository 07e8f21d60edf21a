//! A local term is renamed or retired. It is never deleted: what was classified under it stays.

use crate::app::App;
use crate::domain::id::OrganizationId;
use crate::domain::organization::Translations;
use crate::domain::rule::{Outcome, Refusal, Rule, RuleCode, Rules};
use crate::domain::service::Category;
use crate::usecase::taxonomy::{check_labels, may_extend, record, usable};
use crate::usecase::work::{Ask, Work, fresh, open as begin};

/// New labels of a local term.
#[derive(Debug, Clone)]
pub struct ChangeTerm {
    pub code: String,
    pub expected_version: i32,
    pub labels: Translations,
}

/// The end of a local term.
#[derive(Debug, Clone)]
pub struct RetireTerm {
    pub code: String,
    pub expected_version: i32,
    /// What to use in its place.
    pub successor: Option<String>,
}

/// Gives a local term other labels: all of them, in all languages.
///
/// # Errors
/// Rules that the input breaks; NOT_FOUND for a term that is not the organization's; NOT_PERMITTED; STALE_VERSION.
pub async fn change_term(app: &App, ask: Ask<'_>, input: ChangeTerm) -> Outcome<String> {
    let work = begin!(app, ask);
    let mut rules = Rules::default();
    check_labels(&input.labels, &mut rules);
    rules.settle()?;
    let (organization, term) = own(&work, &input.code).await?;
    fresh(input.expected_version, term.version)?;
    finish(work, organization, Category { labels: input.labels, ..term }).await
}

/// Retires a local term from tomorrow on.
///
/// # Errors
/// NOT_FOUND for a term that is not the organization's, or for a successor that can't be used; NOT_NOW for one that is
/// retired already; INVALID for one that would follow itself; NOT_PERMITTED; STALE_VERSION.
pub async fn retire_term(app: &App, ask: Ask<'_>, input: RetireTerm) -> Outcome<String> {
    let work = begin!(app, ask);
    let (organization, term) = own(&work, &input.code).await?;
    fresh(input.expected_version, term.version)?;
    if term.valid_to.is_some() {
        return Err(Rule::at("code", RuleCode::NotNow).into());
    }
    if let Some(successor) = &input.successor {
        let found = usable(&work, successor).await?.is_some();
        let mut rules = Rules::default();
        rules.check(found, "successorCode", RuleCode::NotFound);
        rules.check(*successor != term.code, "successorCode", RuleCode::Invalid);
        rules.settle()?;
    }
    let valid_to = Some(app.today());
    finish(work, organization, Category { valid_to, successor: input.successor, ..term }).await
}

/// A term of the asker's own organization that they may change.
async fn own(work: &Work<'_>, code: &str) -> Outcome<(OrganizationId, Category)> {
    let organization = work.actor.organization().ok_or(Refusal::Unauthenticated)?;
    let found = work.tx.lock_local_term(organization, code).await?;
    let term = found.ok_or_else(|| Rule::at("code", RuleCode::NotFound))?;
    may_extend(work, term.program_id).await?;
    Ok((organization, term))
}

async fn finish(work: Work<'_>, organization: OrganizationId, term: Category) -> Outcome<String> {
    work.tx.change_local_term(&term).await?;
    record(&work, organization, &term, term.version + 1).await?;
    work.commit(term.code).await
}
