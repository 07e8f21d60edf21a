//! Starting an import: what will come is said first, then it is uploaded by links.

use super::record;
use crate::app::App;
use crate::domain::bulk::{BulkDirection, BulkJob, BulkKind, BulkPurpose, BulkState, MOST_OPEN, MOST_UPLOADED};
use crate::domain::bulk::{may_import, rights_of};
use crate::domain::id::BulkJobId;
use crate::domain::rule::{Outcome, Rule, RuleCode, Rules};
use crate::usecase::work::{Ask, open};
use uuid::Uuid;

/// What will be uploaded.
#[derive(Debug, Clone)]
pub struct StartImport {
    /// How many bytes.
    pub bytes: i64,
    /// Their SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// Starts an import of commands.
///
/// # Errors
/// NOT_PERMITTED for whom may do none of the commands; INVALID for what is no sum or no size; TOO_LONG beyond 64 MiB;
/// NOT_NOW while five jobs of the organization are under way.
pub async fn start_import(app: &App, ask: Ask<'_>, input: StartImport) -> Outcome<BulkJobId> {
    let work = open!(app, ask);
    if !may_import(work.actor) {
        return Err(Rule::at("", RuleCode::NotPermitted).into());
    }
    let sum = input.sha256.to_ascii_lowercase();
    let mut rules = Rules::default();
    rules.check(input.bytes > 0, "bytes", RuleCode::Invalid);
    rules.check(input.bytes <= MOST_UPLOADED, "bytes", RuleCode::TooLong);
    let is_sum = sum.len() == 64 && sum.bytes().all(|byte| byte.is_ascii_hexdigit());
    rules.check(is_sum, "sha256", RuleCode::Invalid);
    rules.settle()?;
    let (own, now) = (work.deed.organization, work.deed.now);
    if work.tx.open_bulk_jobs(own).await? >= MOST_OPEN {
        return Err(Rule::at("", RuleCode::NotNow).into());
    }
    let job = BulkJob {
        id: Uuid::now_v7().into(),
        organization_id: own,
        direction: BulkDirection::Import,
        kind: BulkKind::Commands,
        state: BulkState::AwaitingUpload,
        purpose: BulkPurpose::Sync,
        principal_id: work.deed.principal,
        principal_kind: work.deed.principal_kind.to_owned(),
        rights: rights_of(work.actor),
        expected_rows: Some(0),
        upload_bytes: Some(input.bytes),
        upload_sha256: Some(sum),
        received: Some(0),
        uploaded: Some(0),
        version: 1,
        created_at: now,
        ..BulkJob::default()
    };
    work.tx.add_bulk_job(&job).await?;
    record(&work.tx, &work.deed, &job, 1, None);
    work.commit(job.id).await
}
