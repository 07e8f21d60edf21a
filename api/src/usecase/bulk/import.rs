//! Doing the commands of an import: some lines at a time, each under its own key, as whoever started the job stands now.
//! A node that dies between doing and noting it has done nothing twice: the lines come again under the same keys.

use super::run::{Gathered, Halt, Runner};
use super::{file, request_of};
use crate::domain::actor::Actor;
use crate::domain::bulk::{BulkError, BulkJob, BulkState, LINES_AT_ONCE, LONGEST_LINE};
use crate::domain::rule::Fault;
use crate::store::bulk_files::{At, IN};
use futures_util::future::BoxFuture;
use sha2::{Digest as _, Sha256};

/// What does the commands of lines.
pub trait Doer: Send + Sync {
    /// Does the commands of some lines, the first of which has this number from 0 on, and tells of each what became of it,
    /// as one line of JSON.
    ///
    /// # Errors
    /// Nothing is known of any of them; the same lines may come again.
    fn done<'a>(
        &'a self,
        actor: &'a Actor,
        request: &'a str,
        lines: &'a [Vec<u8>],
        first: i64,
    ) -> BoxFuture<'a, Result<Vec<String>, Fault>>;
}

impl Runner {
    /// That what was uploaded is what was said would be.
    pub(super) async fn compare(&self, job: &BulkJob) -> Result<bool, Halt> {
        let (mut digest, mut last) = (Sha256::new(), b'\n');
        for number in 0..job.uploaded.unwrap_or_default() {
            let piece = self.app.store.bulk_piece(job.id, IN, At::Number(number)).await?;
            let piece = piece.ok_or(Fault::Corrupt("bulk_piece", job.id.into()))?;
            let bytes = file::open(&self.app, job, &piece)?;
            digest.update(&bytes);
            last = bytes.last().copied().unwrap_or(last);
        }
        let sum: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        if job.upload_sha256.as_deref() != Some(sum.as_str()) {
            return Err(Halt::Failed(BulkError::ChecksumWrong));
        }
        // The last line may have no end.
        let lines = job.expected_rows.unwrap_or_default() + i64::from(last != b'\n');
        Ok(self.go_on(job, lines, BulkState::Running).await?)
    }

    /// Does the next lines and keeps what became of them.
    pub(super) async fn do_on(&self, job: &BulkJob, actor: &Actor, room: usize) -> Result<Gathered, Halt> {
        let start = job.reached.as_deref().and_then(|at| at.parse().ok()).unwrap_or(0_i64);
        let (lines, until) = self.lines(job, start, room.min(LINES_AT_ONCE)).await?;
        let told = if lines.is_empty() {
            Vec::new()
        } else {
            self.doer.done(actor, &request_of(job), &lines, job.row_count).await?
        };
        let has_more = until < job.upload_bytes.unwrap_or_default();
        Ok(Gathered { lines: told, reached: Some(until.to_string()), has_more })
    }

    /// So many lines of the upload from a byte on, and the byte behind them.
    async fn lines(&self, job: &BulkJob, start: i64, most: usize) -> Result<(Vec<Vec<u8>>, i64), Halt> {
        let (mut lines, mut rest, mut at) = (Vec::new(), Vec::new(), start);
        let whole = job.upload_bytes.unwrap_or_default();
        let mut until = start;
        while lines.len() < most && at < whole {
            let piece = self.app.store.bulk_piece(job.id, IN, At::Byte(at)).await?;
            let piece = piece.ok_or(Fault::Corrupt("bulk_piece", job.id.into()))?;
            let bytes = file::open(&self.app, job, &piece)?;
            let read = usize::try_from(at - piece.start_at).unwrap_or(usize::MAX);
            let bytes = bytes.get(read..).filter(|bytes| !bytes.is_empty());
            let bytes = bytes.ok_or(Fault::Corrupt("bulk_piece", job.id.into()))?;
            for byte in bytes {
                at += 1;
                if *byte != b'\n' {
                    rest.push(*byte);
                    if rest.len() > LONGEST_LINE {
                        return Err(Halt::Failed(BulkError::Unreadable));
                    }
                    continue;
                }
                lines.push(std::mem::take(&mut rest));
                until = at;
                if lines.len() == most {
                    break;
                }
            }
        }
        // The last line may have no end.
        if at == whole && !rest.is_empty() && lines.len() < most {
            lines.push(rest);
            until = whole;
        }
        Ok((lines, until))
    }
}
