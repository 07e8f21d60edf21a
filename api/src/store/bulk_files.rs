//! What bulk jobs keep: the sealed pieces of their files, and the links by which a file is fetched once.

use crate::domain::id::BulkJobId;
use crate::domain::rule::Fault;
use crate::domain::sealed::Sealed;
use crate::store::door::{Door, Tx};
use passerelle_entity::{bulk_link, bulk_piece};
use sea_orm::QueryResult;
use uuid::Uuid;

/// The side of a file that goes out.
pub const OUT: &str = "OUT";
/// The side of a file that comes in.
pub const IN: &str = "IN";

/// A piece of a file.
#[derive(Debug, Clone)]
pub struct Piece {
    pub number: i32,
    /// How many bytes of the file come before it.
    pub start_at: i64,
    pub body: Sealed,
}

/// A link, as it is kept.
#[derive(Debug, Clone)]
pub struct NewLink {
    pub id: Uuid,
    pub job: BulkJobId,
    pub side: &'static str,
    pub secret_hash: String,
    pub start_at: i64,
    pub created_at: i64,
    pub expires_at: i64,
}

/// Which piece is read.
#[derive(Debug, Clone, Copy)]
pub enum At {
    /// The one with this number.
    Number(i32),
    /// The one in which this byte of the file lies.
    Byte(i64),
}

fn piece(row: &QueryResult) -> Result<Piece, Fault> {
    let read = || -> Result<Piece, sea_orm::DbErr> {
        Ok(Piece {
            number: row.try_get("", "number")?,
            start_at: row.try_get("", "start_at")?,
            body: Sealed::from_stored(row.try_get("", "body_sealed")?),
        })
    };
    read().map_err(|_| Fault::Store("a piece of a file does not read".into()))
}

impl Door {
    /// One piece of a job's file.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn bulk_piece(&self, job: BulkJobId, side: &'static str, at: At) -> Result<Option<Piece>, Fault> {
        let (condition, value): (_, sea_orm::Value) = match at {
            At::Number(number) => ("number = $3", number.into()),
            At::Byte(byte) => ("start_at <= $3", byte.into()),
        };
        let text = format!(
            "SELECT number, start_at, body_sealed FROM bulk_piece WHERE job_id = $1 AND side = $2 AND {condition} \
             ORDER BY number DESC LIMIT 1"
        );
        let rows = self.rows(&text, vec![Uuid::from(job).into(), side.into(), value]).await?;
        rows.first().map(piece).transpose()
    }
}

impl Tx {
    /// Keeps a piece of a job's file. A number is taken once.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_bulk_piece(
        &self,
        job: BulkJobId,
        side: &'static str,
        piece: &Piece,
        (bytes, row_count): (i64, i64),
    ) -> Result<(), Fault> {
        self.add(bulk_piece::Model {
            job_id: job.into(),
            side: side.into(),
            number: piece.number,
            start_at: piece.start_at,
            bytes,
            row_count,
            body_sealed: piece.body.as_stored().to_owned(),
        })
        .await
    }

    /// Throws a job's file away with all links to it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn drop_bulk_file(&self, job: BulkJobId) -> Result<(), Fault> {
        for table in ["bulk_piece", "bulk_link"] {
            self.run(&format!("DELETE FROM {table} WHERE job_id = $1"), vec![Uuid::from(job).into()]).await?;
        }
        Ok(())
    }

    /// Keeps a link.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_bulk_link(&self, new: &NewLink) -> Result<(), Fault> {
        self.add(bulk_link::Model {
            id: new.id,
            job_id: new.job.into(),
            secret_hash: new.secret_hash.clone(),
            side: new.side.into(),
            start_at: new.start_at,
            created_at: new.created_at,
            expires_at: new.expires_at,
            used_at: None,
        })
        .await
    }

    /// Uses a link up: the job it leads to and from which byte on; nothing for one that is unknown, used, too old or
    /// of the other side.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn use_bulk_link(
        &self,
        secret_hash: &str,
        side: &'static str,
        now: i64,
    ) -> Result<Option<(BulkJobId, i64)>, Fault> {
        let text = "UPDATE bulk_link SET used_at = $2 WHERE secret_hash = $1 AND used_at IS NULL AND expires_at > $2 \
                    AND side = $3";
        if self.run(text, vec![secret_hash.into(), now.into(), side.into()]).await? != 1 {
            return Ok(None);
        }
        let text = "SELECT job_id, start_at FROM bulk_link WHERE secret_hash = $1";
        let rows = self.rows(text, vec![secret_hash.into()]).await?;
        let read = |row: &QueryResult| -> Result<_, sea_orm::DbErr> {
            Ok((row.try_get::<Uuid>("", "job_id")?.into(), row.try_get("", "start_at")?))
        };
        rows.first().map(read).transpose().map_err(|_| Fault::Store("a link does not read".into()))
    }
}
