//! Budgets that all nodes share. A node takes a lease of points and spends them without asking again, so that there is
//! no write for each request.

use crate::domain::budget::{Level, Purse, Rate};
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use uuid::Uuid;

/// What a node got of a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leased {
    /// Points that the node may spend; 0 where fewer are left than it needs.
    pub points: i64,
    /// What is left for all.
    pub rest: Level,
}

impl Door {
    /// Takes `wanted` points of a budget for this node, or as many as there are but `least` at the fewest.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn lease_points(
        &self,
        (purse, owner): (Purse, Uuid),
        rate: &Rate,
        (least, wanted): (i64, i64),
        now: i64,
    ) -> Result<Leased, Fault> {
        let tx = self.begin().await?;
        tx.run(
            "INSERT INTO budget (purse, owner_id, points, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            vec![purse.name().into(), owner.into(), rate.points.into(), now.into()],
        )
        .await?;
        let mut level = tx.budget(purse, owner, rate, now).await?;
        let points = level.take(least, wanted);
        if points > 0 {
            tx.set_budget(purse, owner, level).await?;
        }
        tx.commit().await?;
        Ok(Leased { points, rest: level })
    }

    /// Gives points back that this node did not need.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn return_points(
        &self,
        (purse, owner): (Purse, Uuid),
        rate: &Rate,
        points: i64,
        now: i64,
    ) -> Result<(), Fault> {
        let tx = self.begin().await?;
        let mut level = tx.budget(purse, owner, rate, now).await?;
        level.give(rate, points);
        tx.set_budget(purse, owner, level).await?;
        tx.commit().await
    }

    /// Forgets budgets that are full again: they say nothing more than a new row would.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn forget_budgets(&self, before: i64) -> Result<u64, Fault> {
        let tx = self.begin().await?;
        let forgotten = tx.run("DELETE FROM budget WHERE at < $1", vec![before.into()]).await?;
        tx.commit().await?;
        Ok(forgotten)
    }
}

impl Tx {
    pub(super) async fn budget(&self, purse: Purse, owner: Uuid, rate: &Rate, now: i64) -> Result<Level, Fault> {
        let text = "SELECT points, at FROM budget WHERE purse = $1 AND owner_id = $2 FOR UPDATE";
        let rows = self.rows(text, vec![purse.name().into(), owner.into()]).await?;
        // A row that was swept meanwhile was full.
        let Some(row) = rows.first() else { return Ok(Level::full(rate, now)) };
        let number =
            |column: &str| row.try_get::<i64>("", column).map_err(|_| Fault::Store("a budget does not read".into()));
        let level = Level { points: number("points")?.min(rate.points), at: number("at")? };
        Ok(level.at(rate, now))
    }

    pub(super) async fn set_budget(&self, purse: Purse, owner: Uuid, level: Level) -> Result<(), Fault> {
        self.run(
            "UPDATE budget SET points = $3, at = $4 WHERE purse = $1 AND owner_id = $2",
            vec![purse.name().into(), owner.into(), level.points.into(), level.at.into()],
        )
        .await
        .map(drop)
    }
}
