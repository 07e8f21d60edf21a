//! Taking a file in by a link that is good once. What has come when the line breaks is kept; another link goes on behind it.

use super::link::hash_of;
use super::{piece_place, starter};
use crate::app::App;
use crate::domain::bulk::{BulkState, Received, Upload};
use crate::domain::rule::Fault;
use crate::store::bulk_files::{IN, Piece};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

impl App {
    /// Uses a link up and opens what is uploaded by it; nothing, in the same words, for a link that is unknown, used, too
    /// old or not for this, and where whoever started the job has lost a right.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn open_bulk_upload(&self, secret: &str) -> Result<Option<Upload>, Fault> {
        let tx = self.store.begin().await?;
        let used = tx.use_bulk_link(&hash_of(self, secret), IN, self.now()).await?;
        tx.commit().await?;
        let Some((id, at)) = used else { return Ok(None) };
        let Some(job) = self.store.any_bulk_job(id).await? else { return Ok(None) };
        // Where another link has brought something meanwhile, this one leads nowhere.
        let is_there = job.state == BulkState::AwaitingUpload && job.received == Some(at);
        if !is_there || starter(self, &job).await?.is_none() {
            return Ok(None);
        }
        Ok(Some(Upload { number: job.uploaded.unwrap_or_default(), job, at }))
    }

    /// Keeps bytes that came; nothing where they are too many, or the job takes none any more.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn keep_bulk_upload(&self, mut upload: Upload, bytes: &[u8]) -> Result<Option<Upload>, Fault> {
        let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let lines = i64::try_from(bytes.iter().filter(|byte| **byte == b'\n').count()).unwrap_or(i64::MAX);
        let body = self.sealer.seal(piece_place(upload.job.id), &STANDARD.encode(bytes))?;
        let tx = self.store.begin().await?;
        if !tx.receive_bulk(&upload, length, lines).await? {
            return Ok(None);
        }
        let piece = Piece { number: upload.number, start_at: upload.at, body };
        tx.add_bulk_piece(upload.job.id, IN, &piece, (length, lines)).await?;
        tx.commit().await?;
        upload.at += length;
        upload.number += 1;
        Ok(Some(upload))
    }

    /// Tells how much has come; when it is all, the job is begun.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn end_bulk_upload(&self, upload: &Upload) -> Result<Received, Fault> {
        let tx = self.store.begin().await?;
        let is_whole = tx.begin_bulk_import(upload.job.id, self.now()).await?;
        tx.commit().await?;
        Ok(Received { bytes: upload.at, of: upload.job.upload_bytes.unwrap_or_default(), is_whole })
    }
}
