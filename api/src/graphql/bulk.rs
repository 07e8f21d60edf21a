//! Bulk jobs as types of the schema.

use crate::domain::bulk::{self as domain, BulkDirection, BulkError, BulkKind, BulkPurpose, BulkState};
use crate::domain::global_id::Kind;
use crate::graphql::context::Here;
use crate::graphql::paging::connection;
use crate::graphql::scalar::{Cursor, DateTime, id};
use async_graphql::{Context, ID, Object, SimpleObject};
use std::sync::Arc;

/// An export or import that goes on beside the server.
#[derive(Clone)]
pub struct BulkJob(pub Arc<domain::BulkJob>);

connection!(BulkJobConnection, BulkJobEdge, BulkJob, "bulk jobs");

/// How far a bulk job has come.
#[derive(SimpleObject)]
pub struct BulkProgress {
    /// Rows that are done.
    rows_done: i32,
    /// Rows that there were when they were counted at the start, or lines that were uploaded; null until then.
    rows_expected: Option<i32>,
}

/// The file of a bulk job: lines of JSON, compressed with gzip. Of an export each is a thing with its `__typename`, of an import each tells its `line`, from 0 on, and the `result` of its command as `submitEnvelope` gives it, or the `outcome` UNREADABLE for what is no command.
#[derive(SimpleObject)]
pub struct BulkFile {
    /// Its lines.
    rows: i32,
    /// Its bytes, as they are sent.
    bytes: i32,
    /// SHA-256 over these bytes, in hexadecimal digits.
    sha256: String,
    /// When it is thrown away.
    expires_at: DateTime,
}

/// An export or import that goes on beside the server. It is seen by whoever started it, and by the administrators and those who watch over the protection of data in their organization; only the first can fetch its file.
#[Object]
impl BulkJob {
    /// The job's public identifier.
    pub async fn id(&self) -> ID {
        id(Kind::BulkJob, self.0.id)
    }

    /// Rises with each change of its state; hand it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Which way it goes.
    async fn direction(&self) -> BulkDirection {
        self.0.direction
    }

    /// What it is about.
    async fn kind(&self) -> BulkKind {
        self.0.kind
    }

    /// What it is for.
    async fn purpose(&self) -> BulkPurpose {
        self.0.purpose
    }

    /// Where it stands.
    async fn state(&self) -> BulkState {
        self.0.state
    }

    /// How far it has come.
    async fn progress(&self) -> BulkProgress {
        BulkProgress { rows_done: whole(self.0.row_count), rows_expected: self.0.expected_rows.map(whole) }
    }

    /// Until when it waits, because your organization has no rows left for today, or because a step failed; null otherwise.
    async fn waits_until(&self, ctx: &Context<'_>) -> Option<DateTime> {
        let now = ctx.app().now();
        self.0.waits_until.filter(|until| *until > now && self.0.state.is_open()).map(DateTime)
    }

    /// Why it was given up; null otherwise.
    async fn error(&self) -> Option<BulkError> {
        self.0.error
    }

    /// How many bytes of an import have come; the next link begins there. Null for exports.
    async fn received_bytes(&self) -> Option<i32> {
        self.0.received.map(whole)
    }

    /// The member or application that started it.
    async fn started_by_id(&self) -> ID {
        let kind = if self.0.principal_kind == "CLIENT" { Kind::ClientApplication } else { Kind::Member };
        id(kind, self.0.principal_id)
    }

    /// The member who agreed to it; null where nobody did, or had to.
    async fn approved_by_id(&self) -> Option<ID> {
        self.0.approved_by.map(|member| id(Kind::Member, member))
    }

    /// When somebody agreed to it.
    async fn approved_at(&self) -> Option<DateTime> {
        self.0.approved_at.map(DateTime)
    }

    /// Where to go on with `changes(after:)` after the file is read: nothing that changed since the job was started is missed, and some of it may be in the file already. Null for imports.
    async fn changes_after(&self) -> Option<Cursor> {
        self.0.changes_after.clone().map(Cursor)
    }

    /// The file; null while there is none, or none any more.
    async fn file(&self) -> Option<BulkFile> {
        if self.0.state != BulkState::Done {
            return None;
        }
        Some(BulkFile {
            rows: whole(self.0.row_count),
            bytes: whole(self.0.bytes),
            sha256: self.0.sha256.clone()?,
            expires_at: DateTime(self.0.expires_at?),
        })
    }

    /// When it was started.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was done, given up or stopped.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }
}

fn whole(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
