//! The work on jobs: one step of one job at a time, by whichever node comes first. A step reads some rows, keeps them and
//! notes how far it came, all in one transaction: who dies in between has done nothing, and another node reads on behind
//! the last row that is kept.

use super::compose::{NoCut, Reader, Wanted};
use super::import::Doer;
use super::{deed, file, piece_place, record, request_of, starter, to_starter, to_those_who_answer};
use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::budget::Purse;
use crate::domain::bulk::{BulkDirection, BulkError, BulkJob, BulkState, may_export, may_import};
use crate::domain::bulk::{FILE_KEPT, MOST_FAILURES, ROWS_AT_ONCE, WAITS_FOR_PEOPLE};
use crate::domain::page::MAX_PAGE;
use crate::domain::rule::Fault;
use crate::store::bulk_files::{At, OUT, Piece};
use crate::store::bulk_work::Come;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};
use std::io::Write as _;
use std::sync::Arc;
use uuid::Uuid;

/// For how long a job is taken up, in microseconds; after that another node may think this one dead.
const HELD: i64 = 120 * 1_000_000;
/// After how long a step that failed is tried again, in microseconds.
const AGAIN: i64 = 30 * 1_000_000;

/// A node that works on jobs.
pub struct Runner {
    pub(super) app: Arc<App>,
    reader: Arc<dyn Reader>,
    pub(super) doer: Arc<dyn Doer>,
    holder: Uuid,
    rows_at_once: usize,
}

/// What a step wants to keep.
pub(super) struct Gathered {
    pub lines: Vec<String>,
    pub reached: Option<String>,
    pub has_more: bool,
}

/// What may be read now.
enum Room {
    /// So many rows.
    Rows(i64),
    /// Nothing before this instant.
    Tomorrow(i64),
    /// Nothing before somebody else agrees.
    Approval,
}

/// Why a step ends without a piece.
pub(super) enum Halt {
    Failed(BulkError),
    Fault(Fault),
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Runner {
    /// A node with what reads rows and does commands.
    #[must_use]
    pub fn new<D: Reader + Doer + 'static>(app: Arc<App>, desk: Arc<D>) -> Self {
        Self { app, reader: Arc::<D>::clone(&desk), doer: desk, holder: Uuid::new_v4(), rows_at_once: ROWS_AT_ONCE }
    }

    /// The same with smaller or larger steps.
    #[must_use]
    pub fn with_rows_at_once(self, rows_at_once: usize) -> Self {
        Self { rows_at_once, ..self }
    }

