//! Changes as they are read: a page for one who asks, and all that is new for those who follow.

use crate::domain::change::{Batch, Change, ChangeSubject, ChangeType, EVERYBODY, NoChanges, Place, Scope};
use crate::domain::code::Code as _;
use crate::domain::global_id::Kind;
use crate::domain::policy::Extent;
use crate::domain::rule::Fault;
use crate::store::door::Door;
use crate::store::statement::Sql;
use sea_orm::QueryResult;
use std::sync::Arc;
use uuid::Uuid;

/// A change's columns, as [`read`] wants them.
const COLUMNS: &str = "c.organization_id AS organization_id, c.sequence AS sequence, c.subject_id AS subject_id, \
    c.subject_kind AS subject_kind, c.kind AS kind, c.change AS change, c.program_id AS program_id, \
    c.version AS version, c.at AS at";

/// Where the order stands: the last place given, and the last that is no longer kept.
const MARKS: &str = "(SELECT max(CASE WHEN name = 'PLACED' THEN sequence END) AS placed, \
    max(CASE WHEN name = 'FORGOTTEN' THEN sequence END) AS forgotten FROM change_mark)";

/// Where the order of changes stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marks {
    /// The last number given.
    pub placed: i64,
    /// The last number whose changes are no longer kept.
    pub forgotten: i64,
}

impl Door {
    /// Where the order of changes stands.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn change_marks(&self) -> Result<Marks, Fault> {
        let rows = self.rows(&format!("SELECT placed, forgotten FROM {MARKS} m"), vec![]).await?;
        rows.first().ok_or_else(lost).and_then(marks)
    }

    /// The changes behind a place that somebody is told of, `most` of them at the most; from the oldest kept when no place
    /// is named. One statement, so that what is forgotten meanwhile can't be missed.
    ///
    /// # Errors
    /// EXPIRED for a place whose followers are no longer all kept; what the engine refuses.
    pub async fn changes(&self, scope: &Scope, after: Option<Place>, most: usize) -> Result<(Batch, Marks), NoChanges> {
        let mut sql = Sql::default();
        let from = after.unwrap_or(Place { sequence: 0, subject: Uuid::nil() });
        let condition = condition(&mut sql, scope, from);
        let side = |sql: &mut Sql, organization: Uuid| {
            let organization = sql.bind(organization);
            format!(
                "SELECT * FROM (SELECT {COLUMNS} FROM change c WHERE c.organization_id = {organization}{condition} \
                 ORDER BY c.sequence, c.subject_id LIMIT {}) x",
                2 * most + 2
            )
        };
        let (own, all) = (side(&mut sql, scope.organization.into()), side(&mut sql, EVERYBODY));
        sql.text = format!(
            "SELECT m.placed AS placed, m.forgotten AS forgotten, y.* FROM {MARKS} m LEFT JOIN \
             (SELECT * FROM ({own} UNION ALL {all}) z ORDER BY z.sequence, z.subject_id LIMIT {}) y ON 1 = 1 \
             ORDER BY y.sequence, y.subject_id",
            2 * most + 2
        );
        let rows = self.rows(&sql.text, sql.values).await?;
        let marks = rows.first().ok_or_else(lost).and_then(marks)?;
        if after.is_some_and(|after| after.sequence < marks.forgotten) {
            return Err(NoChanges::Expired);
        }
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            found.extend(read(row)?);
        }
        Ok((batch(found, from, most, marks), marks))
    }

    /// How many changes behind a place somebody is told of.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn count_changes(&self, scope: &Scope, after: Option<Place>) -> Result<i64, Fault> {
        let mut sql = Sql::default();
        let condition = condition(&mut sql, scope, after.unwrap_or(Place { sequence: 0, subject: Uuid::nil() }));
        let (own, all) = (sql.bind(Uuid::from(scope.organization)), sql.bind(EVERYBODY));
        let text = format!(
            "SELECT count(*) AS total FROM (SELECT DISTINCT c.sequence, c.subject_id FROM change c \
             WHERE c.organization_id IN ({own}, {all}){condition}) x"
        );
        self.count((text, sql.values)).await
    }

    /// All that was placed behind a number, for everybody: whole numbers only, `most` changes or a few more.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn all_changes(&self, after: i64, most: usize) -> Result<(Vec<Change>, i64), Fault> {
        let text = format!(
            "SELECT m.placed AS placed, m.forgotten AS forgotten, y.* FROM {MARKS} m LEFT JOIN \
             (SELECT {COLUMNS} FROM change c WHERE c.sequence > $1 \
              AND c.sequence <= coalesce((SELECT x.sequence FROM change x WHERE x.sequence > $1 \
                ORDER BY x.sequence LIMIT 1 OFFSET {most}), 9223372036854775807)) y ON 1 = 1 \
             ORDER BY y.sequence, y.subject_id, y.organization_id"
        );
        let rows = self.rows(&text, vec![after.into()]).await?;
        let marks = rows.first().ok_or_else(lost).and_then(marks)?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            found.extend(read(row)?);
        }
        let last = rows.last().filter(|_| rows.len() > most).map(|row| row.try_get::<i64>("", "sequence"));
        let until = last.transpose().map_err(|_| lost())?;
        Ok((found, until.unwrap_or(marks.placed.max(after))))
    }

    /// Forgets changes older than `before`, a bounded number at a time, with the outbox rows they came from; whoever stands
    /// before them has to begin anew. Tells how many outbox rows.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn forget_changes(&self, before: i64) -> Result<u64, Fault> {
        let tx = self.begin().await?;
        let text = "SELECT max(x.sequence) AS until FROM (SELECT sequence, at FROM outbox WHERE sequence IS NOT NULL \
                    ORDER BY sequence LIMIT 1000) x WHERE x.at < $1";
        let rows = tx.rows(text, vec![before.into()]).await?;
        let until = rows.first().map(|row| row.try_get::<Option<i64>>("", "until"));
        let Some(until) = until.transpose().map_err(|_| lost())?.flatten() else { return Ok(0) };
        tx.run("DELETE FROM change WHERE sequence <= $1", vec![until.into()]).await?;
        let mark = "UPDATE change_mark SET sequence = $1 WHERE name = 'FORGOTTEN' AND sequence < $1";
        tx.run(mark, vec![until.into()]).await?;
        let forgotten = tx.run("DELETE FROM outbox WHERE sequence <= $1", vec![until.into()]).await?;
        tx.commit().await?;
        Ok(forgotten)
    }
}

