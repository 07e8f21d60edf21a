//! The work on bulk jobs, shared by all nodes: a node takes a job up for a while, and what it writes later than another
//! node has taken it up is refused by the token.

use crate::domain::actor::Actor;
use crate::domain::budget::{Level, Purse, Rate};
use crate::domain::bulk::{BulkError, BulkJob, BulkState, Upload};
use crate::domain::code::Code as _;
use crate::domain::global_id::Kind;
use crate::domain::id::BulkJobId;
use crate::domain::rule::Fault;
use crate::store::bulk_jobs::JOB;
use crate::store::door::{Door, Tx};
use crate::store::ledger::Deed;
use crate::store::organizations::read_actor;
use crate::store::statement::{body, json};
use passerelle_entity::audit;
use sea_orm::Value;
use uuid::Uuid;

/// How far a job has come with a step.
#[derive(Debug, Clone)]
pub struct Come {
    pub reached: Option<String>,
    /// Rows that the step added.
    pub rows: i64,
    /// Bytes that the step added.
    pub bytes: i64,
    /// When the last row was read, if it was.
    pub read_at: Option<i64>,
}

impl Door {
    /// Takes up the job that waits longest, until `until`; nothing where none waits or another node was quicker.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn take_up_bulk_job(&self, holder: Uuid, now: i64, until: i64) -> Result<Option<BulkJob>, Fault> {
        let text = "SELECT id FROM bulk_job WHERE state IN ('QUEUED', 'RUNNING') AND leased_until <= $1 \
                    AND (waits_until IS NULL OR waits_until <= $1) ORDER BY worked_at, id LIMIT 1";
        // A read alone, as long as there is nothing to do.
        let rows = self.rows(text, vec![now.into()]).await?;
        let Some(id) = rows.first().map(|row| row.try_get::<Uuid>("", "id")).transpose().map_err(unreadable)? else {
            return Ok(None);
        };
        let tx = self.begin().await?;
        let text = "UPDATE bulk_job SET holder = $2, token = token + 1, leased_until = $3, worked_at = $4 WHERE id = $1 \
                    AND state IN ('QUEUED', 'RUNNING') AND leased_until <= $4";
        if tx.run(text, vec![id.into(), holder.into(), until.into(), now.into()]).await? != 1 {
            return Ok(None);
        }
        let text = format!("SELECT CAST({JOB} AS TEXT) AS body FROM bulk_job j WHERE j.id = $1");
        let job = tx.rows(&text, vec![id.into()]).await?.first().map(|row| body(row, "bulk_job")).transpose()?;
        tx.commit().await?;
        Ok(job)
    }

    /// A job, whoever sees it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn any_bulk_job(&self, id: BulkJobId) -> Result<Option<BulkJob>, Fault> {
        let text = format!("SELECT CAST({JOB} AS TEXT) AS body FROM bulk_job j WHERE j.id = $1");
        let rows = self.rows(&text, vec![Uuid::from(id).into()]).await?;
        rows.first().map(|row| body(row, "bulk_job")).transpose()
    }

    /// A member or application as it stands now; nothing when it, or its organization, has ended.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn actor_now(&self, principal: Uuid, organization: Uuid) -> Result<Option<Actor>, Fault> {
        let text = "SELECT x.kind AS kind, x.held AS held, o.kinds AS kinds FROM organization o JOIN \
                    (SELECT 'MEMBER' AS kind, organization_id, roles AS held FROM member WHERE id = $1 AND is_active \
                     UNION ALL SELECT 'CLIENT', organization_id, scopes FROM client_application \
                       WHERE id = $1 AND is_active) x ON x.organization_id = o.id \
                    WHERE o.id = $2 AND o.ended_at IS NULL";
        let rows = self.rows(text, vec![principal.into(), organization.into()]).await?;
        rows.first().map(|row| read_actor(row, principal, organization)).transpose()
    }

    /// How a budget that all nodes share stands.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn budget_level(&self, (purse, owner): (Purse, Uuid), rate: &Rate, now: i64) -> Result<Level, Fault> {
        let text = "SELECT points, at FROM budget WHERE purse = $1 AND owner_id = $2";
        let rows = self.rows(text, vec![purse.name().into(), owner.into()]).await?;
        let Some(row) = rows.first() else { return Ok(Level::full(rate, now)) };
        let points: i64 = row.try_get("", "points").map_err(unreadable)?;
        let level = Level { points: points.min(rate.points), at: row.try_get("", "at").map_err(unreadable)? };
        Ok(level.at(rate, now))
    }

    /// Jobs whose file, or whose waiting for people, is over by now.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn overdue_bulk_jobs(&self, now: i64, since: i64) -> Result<Vec<BulkJob>, Fault> {
        let text = format!(
            "SELECT CAST({JOB} AS TEXT) AS body FROM bulk_job j WHERE (j.state = 'DONE' AND j.expires_at <= $1) \
             OR (j.state IN ('AWAITING_APPROVAL', 'AWAITING_UPLOAD') AND j.worked_at <= $2) ORDER BY j.created_at, j.id LIMIT 100"
        );
        let rows = self.rows(&text, vec![now.into(), since.into()]).await?;
        rows.iter().map(|row| body(row, "bulk_job")).collect()
    }
}

fn unreadable(_: sea_orm::DbErr) -> Fault {
    Fault::Store("a bulk job does not read".into())
}