    /// Takes a job up without working on it, as a node does that dies right then.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn take_up(&self) -> Result<Option<BulkJob>, Fault> {
        let now = self.app.now();
        self.app.store.take_up_bulk_job(self.holder, now, now + HELD).await
    }

    /// One step of the job that waits longest; false where none waits. What fails is tried again a while later, by any node.
    ///
    /// # Errors
    /// What the engine refuses to the runner itself.
    pub async fn round(&self) -> Result<bool, Fault> {
        let Some(job) = self.take_up().await? else { return Ok(false) };
        self.step(&job).await?;
        Ok(true)
    }

    /// One step of a job that was taken up. False where another node has it now.
    ///
    /// # Errors
    /// What the engine refuses where not even the failure can be noted.
    pub async fn step(&self, job: &BulkJob) -> Result<bool, Fault> {
        match self.forward(job).await {
            Ok(kept) => Ok(kept),
            Err(Halt::Failed(error)) => self.give_up(job, error).await,
            Err(Halt::Fault(fault)) => {
                tracing::warn!(error = %fault, job = %Uuid::from(job.id), "a step of a bulk job failed");
                if job.failures + 1 >= MOST_FAILURES {
                    return self.give_up(job, BulkError::Internal).await;
                }
                self.put_off(job, self.app.now() + AGAIN, job.failures + 1).await
            }
        }
    }

    async fn forward(&self, job: &BulkJob) -> Result<bool, Halt> {
        let actor = starter(&self.app, job).await?.ok_or(Halt::Failed(BulkError::AccessEnded))?;
        let may = match job.direction {
            BulkDirection::Export => may_export(&actor, job.kind),
            BulkDirection::Import => may_import(&actor),
        };
        if !may {
            return Err(Halt::Failed(BulkError::AccessEnded));
        }
        match (job.state, job.direction, job.read_at) {
            (BulkState::Queued, BulkDirection::Export, _) => self.count(job, &actor).await,
            (BulkState::Queued, BulkDirection::Import, _) => self.compare(job).await,
            (_, _, None) => self.read_on(job, &actor).await,
            (_, _, Some(_)) => Ok(self.finish(job).await?),
        }
    }

    /// Counts the rows, and asks for a second person where there are many.
    async fn count(&self, job: &BulkJob, actor: &Actor) -> Result<bool, Halt> {
        let wanted = Wanted { kind: job.kind, asked: job.asked.as_deref(), after: None, first: 0 };
        let total = self.cut(job, actor, wanted).await?.total.unwrap_or_default();
        let alone = job.approved_at.is_some() || total <= self.app.policy.export_rows_alone;
        let state = if alone { BulkState::Running } else { BulkState::AwaitingApproval };
        Ok(self.go_on(job, total, state).await?)
    }

    /// Lets a job run, or wait for a second person.
    pub(super) async fn go_on(&self, job: &BulkJob, expected: i64, state: BulkState) -> Result<bool, Fault> {
        let tx = self.app.store.begin().await?;
        if !tx.count_bulk_job(job, expected, state).await? {
            return Ok(false);
        }
        if state == BulkState::AwaitingApproval {
            let told = to_those_who_answer(job.organization_id).map(|notice| notice.of_kind("BULK_JOB_WAITS"));
            let deed = deed(job, "BULK_JOB_WAITS", self.app.now());
            record(&tx, &deed, job, job.version + 1, told);
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Reads the next rows and keeps them.
    async fn read_on(&self, job: &BulkJob, actor: &Actor) -> Result<bool, Halt> {
        let now = self.app.now();
        let room = match self.room(job, now).await? {
            Room::Rows(room) => usize::try_from(room).unwrap_or_default(),
            Room::Tomorrow(until) => return Ok(self.put_off(job, until, 0).await?),
            // More came since they were counted.
            Room::Approval => return Ok(self.go_on(job, job.row_count + 1, BulkState::AwaitingApproval).await?),
        };
        let gathered = match job.direction {
            BulkDirection::Export => self.gather(job, actor, room).await?,
            BulkDirection::Import => self.do_on(job, actor, room).await?,
        };
        Ok(self.keep(job, &gathered, now).await?)
    }

    /// How many rows may be read now.
    async fn room(&self, job: &BulkJob, now: i64) -> Result<Room, Fault> {
        let mut room = i64::try_from(self.rows_at_once).unwrap_or(i64::MAX);
        let rate = self.app.policy.rates.of(purse_of(job).0);
        if rate.is_counted() {
            room = room.min(self.app.store.budget_level(purse_of(job), &rate, now).await?.points);
            if room <= 0 {
                return Ok(Room::Tomorrow(now + rate.wait(1, now)));
            }
        }
        if job.approved_at.is_some() || job.direction == BulkDirection::Import {
            return Ok(Room::Rows(room));
        }
        let alone = self.app.policy.export_rows_alone - job.row_count;
        Ok(if alone <= 0 { Room::Approval } else { Room::Rows(room.min(alone)) })
    }

    /// Keeps rows with how far the job has come; all of it, or nothing where another node has the job now.
    async fn keep(&self, job: &BulkJob, gathered: &Gathered, now: i64) -> Result<bool, Fault> {
        let app = &self.app;
        let rows = i64::try_from(gathered.lines.len()).unwrap_or(i64::MAX);
        let packed = packed(&gathered.lines);
        let bytes = i64::try_from(packed.len()).unwrap_or(i64::MAX);
        let body = app.sealer.seal(piece_place(job.id), &STANDARD.encode(&packed))?;
        let tx = app.store.begin().await?;
        let read_at = (!gathered.has_more).then_some(now);
        let come = Come { reached: gathered.reached.clone(), rows, bytes, read_at };
        if !tx.advance_bulk_job(job, &come).await? {
            return Ok(false);
        }
        if !tx.spend_shared(purse_of(job), &app.policy.rates.of(purse_of(job).0), rows, now).await? {
            // Another job of the organization was quicker with the last rows of the day.
            drop(tx);
            return self.put_off(job, now + AGAIN, 0).await;
        }
        let piece = Piece { number: job.pieces, start_at: job.bytes, body };
        tx.add_bulk_piece(job.id, OUT, &piece, (bytes, rows)).await?;
        let name = if job.direction == BulkDirection::Export { "exportRows" } else { "importRows" };
        tx.note_bulk_rows(&deed(job, name, now), job, rows);
        tx.commit().await?;
        Ok(true)
    }

    /// Page by page, so many rows.
    async fn gather(&self, job: &BulkJob, actor: &Actor, room: usize) -> Result<Gathered, Halt> {
        let mut all = Gathered { lines: Vec::new(), reached: job.reached.clone(), has_more: true };
        while all.has_more && all.lines.len() < room {
            let first = MAX_PAGE.min(room - all.lines.len());
            let after = all.reached.as_deref();
            let wanted = Wanted { kind: job.kind, asked: job.asked.as_deref(), after, first };
            let cut = self.cut(job, actor, wanted).await?;
            all.has_more = cut.has_more && !cut.lines.is_empty();
            all.reached = cut.until.or(all.reached);
            all.lines.extend(cut.lines);
        }
        Ok(all)
    }

    async fn cut(&self, job: &BulkJob, actor: &Actor, wanted: Wanted<'_>) -> Result<super::Cut, Halt> {
        self.reader.cut(actor, &request_of(job), wanted).await.map_err(|why| match why {
            NoCut::Filter => Halt::Failed(BulkError::FilterInvalid),
            NoCut::Fault(fault) => Halt::Fault(fault),
        })
    }

    /// Tells the sum of the whole file, piece by piece, and that it is there.
    async fn finish(&self, job: &BulkJob) -> Result<bool, Fault> {
        let mut digest = Sha256::new();
        for number in 0..job.pieces {
            let piece = self.app.store.bulk_piece(job.id, OUT, At::Number(number)).await?;
            let piece = piece.ok_or(Fault::Corrupt("bulk_piece", job.id.into()))?;
            digest.update(file::open(&self.app, job, &piece)?);
        }
        let sum: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let now = self.app.now();
        let tx = self.app.store.begin().await?;
        if !tx.finish_bulk_job(job, &sum, now, now + FILE_KEPT).await? {
            return Ok(false);
        }
        record(&tx, &deed(job, "BULK_JOB_DONE", now), job, job.version + 1, [to_starter(job)]);
        tx.commit().await?;
        Ok(true)
    }

    async fn give_up(&self, job: &BulkJob, error: BulkError) -> Result<bool, Fault> {
        let now = self.app.now();
        let tx = self.app.store.begin().await?;
        if !tx.fail_bulk_job(job, error, now).await? {
            return Ok(false);
        }
        record(&tx, &deed(job, "BULK_JOB_FAILED", now), job, job.version + 1, [to_starter(job)]);
        tx.commit().await?;
        Ok(true)
    }

    async fn put_off(&self, job: &BulkJob, until: i64, failures: i32) -> Result<bool, Fault> {
        let tx = self.app.store.begin().await?;
        let kept = tx.put_bulk_job_off(job, until, failures).await?;
        tx.commit().await?;
        Ok(kept)
    }

    /// Throws away files whose day is over, and jobs to which nobody agreed in a week; tells how many.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn sweep(&self) -> Result<usize, Fault> {
        let now = self.app.now();
        let overdue = self.app.store.overdue_bulk_jobs(now, now - WAITS_FOR_PEOPLE).await?;
        for job in &overdue {
            let tx = self.app.store.begin().await?;
            tx.stop_bulk_job(job, BulkState::Expired, now).await?;
            tx.commit().await?;
        }
        Ok(overdue.len())
    }
}

/// Whose rows are counted.
fn purse_of(job: &BulkJob) -> (Purse, Uuid) {
    let purse = match job.direction {
        BulkDirection::Export => Purse::ExportedRows,
        BulkDirection::Import => Purse::ImportedRows,
    };
    (purse, job.organization_id.into())
}

/// Lines as one member of a gzip file: members one behind another are one file.
fn packed(lines: &[String]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    for line in lines {
        // Writing into memory does not fail.
        let _ = out.write_all(line.as_bytes());
        let _ = out.write_all(b"\n");
    }
    out.finish().unwrap_or_default()
}