/// The condition on `change c` that a scope and a place come to.
fn condition(sql: &mut Sql, scope: &Scope, after: Place) -> String {
    let (sequence, subject) = (sql.bind(after.sequence), sql.bind(after.subject));
    let mut text = format!(" AND (c.sequence, c.subject_id) > ({sequence}, {subject})");
    let whole: Vec<_> = scope.subjects.iter().filter(|(_, extent)| *extent == Extent::Everything).collect();
    let mut kinds = Vec::new();
    if whole.len() < ChangeSubject::ALL.len() {
        let names = sql.bind_all(whole.iter().map(|(subject, _)| subject.kind().code().to_owned()));
        kinds.push(format!("c.subject_kind IN ({names})"));
        for (subject, extent) in scope.subjects.iter().filter(|(_, extent)| *extent != Extent::Everything) {
            let kind = sql.bind(subject.kind().code().to_owned());
            let within = sql.within(extent, "c.program_id");
            kinds.push(format!("(c.subject_kind = {kind} AND {within})"));
        }
        text += &format!(" AND ({})", kinds.join(" OR "));
    }
    if !scope.referrals.is_empty() {
        let names = sql.bind_all(scope.referrals.iter().map(|id| Uuid::from(*id)));
        text += &format!(" AND c.subject_id IN ({names})");
    }
    text
}

/// The first changes, each thing once at each place: what an organization is told itself goes before what everybody is.
fn batch(found: Vec<Change>, from: Place, most: usize, marks: Marks) -> Batch {
    let mut changes: Vec<Arc<Change>> = Vec::with_capacity(found.len());
    for change in found {
        match changes.last_mut() {
            Some(last) if last.place == change.place => {
                if last.organization == EVERYBODY {
                    *last = Arc::new(change);
                }
            }
            _ => changes.push(Arc::new(change)),
        }
    }
    let has_more = changes.len() > most;
    changes.truncate(most);
    let end = changes.last().map(|change| change.place).filter(|_| has_more);
    Batch { until: end.unwrap_or(Place::behind(marks.placed).max(from)), changes, has_more }
}

fn marks(row: &QueryResult) -> Result<Marks, Fault> {
    Ok(Marks {
        placed: row.try_get("", "placed").map_err(|_| lost())?,
        forgotten: row.try_get("", "forgotten").map_err(|_| lost())?,
    })
}

/// A row's change; nothing where the row has none, or one of a kind that can't be followed.
fn read(row: &QueryResult) -> Result<Option<Change>, Fault> {
    let unreadable = |_| Fault::Store("a change does not read".into());
    let Some(sequence) = row.try_get::<Option<i64>>("", "sequence").map_err(unreadable)? else { return Ok(None) };
    let text = |column| row.try_get::<String>("", column).map_err(unreadable);
    let subject_kind = Kind::from_code(&text("subject_kind")?).and_then(ChangeSubject::of);
    let Some(subject_kind) = subject_kind else { return Ok(None) };
    let version: i32 = row.try_get("", "version").map_err(unreadable)?;
    Ok(Some(Change {
        organization: row.try_get("", "organization_id").map_err(unreadable)?,
        place: Place { sequence, subject: row.try_get("", "subject_id").map_err(unreadable)? },
        subject_kind,
        kind: text("kind")?,
        change: ChangeType::from_code(&text("change")?).unwrap_or(ChangeType::Tombstone),
        program: row.try_get::<Option<Uuid>>("", "program_id").map_err(unreadable)?.map(Into::into),
        version: (version > 0).then_some(version),
        at: row.try_get("", "at").map_err(unreadable)?,
    }))
}

fn lost() -> Fault {
    Fault::Store("the marks of the changes are lost".into())
}
