//! Drafts as they are read: by the organization that writes them, and by those who review them.

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::id::ServiceRevisionId;
use crate::domain::page::{Page, Window};
use crate::domain::policy::{Power, extent};
use crate::domain::revision::{RevisionState, ServiceRevision};
use crate::domain::rule::Fault;
use crate::store::revisions::RevisionSight;

/// Which drafts somebody can see: all of their own organization; and, for who edits the directory of a program's leading
/// organization, those that were submitted to it. Nothing without a token.
#[must_use]
pub fn sight_of(actor: &Actor) -> Option<RevisionSight> {
    let reviews = extent(actor, Power::EditDirectory);
    actor.organization().map(|organization| RevisionSight { organization, reviews })
}

/// A page of the drafts that the asker can see, the newest first.
///
/// # Errors
/// What the engine refuses.
pub async fn list(
    app: &App,
    sight: &RevisionSight,
    states: &[RevisionState],
    window: &Window,
) -> Result<Page<ServiceRevision>, Fault> {
    app.store.revisions(sight, states, window).await
}

/// A draft that the asker can see.
///
/// # Errors
/// What the engine refuses.
pub async fn one(app: &App, actor: &Actor, id: ServiceRevisionId) -> Result<Option<ServiceRevision>, Fault> {
    let Some(sight) = sight_of(actor) else { return Ok(None) };
    Ok(app.store.revisions_by_id(&sight, &[id.into()]).await?.pop())
}
