//! Agreeing to a large export: a second person of the same organization, never the one who started it.

use super::{Which, record, to_starter};
use crate::app::App;
use crate::domain::bulk::{BulkSight, BulkState, answers};
use crate::domain::id::BulkJobId;
use crate::domain::rule::{Outcome, Refusal, Rule, RuleCode};
use crate::usecase::work::{Ask, fresh, open};

/// Agrees to a job that waits for it.
///
/// # Errors
/// NOT_FOUND for whom does not see it; NOT_PERMITTED for whoever started it, and for all but administrators and those who
/// watch over the protection of data; STALE_VERSION; NOT_NOW where it does not wait for anybody.
pub async fn approve(app: &App, ask: Ask<'_>, which: Which) -> Outcome<BulkJobId> {
    let work = open!(app, ask);
    let sight = BulkSight::of(work.actor).ok_or(Refusal::Unauthenticated)?;
    let job = work.tx.lock_bulk_job(&sight, which.job).await?;
    let job = job.ok_or_else(|| Rule::at("bulkJobId", RuleCode::NotFound))?;
    if !answers(work.actor) || job.principal_id == work.deed.principal {
        return Err(Rule::at("bulkJobId", RuleCode::NotPermitted).into());
    }
    fresh(which.expected_version, job.version)?;
    if job.state != BulkState::AwaitingApproval {
        return Err(Rule::at("bulkJobId", RuleCode::NotNow).into());
    }
    work.tx.approve_bulk_job(job.id, &work.deed).await?;
    record(&work.tx, &work.deed, &job, job.version + 1, [to_starter(&job)]);
    work.commit(job.id).await
}
