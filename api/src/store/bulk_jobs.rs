//! Bulk jobs in the database: seen by whoever started them and by those who answer for their organization's exports.

use crate::domain::bulk::{BulkJob, BulkSight, BulkState};
use crate::domain::code::Code as _;
use crate::domain::id::{BulkJobId, OrganizationId};
use crate::domain::page::{Page, Window};
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::ledger::Deed;
use crate::store::statement::{Order, Sql, body, counted, json, page, window_clause};
use passerelle_entity::bulk_job;
use uuid::Uuid;

/// A job; needs `bulk_job j`.
pub(super) const JOB: &str = "OBJ('id', UID(j.id), 'organization_id', UID(j.organization_id), 'direction', j.direction, \
    'kind', j.kind, 'state', j.state, 'purpose', j.purpose, 'principal_id', UID(j.principal_id), \
    'principal_kind', j.principal_kind, 'rights', JSON(j.rights), 'asked', j.asked, 'row_count', j.row_count, \
    'expected_rows', j.expected_rows, 'reached', j.reached, 'read_at', j.read_at, 'pieces', j.pieces, 'bytes', j.bytes, \
    'sha256', j.sha256, 'changes_after', j.changes_after, 'approved_by', UID(j.approved_by), \
    'approved_at', j.approved_at, 'waits_until', j.waits_until, 'expires_at', j.expires_at, 'error', j.error, \
    'failures', j.failures, 'token', j.token, 'upload_bytes', j.upload_bytes, \
    'upload_sha256', j.upload_sha256, 'received', j.received, 'uploaded', j.uploaded, 'version', j.version, 'created_at', j.created_at, 'ended_at', j.ended_at)";

impl BulkSight {
    fn condition(&self, sql: &mut Sql) -> String {
        let own = sql.bind(Uuid::from(self.organization));
        if self.answers {
            return format!("j.organization_id = {own}");
        }
        format!("j.organization_id = {own} AND j.principal_id = {}", sql.bind(self.principal))
    }
}

impl Door {
    /// A page of the jobs that somebody sees, the newest first.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn bulk_jobs(
        &self,
        sight: &BulkSight,
        state: &[BulkState],
        window: &Window,
    ) -> Result<Page<BulkJob>, Fault> {
        let mut sql = Sql::default();
        let mut found = format!("FROM bulk_job j WHERE {}", sight.condition(&mut sql));
        if !state.is_empty() {
            let codes = sql.bind_all(state.iter().map(|state| state.code()));
            found += &format!(" AND j.state IN ({codes})");
        }
        let counting = Sql { text: format!("SELECT count(*) AS total {found}"), values: sql.values.clone() };
        let count = if window.count { format!(", (SELECT count(*) {found}) AS total") } else { String::new() };
        let order = Order { by: "j.created_at", id: "j.id", is_number: true, descending: true };
        let end = window_clause(&mut sql, window, order);
        sql.text = format!(
            "SELECT CAST({JOB} AS TEXT) AS body, CAST(j.created_at AS TEXT) AS k, j.id AS id{count} {found}{end}"
        );
        let page = page(&self.rows(&sql.text, sql.values).await?, window, "bulk_job")?;
        counted(self, page, window, counting).await
    }

    /// The jobs with these keys that somebody sees.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn bulk_jobs_by_id(&self, sight: &BulkSight, keys: &[Uuid]) -> Result<Vec<BulkJob>, Fault> {
        let mut sql = Sql::default();
        let seen = sight.condition(&mut sql);
        let keys = sql.bind_all(keys.iter().copied());
        sql.text = format!("SELECT CAST({JOB} AS TEXT) AS body FROM bulk_job j WHERE {seen} AND j.id IN ({keys})");
        self.rows(&sql.text, sql.values).await?.iter().map(|row| body(row, "bulk_job")).collect()
    }
}

impl Tx {
    /// Adds a job.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_bulk_job(&self, new: &BulkJob) -> Result<(), Fault> {
        self.add(bulk_job::Model {
            id: new.id.into(),
            organization_id: new.organization_id.into(),
            direction: new.direction.code().into(),
            kind: new.kind.code().into(),
            state: new.state.code().into(),
            purpose: new.purpose.code().into(),
            principal_id: new.principal_id,
            principal_kind: new.principal_kind.clone(),
            rights: json(&new.rights)?,
            asked: new.asked.clone(),
            changes_after: new.changes_after.clone(),
            expected_rows: new.expected_rows,
            upload_bytes: new.upload_bytes,
            upload_sha256: new.upload_sha256.clone(),
            received: new.received,
            uploaded: new.uploaded,
            version: new.version,
            created_at: new.created_at,
            worked_at: new.created_at,
            ..bulk_job::Model::default()
        })
        .await
    }

    /// How many jobs of an organization are under way. Nobody adds one before this transaction ends.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn open_bulk_jobs(&self, organization: OrganizationId) -> Result<i64, Fault> {
        let own = || vec![Uuid::from(organization).into()];
        self.rows("SELECT id FROM organization WHERE id = $1 FOR UPDATE", own()).await?;
        let text = "SELECT count(*) AS total FROM bulk_job WHERE organization_id = $1 \
                    AND state IN ('QUEUED', 'AWAITING_APPROVAL', 'AWAITING_UPLOAD', 'RUNNING')";
        let rows = self.rows(text, own()).await?;
        let total = rows.first().map_or(Ok(0), |row| row.try_get("", "total"));
        total.map_err(|_| Fault::Store("a count does not read".into()))
    }

    /// A job that somebody sees, locked until the end of the transaction.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn lock_bulk_job(&self, sight: &BulkSight, id: BulkJobId) -> Result<Option<BulkJob>, Fault> {
        let mut sql = Sql::default();
        let seen = sight.condition(&mut sql);
        let key = sql.bind(Uuid::from(id));
        let lock = format!("SELECT j.id FROM bulk_job j WHERE {seen} AND j.id = {key} FOR UPDATE");
        if self.rows(&lock, sql.values.clone()).await?.is_empty() {
            return Ok(None);
        }
        sql.text = format!("SELECT CAST({JOB} AS TEXT) AS body FROM bulk_job j WHERE {seen} AND j.id = {key}");
        self.rows(&sql.text, sql.values).await?.first().map(|row| body(row, "bulk_job")).transpose()
    }

    /// Notes that somebody agreed to a job: it goes on where it stood.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn approve_bulk_job(&self, id: BulkJobId, deed: &Deed) -> Result<(), Fault> {
        let text = "UPDATE bulk_job SET state = 'RUNNING', approved_by = $2, approved_at = $3, waits_until = NULL, \
                    version = version + 1 WHERE id = $1";
        let values = vec![Uuid::from(id).into(), deed.principal.into(), deed.now.into()];
        self.run(text, values).await.map(drop)
    }

    /// Ends a job without a file, if it is still as it was read; who works on it notices by the token.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn stop_bulk_job(&self, read: &BulkJob, state: BulkState, now: i64) -> Result<(), Fault> {
        let text = "UPDATE bulk_job SET state = $2, ended_at = $3, waits_until = NULL, sha256 = NULL, \
                    version = version + 1, token = token + 1 WHERE id = $1 AND version = $4";
        let values = vec![Uuid::from(read.id).into(), state.code().into(), now.into(), read.version.into()];
        if self.run(text, values).await? == 1 {
            self.drop_bulk_file(read.id).await?;
        }
        Ok(())
    }
}
