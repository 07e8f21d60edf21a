//! Planning webhooks: from the one order of all changes, each endpoint by its own cursor.

use crate::domain::rule::Fault;
use crate::domain::webhook::endpoint::Endpoint;
use crate::domain::webhook::payload::is_asked_for;
use crate::store::door::Tx;
use crate::store::statement::Sql;
use crate::store::webhook_work::unreadable;
use sea_orm::QueryResult;
use uuid::Uuid;

/// How many changes are planned at once.
const BATCH: usize = 200;

impl Tx {
    /// Plans what is to be told of the changes after an endpoint's cursor, and moves the cursor. The endpoint is locked, so
    /// that no change is planned twice. Tells how many changes were looked at.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn plan_webhooks(&self, endpoint: &Endpoint, now: i64) -> Result<usize, Fault> {
        let rows = self.changes_after(endpoint).await?;
        let Some((last, _)) = rows.last() else { return Ok(0) };
        let mut sql = Sql::default();
        let mut lines = Vec::new();
        let mut before: Option<(i64, Uuid)> = None;
        for (sequence, row) in &rows {
            let kind: String = row.try_get("", "subject_kind").map_err(unreadable)?;
            let subject: Uuid = row.try_get("", "subject_id").map_err(unreadable)?;
            // What is the organization's own and in the public directory stands twice at one place.
            let is_twice = before.replace((*sequence, subject)) == Some((*sequence, subject));
            if !is_twice && is_asked_for(&endpoint.topics, &kind) {
                lines.push(planned(&mut sql, endpoint, (*sequence, subject, kind), row, now)?);
            }
        }
        if !lines.is_empty() {
            sql.text = format!(
                "INSERT INTO webhook_delivery (id, endpoint_id, organization_id, sequence, place, subject_kind, subject_id, \
                 kind, change, version, at, state, attempts, next_at, created_at) VALUES {} ON CONFLICT DO NOTHING",
                lines.join(", ")
            );
            self.run(&sql.text, sql.values).await?;
        }
        let values = vec![Uuid::from(endpoint.id).into(), (*last).into()];
        self.run("UPDATE webhook_endpoint SET cursor = $2 WHERE id = $1", values).await?;
        Ok(rows.len())
    }

    /// The next changes, never a part of those at one place.
    async fn changes_after(&self, endpoint: &Endpoint) -> Result<Vec<(i64, QueryResult)>, Fault> {
        let mut rows = self.changes_at(endpoint, ">", endpoint.cursor, BATCH + 1).await?;
        if rows.len() <= BATCH {
            return Ok(rows);
        }
        let (first, last) = (rows[0].0, rows[BATCH].0);
        if first == last {
            return self.changes_at(endpoint, "=", first, usize::MAX >> 1).await;
        }
        rows.retain(|(sequence, _)| *sequence < last);
        Ok(rows)
    }

    async fn changes_at(
        &self,
        endpoint: &Endpoint,
        sign: &str,
        place: i64,
        most: usize,
    ) -> Result<Vec<(i64, QueryResult)>, Fault> {
        let text = format!(
            "SELECT sequence, subject_kind, subject_id, kind, change, version, at FROM change \
             WHERE organization_id IN ($1, $2) AND sequence {sign} $3 \
             ORDER BY sequence, subject_id, organization_id DESC LIMIT {most}"
        );
        let values = vec![Uuid::from(endpoint.organization_id).into(), Uuid::nil().into(), place.into()];
        let placed = |row: QueryResult| Ok((row.try_get("", "sequence").map_err(unreadable)?, row));
        self.rows(&text, values).await?.into_iter().map(placed).collect()
    }
}

/// The values of a delivery to be added, as a line of an insert.
fn planned(
    sql: &mut Sql,
    endpoint: &Endpoint,
    (sequence, subject, kind): (i64, Uuid, String),
    row: &QueryResult,
    now: i64,
) -> Result<String, Fault> {
    let text = |column: &str| row.try_get::<String>("", column).map_err(unreadable);
    let version: i32 = row.try_get("", "version").map_err(unreadable)?;
    let at: i64 = row.try_get("", "at").map_err(unreadable)?;
    let line = [
        sql.bind(Uuid::now_v7()),
        sql.bind(Uuid::from(endpoint.id)),
        sql.bind(Uuid::from(endpoint.organization_id)),
        sql.bind(sequence),
        sql.bind(sequence),
        sql.bind(kind),
        sql.bind(subject),
        sql.bind(text("kind")?),
        sql.bind(text("change")?),
        sql.bind(version),
        sql.bind(at),
        "'PENDING'".to_owned(),
        "0".to_owned(),
        sql.bind(now),
        sql.bind(now),
    ];
    Ok(format!("({})", line.join(", ")))
}
