//! Commands that wait for a person, and what happened to a thing since somebody saw it.

use crate::domain::code::Code as _;
use crate::domain::envelope::{ParkedCommand, ParkedStatus};
use crate::domain::event::Event;
use crate::domain::global_id::Kind;
use crate::domain::id::{MemberId, OrganizationId, ProgramId};
use crate::domain::page::{Page, Window};
use crate::domain::policy::Extent;
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::events::event;
use crate::store::ledger::Deed;
use crate::store::statement::{Order, Sql, body, counted, page, window_clause};
use passerelle_entity::parked_command;
use sea_orm::QueryResult;
use uuid::Uuid;

/// Whose parked commands somebody sees: their own, and those of the programs in which they supervise.
#[derive(Debug, Clone)]
pub struct ParkedSight {
    pub organization: OrganizationId,
    pub author: Uuid,
    pub supervises: Extent,
}

/// A command to park.
#[derive(Debug, Clone)]
pub struct ParkedRow<'a> {
    pub id: Uuid,
    pub key: &'a str,
    pub device: &'a str,
    pub subject: (Kind, Uuid),
    pub program: Option<ProgramId>,
    pub seen_version: Option<i32>,
    /// The device's own time, UTC microseconds.
    pub made_at: i64,
    pub because: &'static str,
    /// Sealed.
    pub command: String,
    /// What the command said, as a keyed fingerprint.
    pub fingerprint: &'a str,
}

const PARKED: &str = "OBJ('id', UID(p.id), 'author_id', UID(p.author_id), 'device_id', p.device_id, 'mutation', p.mutation, \
    'subject_kind', p.subject_kind, 'subject_id', UID(p.subject_id), 'program_id', UID(p.program_id), \
    'seen_version', p.seen_version, 'made_at', p.made_at, 'parked_at', p.parked_at, 'because', p.because, \
    'command', p.command_sealed, 'status', p.status, 'settled_at', p.settled_at, 'version', p.version, \
    'fingerprint', p.fingerprint)";

fn visible(sql: &mut Sql, sight: &ParkedSight) -> String {
    let organization = sql.bind(Uuid::from(sight.organization));
    let author = sql.bind(sight.author);
    let within = sql.within(&sight.supervises, "p.program_id");
    format!("p.organization_id = {organization} AND (p.author_id = {author} OR {within})")
}

/// A command for which nobody decided in time.
#[derive(Debug, Clone, Copy)]
pub struct ExpiredCommand {
    pub id: Uuid,
    pub organization: OrganizationId,
    /// Who queued it; nothing for an application.
    pub author: Option<MemberId>,
    pub program: Option<ProgramId>,
}

fn expired(row: &QueryResult) -> Result<ExpiredCommand, Fault> {
    let unreadable = |_| Fault::Store("a parked command does not read".into());
    let author: Uuid = row.try_get("", "author_id").map_err(unreadable)?;
    let is_member: bool = row.try_get("", "is_member").map_err(unreadable)?;
    let program: Option<Uuid> = row.try_get("", "program_id").map_err(unreadable)?;
    Ok(ExpiredCommand {
        id: row.try_get("", "id").map_err(unreadable)?,
        organization: row.try_get::<Uuid>("", "organization_id").map_err(unreadable)?.into(),
        author: is_member.then_some(author.into()),
        program: program.map(Into::into),
    })
}

