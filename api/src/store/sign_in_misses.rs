//! How often somebody failed to sign in within the minute. All nodes count in one table, under keyed hashes: from it nobody
//! learns an address.

use crate::domain::id::OrganizationId;
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::statement::Sql;
use passerelle_entity::audit;
use uuid::Uuid;

impl Door {
    /// The failures counted in a minute for each of these, in their order.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn sign_in_misses(&self, buckets: &[String], minute: i64) -> Result<Vec<i32>, Fault> {
        let mut sql = Sql::default();
        let minute = sql.bind(minute);
        let names = sql.bind_all(buckets.iter().cloned());
        let text = format!("SELECT bucket, misses FROM sign_in_miss WHERE minute = {minute} AND bucket IN ({names})");
        let mut found = vec![0; buckets.len()];
        for row in self.rows(&text, sql.values).await? {
            let corrupt = |_| Fault::Store("a count does not read".into());
            let bucket: String = row.try_get("", "bucket").map_err(corrupt)?;
            if let Some(at) = buckets.iter().position(|one| *one == bucket) {
                found[at] = row.try_get("", "misses").map_err(corrupt)?;
            }
        }
        Ok(found)
    }
}

impl Tx {
    /// Counts a try before it is known how it ends, and gives how many there are now in this minute: of many tries at the
    /// same time, each sees those before it. Older minutes are forgotten.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn count_try(&self, bucket: &str, minute: i64) -> Result<i32, Fault> {
        let text = "INSERT INTO sign_in_miss (bucket, minute, misses) VALUES ($1, $2, 1) \
                    ON CONFLICT (bucket, minute) DO UPDATE SET misses = sign_in_miss.misses + 1 RETURNING misses";
        let rows = self.rows(text, vec![bucket.into(), minute.into()]).await?;
        let count: Option<i32> = rows.first().and_then(|row| row.try_get("", "misses").ok());
        if count == Some(1) {
            self.run("DELETE FROM sign_in_miss WHERE minute < $1", vec![(minute - 10).into()]).await?;
        }
        count.ok_or_else(|| Fault::Store("a count does not read".into()))
    }

    /// Takes a try back that did not fail.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn forgive_try(&self, bucket: &str, minute: i64) -> Result<(), Fault> {
        let text = "UPDATE sign_in_miss SET misses = misses - 1 WHERE bucket = $1 AND minute = $2";
        self.run(text, vec![bucket.into(), minute.into()]).await.map(drop)
    }

    /// Writes down that a member or application got a token. Written last.
    pub fn note_sign_in(&self, principal: (&'static str, Uuid), organization: OrganizationId, request: &str, now: i64) {
        self.add_last(audit::Model {
            id: Uuid::now_v7(),
            at: now,
            organization_id: Some(organization.into()),
            principal_id: Some(principal.1),
            principal_kind: principal.0.into(),
            operation: "signIn".into(),
            decision: "ALLOW".into(),
            outcome: "OK".into(),
            subject_kind: None,
            subject_id: None,
            request_id: request.to_owned(),
            field_classes: None,
            subjects: None,
        });
    }
}
