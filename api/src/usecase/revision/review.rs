//! Somebody else looks at a draft.

use super::submit::reviewer;
use super::{Which, happened, locked};
use crate::app::App;
use crate::domain::id::{ServiceId, ServiceRevisionId};
use crate::domain::policy::Power;
use crate::domain::revision::{LONGEST_REVIEW, RevisionState, ServiceRevision};
use crate::domain::rule::{Failure, Outcome, Rule, RuleCode, Rules};
use crate::domain::service::ServiceStatus;
use crate::usecase::Ask;
use crate::usecase::service::{put_change, put_new, without_review};
use crate::usecase::work::{Work, open};

/// What the reviewer says.
#[derive(Debug, Clone)]
pub struct Review {
    pub which: Which,
    /// Whether it is published; otherwise it is sent back.
    pub approves: bool,
    pub note: String,
}

/// Approves a draft, which publishes it, or sends it back with a word on what to change. Nobody approves what they wrote or
/// submitted themselves.
///
/// # Errors
/// NOT_FOUND or NOT_PERMITTED at `revisionId`; NOT_NOW where it is not in review; STALE_VERSION; TEXT_REQUIRED or TOO_LONG
/// at `note`; those of publishing and changing a service.
pub async fn review(app: &App, ask: Ask<'_>, input: Review) -> Outcome<ServiceRevisionId> {
    let work = open!(app, ask);
    let mut rules = Rules::default();
    rules.check(input.approves || !input.note.trim().is_empty(), "note", RuleCode::TextRequired);
    rules.text("note", &input.note, 0, LONGEST_REVIEW);
    rules.settle()?;
    let revision = locked(&work, input.which).await?;
    may_review(&work, &revision).await?;
    if revision.state != RevisionState::InReview {
        return Err(Rule::at("revisionId", RuleCode::NotNow).into());
    }
    let (state, service) = if input.approves {
        (RevisionState::Published, Some(publish(&work, &revision, false).await?))
    } else {
        (RevisionState::SentBack, revision.service_id)
    };
    let reviewer = Some(work.deed.organization);
    work.tx.close_revision(&revision, state, service, (input.note.trim(), reviewer), &work.deed).await?;
    let told = Some((revision.organization_id, !input.approves));
    work.record(&happened(&revision, revision.version + 1, told)).await?;
    work.commit(revision.id).await
}

async fn may_review(work: &Work<'_>, revision: &ServiceRevision) -> Result<(), Failure> {
    work.needs(Power::EditDirectory, revision.program_id, "revisionId")?;
    let is_own = revision.written_by == work.deed.principal || revision.submitted_by == Some(work.deed.principal);
    if is_own || reviewer(work, revision).await? != work.deed.organization {
        return Err(Rule::at("revisionId", RuleCode::NotPermitted).into());
    }
    Ok(())
}

/// Puts what a draft says into the directory.
pub(super) async fn publish(
    work: &Work<'_>,
    revision: &ServiceRevision,
    by_writer: bool,
) -> Result<ServiceId, Failure> {
    let entry = revision.proposal.entry.clone();
    let Some(id) = revision.service_id else {
        if by_writer {
            without_review(work, [revision.program_id, None], "revisionId").await?;
        }
        let entry = entry.checked_new(Rules::default())?;
        return put_new(work, revision.organization_id, &entry, revision.proposal.capacity).await;
    };
    let found = work.tx.lock_own_service(revision.organization_id, id).await?;
    let service = found.ok_or_else(|| Rule::at("revisionId", RuleCode::NotFound))?;
    if service.status == ServiceStatus::Retired {
        return Err(Rule::at("revisionId", RuleCode::ServiceClosed).into());
    }
    if by_writer {
        without_review(work, [revision.program_id, service.program_id], "revisionId").await?;
    }
    put_change(work, &service, &entry.checked(Rules::default())?).await?;
    Ok(id)
}