impl Door {
    /// A page of parked commands that the asker sees, the oldest first: one statement.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn parked_commands(
        &self,
        sight: &ParkedSight,
        status: &[ParkedStatus],
        window: &Window,
    ) -> Result<Page<ParkedCommand>, Fault> {
        let mut sql = Sql::default();
        let mut found = format!("FROM parked_command p WHERE {}", visible(&mut sql, sight));
        if !status.is_empty() {
            let codes = sql.bind_all(status.iter().map(|status| status.code()));
            found += &format!(" AND p.status IN ({codes})");
        }
        let counting = Sql { text: format!("SELECT count(*) AS total {found}"), values: sql.values.clone() };
        let count = if window.count { format!(", (SELECT count(*) {found}) AS total") } else { String::new() };
        let order = Order { by: "p.parked_at", id: "p.id", is_number: true, descending: false };
        let end = window_clause(&mut sql, window, order);
        sql.text = format!(
            "SELECT CAST({PARKED} AS TEXT) AS body, CAST(p.parked_at AS TEXT) AS k, p.id AS id{count} {found}{end}"
        );
        let rows = self.rows(&sql.text, sql.values).await?;
        counted(self, page(&rows, window, "parked_command")?, window, counting).await
    }

    /// One parked command that the asker sees.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn parked_command(&self, sight: &ParkedSight, id: Uuid) -> Result<Option<ParkedCommand>, Fault> {
        let mut sql = Sql::default();
        let visible = visible(&mut sql, sight);
        let key = sql.bind(id);
        let text =
            format!("SELECT CAST({PARKED} AS TEXT) AS body FROM parked_command p WHERE p.id = {key} AND {visible}");
        let rows = self.rows(&text, sql.values).await?;
        rows.first().map(|row| body(row, "parked_command")).transpose()
    }

    /// The command that the author parked under this key before.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn parked_under(&self, deed: &Deed, key: &str) -> Result<Option<ParkedCommand>, Fault> {
        let text = format!(
            "SELECT CAST({PARKED} AS TEXT) AS body FROM parked_command p WHERE p.organization_id = $1 \
             AND p.author_id = $2 AND p.mutation = $3 AND p.idempotency_key = $4"
        );
        let values =
            vec![Uuid::from(deed.organization).into(), deed.principal.into(), deed.mutation.into(), key.into()];
        let rows = self.rows(&text, values).await?;
        rows.first().map(|row| body(row, "parked_command")).transpose()
    }

    /// How many changes of a thing after a version the asker made.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn own_changes(&self, deed: &Deed, (kind, id): (Kind, Uuid), seen: i32) -> Result<i64, Fault> {
        let text = "SELECT count(DISTINCT e.version) AS total FROM event e WHERE e.subject_id = $1 \
                    AND e.subject_kind = $2 AND e.version > $3 AND e.organization_id = $4 AND e.principal_id = $5";
        let values = vec![
            id.into(),
            kind.code().into(),
            seen.into(),
            Uuid::from(deed.organization).into(),
            deed.principal.into(),
        ];
        self.count((text.to_owned(), values)).await
    }

    /// What happened to a thing after a version, by others than the asker; the asker has seen the thing itself through
    /// a scoped read. Twenty at the most.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn happened_since(&self, deed: &Deed, id: Uuid, seen: i32) -> Result<Vec<Event>, Fault> {
        let text = format!(
            "SELECT CAST({} AS TEXT) AS body FROM event e JOIN organization eo ON eo.id = e.organization_id \
             WHERE e.subject_id = $2 AND e.version > $3 AND e.principal_id <> $4 ORDER BY e.at, e.id LIMIT 20",
            event("$1")
        );
        let values = vec![Uuid::from(deed.organization).into(), id.into(), seen.into(), deed.principal.into()];
        self.rows(&text, values).await?.iter().map(|row| body(row, "event")).collect()
    }

    /// Parks a command; false where the same was parked before.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn park(&self, deed: &Deed, row: ParkedRow<'_>) -> Result<bool, Fault> {
        let tx = self.begin().await?;
        let row = parked_command::Model {
            id: row.id,
            organization_id: deed.organization.into(),
            author_id: deed.principal,
            device_id: row.device.into(),
            mutation: deed.mutation.into(),
            idempotency_key: row.key.into(),
            subject_kind: row.subject.0.code().into(),
            subject_id: row.subject.1,
            program_id: row.program.map(Uuid::from),
            seen_version: row.seen_version,
            made_at: row.made_at,
            parked_at: deed.now,
            because: row.because.into(),
            command_sealed: row.command,
            status: ParkedStatus::Waiting.code().into(),
            settled_by: None,
            settled_at: None,
            version: 1,
            fingerprint: Some(row.fingerprint.into()),
        };
        let added = tx.try_add::<_, parked_command::ActiveModel>(row).await;
        match added {
            Ok(()) => tx.commit().await.map(|()| true),
            Err(error) if matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_))) => Ok(false),
            Err(error) => Err(crate::store::door::fault(&error)),
        }
    }
}

impl Tx {
    /// Ends commands that have waited since before `before`, some at a time, and forgets their texts. Each is given once.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn take_expired_parked(&self, before: i64, now: i64) -> Result<Vec<ExpiredCommand>, Fault> {
        let text = "UPDATE parked_command SET status = 'EXPIRED', settled_at = $2, version = version + 1, command_sealed = '' \
                    WHERE status = 'WAITING' AND id IN (SELECT id FROM parked_command WHERE status = 'WAITING' \
                    AND parked_at <= $1 ORDER BY parked_at, id LIMIT 100) \
                    RETURNING id, organization_id, author_id, program_id, \
                    EXISTS (SELECT 1 FROM member m WHERE m.id = author_id) AS is_member";
        self.rows(text, vec![before.into(), now.into()]).await?.iter().map(expired).collect()
    }

    /// Settles a command that waits, unless somebody was faster. Its text is forgotten.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn settle_parked(&self, id: Uuid, version: i32, to: ParkedStatus, deed: &Deed) -> Result<bool, Fault> {
        let text = "UPDATE parked_command SET status = $3, settled_by = $4, settled_at = $5, version = version + 1, \
                    command_sealed = '' WHERE id = $1 AND version = $2 AND status = 'WAITING'";
        let values = vec![id.into(), version.into(), to.code().into(), deed.principal.into(), deed.now.into()];
        Ok(self.run(text, values).await? == 1)
    }
}
