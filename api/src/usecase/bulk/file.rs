//! Fetching a file by a link that is good once.

use super::link::hash_of;
use super::{deed, piece_place, starter};
use crate::app::App;
use crate::domain::bulk::{BulkJob, BulkState, Course, OpenFile};
use crate::domain::rule::Fault;
use crate::store::bulk_files::{At, OUT, Piece};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

impl App {
    /// Uses a link up and opens the file behind it; nothing, in the same words, for a link that is unknown, used or too old,
    /// and where whoever started the job may no longer read what it is about.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn open_bulk_file(&self, secret: &str) -> Result<Option<OpenFile>, Fault> {
        let now = self.now();
        let tx = self.store.begin().await?;
        let used = tx.use_bulk_link(&hash_of(self, secret), OUT, now).await?;
        tx.commit().await?;
        let Some((id, start_at)) = used else { return Ok(None) };
        let Some(job) = self.store.any_bulk_job(id).await? else { return Ok(None) };
        let is_there = job.state == BulkState::Done && job.expires_at.is_some_and(|end| end > now);
        if !is_there || starter(self, &job).await?.is_none() {
            return Ok(None);
        }
        // On record before the first byte is sent.
        let tx = self.store.begin().await?;
        tx.note_bulk_rows(&deed(&job, "fetchBulkFile", now), &job, job.row_count);
        tx.commit().await?;
        let length = u64::try_from(job.bytes - start_at).unwrap_or_default();
        let name = format!("{}.ndjson.gz", crate::domain::code::Code::code(job.kind).to_lowercase());
        Ok(Some(OpenFile { name, length, start_at, course: Course { job, at: start_at } }))
    }

    /// The next bytes of a file; none at its end.
    ///
    /// # Errors
    /// What the engine refuses; the file was thrown away, or access ended, while it was fetched.
    pub async fn next_of_bulk_file(&self, mut course: Course) -> Result<Option<(Vec<u8>, Course)>, Fault> {
        if course.at >= course.job.bytes {
            return Ok(None);
        }
        let gone = || Fault::Unavailable("a file is fetched no more".into());
        // Access ends also for who is in the middle of a file.
        starter(self, &course.job).await?.ok_or_else(gone)?;
        let piece = self.store.bulk_piece(course.job.id, OUT, At::Byte(course.at)).await?.ok_or_else(gone)?;
        let mut bytes = open(self, &course.job, &piece)?;
        let sent = usize::try_from(course.at - piece.start_at).unwrap_or(usize::MAX);
        if sent >= bytes.len() {
            return Err(gone());
        }
        bytes.drain(..sent);
        course.at += i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        Ok(Some((bytes, course)))
    }
}

/// Opens a piece.
///
/// # Errors
/// One that can't be opened.
pub(super) fn open(app: &App, job: &BulkJob, piece: &Piece) -> Result<Vec<u8>, Fault> {
    let text = app.sealer.open(piece_place(job.id), &piece.body)?;
    STANDARD.decode(text.expose()).map_err(|_| Fault::Corrupt("bulk_piece", job.id.into()))
}
