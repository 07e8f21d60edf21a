//! Handing a draft over, publishing it without a review, or giving it up.

use super::review::publish;
use super::{Which, happened, own};
use crate::app::App;
use crate::domain::id::{OrganizationId, ServiceRevisionId};
use crate::domain::revision::{RevisionState, ServiceRevision};
use crate::domain::rule::{Failure, Outcome, Rule, RuleCode};
use crate::usecase::Ask;
use crate::usecase::service::needs_review;
use crate::usecase::work::{Work, open};

/// Who looks at a draft: the program's leading organization where the program asks for it, else somebody else of the
/// organization that wrote it.
pub(super) async fn reviewer(work: &Work<'_>, revision: &ServiceRevision) -> Result<OrganizationId, Failure> {
    if let Some(program) = revision.program_id
        && needs_review(work, Some(program)).await?
        && let Some(lead) = work.tx.program_led_by(program).await?
    {
        return Ok(lead);
    }
    Ok(revision.organization_id)
}

/// Hands a draft over for review. Those who review it are told.
///
/// # Errors
/// NOT_FOUND or NOT_PERMITTED at `revisionId`; NOT_NOW where it is not being written; STALE_VERSION.
pub async fn submit(app: &App, ask: Ask<'_>, which: Which) -> Outcome<ServiceRevisionId> {
    let work = open!(app, ask);
    let revision = open_draft(&work, which).await?;
    let reviewer = reviewer(&work, &revision).await?;
    work.tx.submit_revision(&revision, &work.deed).await?;
    work.record(&happened(&revision, revision.version + 1, Some((reviewer, true)))).await?;
    work.commit(revision.id).await
}

/// Publishes a draft without a review, where its program does not ask for one.
///
/// # Errors
/// Those of [`submit`]; REVIEW_REQUIRED; those of publishing and changing a service.
pub async fn publish_draft(app: &App, ask: Ask<'_>, which: Which) -> Outcome<ServiceRevisionId> {
    let work = open!(app, ask);
    let revision = open_draft(&work, which).await?;
    let service = publish(&work, &revision, true).await?;
    work.tx.close_revision(&revision, RevisionState::Published, Some(service), ("", None), &work.deed).await?;
    work.record(&happened(&revision, revision.version + 1, None)).await?;
    work.commit(revision.id).await
}

/// Gives a draft up; it stays for history, for the own organization.
///
/// # Errors
/// NOT_FOUND or NOT_PERMITTED at `revisionId`; NOT_NOW where it is published or given up already; STALE_VERSION.
pub async fn discard(app: &App, ask: Ask<'_>, which: Which) -> Outcome<ServiceRevisionId> {
    let work = open!(app, ask);
    let revision = own(&work, which).await?;
    if matches!(revision.state, RevisionState::Published | RevisionState::Discarded) {
        return Err(Rule::at("revisionId", RuleCode::NotNow).into());
    }
    work.tx.close_revision(&revision, RevisionState::Discarded, revision.service_id, ("", None), &work.deed).await?;
    work.record(&happened(&revision, revision.version + 1, None)).await?;
    work.commit(revision.id).await
}

async fn open_draft(work: &Work<'_>, which: Which) -> Result<ServiceRevision, Failure> {
    let revision = own(work, which).await?;
    if revision.state.is_open() { Ok(revision) } else { Err(Rule::at("revisionId", RuleCode::NotNow).into()) }
}
