//! Starting an export.

use super::{record, to_those_who_answer};
use crate::app::App;
use crate::domain::bulk::{BulkDirection, BulkJob, BulkKind, BulkPurpose, BulkState, MOST_OPEN};
use crate::domain::bulk::{is_told, may_export, rights_of};
use crate::domain::change::cursor;
use crate::domain::id::BulkJobId;
use crate::domain::rule::{Outcome, Rule, RuleCode};
use crate::usecase::work::{Ask, open};
use uuid::Uuid;

/// What is to be exported.
#[derive(Debug, Clone)]
pub struct StartExport {
    pub kind: BulkKind,
    pub purpose: BulkPurpose,
    /// The filter as JSON; all when absent.
    pub asked: Option<String>,
}

/// Starts an export. Administrators and those who watch over data hear of it, unless it is of the directory alone.
///
/// # Errors
/// NOT_PERMITTED at `kind` for whom can't read such things; NOT_NOW while five jobs of the organization are under way.
pub async fn start_export(app: &App, ask: Ask<'_>, input: StartExport) -> Outcome<BulkJobId> {
    let work = open!(app, ask);
    if !may_export(work.actor, input.kind) {
        return Err(Rule::at("kind", RuleCode::NotPermitted).into());
    }
    let (own, now) = (work.deed.organization, work.deed.now);
    if work.tx.open_bulk_jobs(own).await? >= MOST_OPEN {
        return Err(Rule::at("", RuleCode::NotNow).into());
    }
    let job = BulkJob {
        id: Uuid::now_v7().into(),
        organization_id: own,
        direction: BulkDirection::Export,
        kind: input.kind,
        state: BulkState::Queued,
        purpose: input.purpose,
        principal_id: work.deed.principal,
        principal_kind: work.deed.principal_kind.to_owned(),
        rights: rights_of(work.actor),
        asked: input.asked,
        // Read before the first row is, so that nothing that changes meanwhile is missed.
        changes_after: Some(cursor(own, app.latest_change().await?)),
        version: 1,
        created_at: now,
        ..BulkJob::default()
    };
    work.tx.add_bulk_job(&job).await?;
    let told = to_those_who_answer(own).into_iter().filter(|_| is_told(job.kind));
    record(&work.tx, &work.deed, &job, 1, told);
    work.commit(job.id).await
}