impl Tx {
    /// Changes a job if nobody else has taken it up, and lays it down so that any node goes on with it.
    async fn change_taken(&self, job: &BulkJob, set: &str, mut values: Vec<Value>) -> Result<bool, Fault> {
        values.extend([Uuid::from(job.id).into(), job.token.into()]);
        let (id, token) = (values.len() - 1, values.len());
        let text = format!(
            "UPDATE bulk_job SET leased_until = 0, {set} WHERE id = ${id} AND token = ${token} \
             AND state IN ('QUEUED', 'RUNNING')"
        );
        Ok(self.run(&text, values).await? == 1)
    }

    /// Notes how many rows there are, and whether the job goes on.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn count_bulk_job(&self, job: &BulkJob, rows: i64, state: BulkState) -> Result<bool, Fault> {
        let set = "expected_rows = $1, state = $2, failures = 0, version = version + 1";
        self.change_taken(job, set, vec![rows.into(), state.code().into()]).await
    }

    /// Notes how far a job has come.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn advance_bulk_job(&self, job: &BulkJob, come: &Come) -> Result<bool, Fault> {
        let set = "reached = $1, row_count = row_count + $2, bytes = bytes + $3, read_at = $4, pieces = pieces + 1, \
                   waits_until = NULL, failures = 0";
        let values = vec![come.reached.clone().into(), come.rows.into(), come.bytes.into(), come.read_at.into()];
        self.change_taken(job, set, values).await
    }

    /// Lets a job wait: for tomorrow's rows, or after a fault.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn put_bulk_job_off(&self, job: &BulkJob, until: i64, failures: i32) -> Result<bool, Fault> {
        self.change_taken(job, "waits_until = $1, failures = $2", vec![until.into(), failures.into()]).await
    }

    /// Ends a job with its file.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn finish_bulk_job(&self, job: &BulkJob, sha256: &str, now: i64, expires_at: i64) -> Result<bool, Fault> {
        let set = "state = 'DONE', sha256 = $1, ended_at = $2, expires_at = $3, version = version + 1";
        self.change_taken(job, set, vec![sha256.into(), now.into(), expires_at.into()]).await
    }

    /// Gives a job up; what it had of a file is thrown away.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn fail_bulk_job(&self, job: &BulkJob, error: BulkError, now: i64) -> Result<bool, Fault> {
        let set = "state = 'FAILED', error = $1, ended_at = $2, waits_until = NULL, version = version + 1";
        let failed = self.change_taken(job, set, vec![error.code().into(), now.into()]).await?;
        if failed {
            self.drop_bulk_file(job.id).await?;
        }
        Ok(failed)
    }

    /// Takes points of a budget that all nodes share, all or none: whether they were there.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn spend_shared(
        &self,
        (purse, owner): (Purse, Uuid),
        rate: &Rate,
        points: i64,
        now: i64,
    ) -> Result<bool, Fault> {
        if !rate.is_counted() || points == 0 {
            return Ok(true);
        }
        self.run(
            "INSERT INTO budget (purse, owner_id, points, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            vec![purse.name().into(), owner.into(), rate.points.into(), now.into()],
        )
        .await?;
        let mut level = self.budget(purse, owner, rate, now).await?;
        let taken = level.take(points, points) == points;
        if taken {
            self.set_budget(purse, owner, level).await?;
        }
        Ok(taken)
    }
}

impl Tx {
    /// Notes that bytes of an upload came, if the job still waits for just these.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn receive_bulk(&self, upload: &Upload, bytes: i64, lines: i64) -> Result<bool, Fault> {
        let text = "UPDATE bulk_job SET received = received + $2, uploaded = uploaded + 1, \
                    expected_rows = expected_rows + $3 WHERE id = $1 AND state = 'AWAITING_UPLOAD' AND received = $4 \
                    AND received + $2 <= upload_bytes";
        let values = vec![Uuid::from(upload.job.id).into(), bytes.into(), lines.into(), upload.at.into()];
        Ok(self.run(text, values).await? == 1)
    }

    /// Begins an import of which all has come.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn begin_bulk_import(&self, id: BulkJobId, now: i64) -> Result<bool, Fault> {
        let text = "UPDATE bulk_job SET state = 'QUEUED', worked_at = $2, version = version + 1 \
                    WHERE id = $1 AND state = 'AWAITING_UPLOAD' AND received = upload_bytes";
        Ok(self.run(text, vec![Uuid::from(id).into(), now.into()]).await? == 1)
    }

    /// Writes down that rows of a job left for whoever started it: how many, of what, and for which purpose.
    pub fn note_bulk_rows(&self, deed: &Deed, job: &BulkJob, rows: i64) {
        let said = [job.kind.code().to_owned(), job.purpose.code().to_owned(), format!("ROWS {rows}")];
        self.add_last(audit::Model {
            id: Uuid::now_v7(),
            at: deed.now,
            organization_id: Some(deed.organization.into()),
            principal_id: Some(deed.principal),
            principal_kind: deed.principal_kind.into(),
            operation: deed.mutation.into(),
            decision: "ALLOW".into(),
            outcome: "OK".into(),
            subject_kind: Some(Kind::BulkJob.code().into()),
            subject_id: Some(job.id.into()),
            request_id: deed.request.clone(),
            field_classes: json(&said).ok(),
            subjects: None,
        });
    }
}
