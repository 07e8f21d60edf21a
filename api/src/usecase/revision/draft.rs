//! Writing an entry that is not published yet.

use super::{Which, happened, own};
use crate::app::App;
use crate::domain::global_id::Kind;
use crate::domain::id::ServiceRevisionId;
use crate::domain::policy::Power;
use crate::domain::revision::{Proposal, RevisionState, ServiceRevision};
use crate::domain::rule::{Detail, Failure, Outcome, Refusal, Rule, RuleCode};
use crate::domain::service::Service;
use crate::domain::service_entry::{CheckedEntry, Places};
use crate::usecase::Ask;
use crate::usecase::service::{Target, resolve, standing};
use crate::usecase::work::{Work, open};
use uuid::Uuid;

/// The draft that is written anew, or none for a new one.
pub type Replaced = Option<Which>;

/// What is written.
#[derive(Debug, Clone)]
pub struct Draft {
    pub entry: CheckedEntry,
    pub capacity: Option<Places>,
    pub replaces: Replaced,
}

/// Writes a draft of a new service of the asker's organization; nobody else sees it.
///
/// # Errors
/// Rules that the input breaks, at their fields; NOT_PERMITTED; NOT_FOUND, NOT_NOW or STALE_VERSION for the draft that is
/// written anew.
pub async fn draft_new(app: &App, ask: Ask<'_>, draft: Draft) -> Outcome<ServiceRevisionId> {
    let work = open!(app, ask);
    let organization = work.actor.organization().ok_or(Refusal::Unauthenticated)?;
    work.needs(Power::EditDirectory, draft.entry.program.flatten(), "")?;
    resolve(&work, organization, &draft.entry).await?;
    let id = write(&work, draft, None).await?;
    work.commit(id).await
}

/// Writes a draft of a change of a published service. What is published stays as it is.
///
/// # Errors
/// Those of every change of a service; ALREADY_EXISTS where another change of it is being written or reviewed; NOT_FOUND,
/// NOT_NOW or STALE_VERSION for the draft that is written anew.
pub async fn draft_change(app: &App, ask: Ask<'_>, target: Target, draft: Draft) -> Outcome<ServiceRevisionId> {
    let work = open!(app, ask);
    let service = standing(&work, target, Power::EditDirectory).await?;
    if let Some(program) = draft.entry.program {
        work.needs(Power::EditDirectory, program, "programId")?;
    }
    resolve(&work, service.organization.id, &draft.entry).await?;
    if draft.replaces.is_none()
        && let Some(other) = work.tx.open_revision(service.id).await?
    {
        let existing = Detail::Existing(Kind::ServiceRevision, other);
        return Err(Rule::at("serviceId", RuleCode::AlreadyExists).with(existing).into());
    }
    let id = write(&work, draft, Some(&service)).await?;
    work.commit(id).await
}

async fn write(work: &Work<'_>, draft: Draft, service: Option<&Service>) -> Result<ServiceRevisionId, Failure> {
    let program = draft.entry.program.unwrap_or_else(|| service.and_then(|service| service.program_id));
    let name = draft.entry.name.clone().or_else(|| service.map(|service| service.name.clone())).unwrap_or_default();
    let proposal = Proposal { entry: (*draft.entry).clone(), capacity: draft.capacity };
    let written = ServiceRevision {
        id: Uuid::now_v7().into(),
        service_id: service.map(|service| service.id),
        organization_id: work.deed.organization,
        program_id: program,
        name,
        proposal,
        based_on: service.map(|service| service.version),
        written_by: work.deed.principal,
        version: 1,
        created_at: work.deed.now,
        updated_at: work.deed.now,
        ..ServiceRevision::default()
    };
    let Some(which) = draft.replaces else {
        work.tx.add_revision(&written).await?;
        work.record(&happened(&written, 1, None)).await?;
        return Ok(written.id);
    };
    let standing = own(work, which).await?;
    if standing.service_id != written.service_id {
        return Err(Rule::at("asDraft.revisionId", RuleCode::Invalid).into());
    }
    if !standing.state.is_open() {
        return Err(Rule::at("asDraft.revisionId", RuleCode::NotNow).into());
    }
    let anew = ServiceRevision { id: standing.id, state: RevisionState::Draft, version: standing.version, ..written };
    work.tx.rewrite_revision(&anew).await?;
    work.record(&happened(&anew, standing.version + 1, None)).await?;
    Ok(standing.id)
}
