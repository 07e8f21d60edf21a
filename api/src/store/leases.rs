//! Who does what only one node may do at a time. A lease's token grows with each new holder: a write that carries an
//! older one comes from a holder that was thought dead, and is refused.

use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use uuid::Uuid;

/// A lease that a node holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    pub name: &'static str,
    pub holder: Uuid,
    /// Grows by one with each new holder.
    pub token: i64,
}

impl Door {
    /// Takes a lease until `until`, or prolongs it; nothing when another node holds it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn take_lease(
        &self,
        name: &'static str,
        holder: Uuid,
        now: i64,
        until: i64,
    ) -> Result<Option<Lease>, Fault> {
        let tx = self.begin().await?;
        let taken = tx
            .run(
                "UPDATE lease SET token = token + CASE WHEN holder = $2 THEN 0 ELSE 1 END, holder = $2, until_at = $3 \
                 WHERE name = $1 AND (holder = $2 OR until_at <= $4)",
                vec![name.into(), holder.into(), until.into(), now.into()],
            )
            .await?;
        if taken == 0 {
            tx.run(
                "INSERT INTO lease (name, holder, token, until_at) VALUES ($1, $2, 1, $3) ON CONFLICT DO NOTHING",
                vec![name.into(), holder.into(), until.into()],
            )
            .await?;
        }
        let values = vec![name.into(), holder.into()];
        let rows = tx.rows("SELECT token FROM lease WHERE name = $1 AND holder = $2", values).await?;
        tx.commit().await?;
        let token = |row: &sea_orm::QueryResult| row.try_get("", "token");
        let token = rows.first().map(token).transpose().map_err(|_| Fault::Store("a lease does not read".into()))?;
        Ok(token.map(|token| Lease { name, holder, token }))
    }

    /// Whether a round of something that is done once in a while is due: a read alone.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn round_is_due(&self, name: &str, now: i64) -> Result<bool, Fault> {
        let values = vec![name.into(), now.into()];
        Ok(self.rows("SELECT name FROM lease WHERE name = $1 AND until_at > $2", values).await?.is_empty())
    }

    /// Claims the next round of something that is done once in a while: true for one node a round.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn claim_round(&self, name: &str, holder: Uuid, now: i64, next: i64) -> Result<bool, Fault> {
        let tx = self.begin().await?;
        let claimed = tx
            .run(
                "INSERT INTO lease (name, holder, token, until_at) VALUES ($1, $2, 1, $3) ON CONFLICT (name) DO UPDATE \
                 SET holder = $2, token = lease.token + 1, until_at = $3 WHERE lease.until_at <= $4",
                vec![name.into(), holder.into(), next.into(), now.into()],
            )
            .await?;
        tx.commit().await?;
        Ok(claimed == 1)
    }
}

impl Door {
    /// Lets a round that this node claimed and could not finish be claimed again from `again` on, UTC microseconds.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn put_round_off(&self, name: &str, holder: Uuid, again: i64) -> Result<(), Fault> {
        let tx = self.begin().await?;
        let text = "UPDATE lease SET until_at = $3 WHERE name = $1 AND holder = $2 AND until_at > $3";
        tx.run(text, vec![name.into(), holder.into(), again.into()]).await?;
        tx.commit().await
    }
}

impl Tx {
    /// Whether a lease is still the newest of its name. Nobody takes it before this transaction ends.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn holds(&self, lease: &Lease) -> Result<bool, Fault> {
        let text = "SELECT token FROM lease WHERE name = $1 AND holder = $2 AND token = $3 FOR UPDATE";
        let values = vec![lease.name.into(), lease.holder.into(), lease.token.into()];
        Ok(!self.rows(text, values).await?.is_empty())
    }
}
