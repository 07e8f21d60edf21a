//! Corrections as they are read: by those who reported them and by those who can mend the entry.

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::correction::ServiceCorrection;
use crate::domain::id::ServiceCorrectionId;
use crate::domain::page::{Page, Window};
use crate::domain::policy::{Power, extent};
use crate::domain::rule::Fault;
pub use crate::store::corrections::CorrectionFilter;
use crate::store::corrections::CorrectionSight;

/// Which corrections somebody can see: those that their organization reported, and, for who edits or confirms services,
/// those of the organization's own services. Nothing without a token.
#[must_use]
pub fn sight_of(actor: &Actor) -> Option<CorrectionSight> {
    let publishes = extent(actor, Power::EditDirectory).or(extent(actor, Power::ReportCapacity));
    actor.organization().map(|organization| CorrectionSight { organization, publishes })
}

/// A page of the corrections that the asker can see, the newest first.
///
/// # Errors
/// What the engine refuses.
pub async fn list(
    app: &App,
    sight: &CorrectionSight,
    filter: &CorrectionFilter,
    window: &Window,
) -> Result<Page<ServiceCorrection>, Fault> {
    app.store.corrections(sight, filter, window).await
}

/// A correction that the asker can see.
///
/// # Errors
/// What the engine refuses.
pub async fn one(app: &App, actor: &Actor, id: ServiceCorrectionId) -> Result<Option<ServiceCorrection>, Fault> {
    let Some(sight) = sight_of(actor) else { return Ok(None) };
    Ok(app.store.corrections_by_id(&sight, &[id.into()]).await?.pop())
}
