//! Reading jobs: whoever started one sees it, and those who answer for the organization's exports see all of them, but
//! not what is in their files.

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::bulk::{BulkJob, BulkSight, BulkState};
use crate::domain::id::BulkJobId;
use crate::domain::page::{Page, Window};
use crate::domain::rule::Fault;
use uuid::Uuid;

/// A page of the jobs that somebody sees, the newest first.
///
/// # Errors
/// What the engine refuses.
pub async fn jobs(app: &App, sight: &BulkSight, state: &[BulkState], window: &Window) -> Result<Page<BulkJob>, Fault> {
    app.store.bulk_jobs(sight, state, window).await
}

/// The jobs with these keys that the asker sees.
///
/// # Errors
/// What the engine refuses.
pub async fn jobs_by_id(app: &App, actor: &Actor, keys: &[Uuid]) -> Result<Vec<BulkJob>, Fault> {
    let Some(sight) = BulkSight::of(actor) else { return Ok(Vec::new()) };
    app.store.bulk_jobs_by_id(&sight, keys).await
}

/// One job, where the asker sees it.
///
/// # Errors
/// What the engine refuses.
pub async fn job(app: &App, actor: &Actor, id: BulkJobId) -> Result<Option<BulkJob>, Fault> {
    Ok(jobs_by_id(app, actor, &[id.into()]).await?.pop())
}
