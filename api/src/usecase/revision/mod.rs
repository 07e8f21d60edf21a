//! Entries before they are published: written, submitted, looked at by somebody else, and then published or sent back.

mod draft;
mod read;
mod review;
mod submit;

pub use draft::{Draft, Replaced, draft_change, draft_new};
pub use read::{list, one, sight_of};
pub use review::{Review, review};
pub use submit::{discard, publish_draft, submit};

use crate::domain::actor::MemberRole;
use crate::domain::global_id::Kind;
use crate::domain::id::{OrganizationId, ServiceRevisionId};
use crate::domain::notice::Notice;
use crate::domain::policy::Power;
use crate::domain::revision::ServiceRevision;
use crate::domain::rule::{Failure, Refusal, Rule, RuleCode};
use crate::store::ledger::Happening;
use crate::usecase::work::{Work, fresh};

/// Which draft, and the version the caller read.
#[derive(Debug, Clone, Copy)]
pub struct Which {
    pub revision: ServiceRevisionId,
    pub expected_version: i32,
}

/// Locks a draft that the asker can see and knows as it stands.
///
/// # Errors
/// NOT_FOUND at `revisionId`; STALE_VERSION.
async fn locked(work: &Work<'_>, which: Which) -> Result<ServiceRevision, Failure> {
    let sight = sight_of(work.actor).ok_or(Refusal::Unauthenticated)?;
    let found = work.tx.lock_revision(&sight, which.revision).await?;
    let revision = found.ok_or_else(|| Rule::at("revisionId", RuleCode::NotFound))?;
    Ok(revision).and_then(|revision| fresh(which.expected_version, revision.version).map(|()| revision))
}

/// The same for one of the asker's own organization that they may write.
///
/// # Errors
/// Those of [`locked`]; NOT_PERMITTED at `revisionId`.
async fn own(work: &Work<'_>, which: Which) -> Result<ServiceRevision, Failure> {
    let revision = locked(work, which).await?;
    if revision.organization_id != work.deed.organization {
        return Err(Rule::at("revisionId", RuleCode::NotPermitted).into());
    }
    work.needs(Power::EditDirectory, revision.program_id, "revisionId")?;
    Ok(revision)
}

/// What happened to a draft; `told` hears of it, and whether they must act.
fn happened(revision: &ServiceRevision, version: i32, told: Option<(OrganizationId, bool)>) -> Happening {
    let notice = |(organization, must_act)| Notice {
        program: revision.program_id,
        must_act,
        ..Notice::act(organization, MemberRole::DirectoryEditor)
    };
    Happening {
        program: revision.program_id,
        receiver: told.map(|(organization, _)| organization).filter(|told| *told != revision.organization_id),
        notify: told.map(notice).into_iter().collect(),
        ..Happening::to((Kind::ServiceRevision, revision.id.into()), "PROVIDER", version)
    }
}
