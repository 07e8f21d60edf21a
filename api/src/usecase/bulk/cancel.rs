//! Stopping a job, or throwing its file away.

use super::{Which, record, to_starter};
use crate::app::App;
use crate::domain::bulk::{BulkSight, BulkState};
use crate::domain::id::BulkJobId;
use crate::domain::rule::{Outcome, Refusal, Rule, RuleCode};
use crate::usecase::work::{Ask, fresh, open};

/// Stops a job that goes on or waits, and throws away what there is of its file. Whoever started it may, and those who
/// answer for the organization's exports: it is also how they say no.
///
/// # Errors
/// NOT_FOUND for whom does not see it; STALE_VERSION; NOT_NOW where nothing is left to be stopped.
pub async fn cancel(app: &App, ask: Ask<'_>, which: Which) -> Outcome<BulkJobId> {
    let work = open!(app, ask);
    let sight = BulkSight::of(work.actor).ok_or(Refusal::Unauthenticated)?;
    let job = work.tx.lock_bulk_job(&sight, which.job).await?;
    let job = job.ok_or_else(|| Rule::at("bulkJobId", RuleCode::NotFound))?;
    fresh(which.expected_version, job.version)?;
    if !job.state.is_open() && job.state != BulkState::Done {
        return Err(Rule::at("bulkJobId", RuleCode::NotNow).into());
    }
    work.tx.stop_bulk_job(&job, BulkState::Cancelled, work.deed.now).await?;
    let told = (job.principal_id != work.deed.principal).then(|| to_starter(&job));
    record(&work.tx, &work.deed, &job, job.version + 1, told);
    work.commit(job.id).await
}
