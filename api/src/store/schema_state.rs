//! Whether the database has exactly the steps this binary knows, and bringing it there.

use crate::domain::rule::Fault;
use crate::store::dialect::Engine;
use crate::store::door::{Door, fault};
use passerelle_migration::{Migrator, MigratorTrait};
use sea_orm::QueryResult;
use std::collections::BTreeSet;

/// How a database stands to this binary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaState {
    /// It has exactly the binary's steps.
    Current,
    /// Steps are missing; `migrate up` makes them.
    Behind(Vec<String>),
    /// It has steps this binary does not know: it was made by a newer one.
    Ahead(Vec<String>),
}

const MADE: &str = "SELECT version FROM seaql_migrations";

/// Finds the ledger of made steps, which an empty database lacks.
fn ledger(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'",
        Engine::Postgres => {
            "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'seaql_migrations'"
        }
    }
}

fn names(rows: &[QueryResult]) -> Result<BTreeSet<String>, Fault> {
    let unreadable = |_| Fault::Store("a step's name does not read".into());
    rows.iter().map(|row| row.try_get("", "version").map_err(unreadable)).collect()
}

fn state(made: &BTreeSet<String>) -> SchemaState {
    let known: BTreeSet<String> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
    let ahead: Vec<String> = made.difference(&known).cloned().collect();
    let behind: Vec<String> = known.difference(made).cloned().collect();
    match (ahead.is_empty(), behind.is_empty()) {
        (false, _) => SchemaState::Ahead(ahead),
        (true, false) => SchemaState::Behind(behind),
        (true, true) => SchemaState::Current,
    }
}

impl Door {
    /// How the database stands to this binary.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn schema_state(&self) -> Result<SchemaState, Fault> {
        Ok(state(&self.made_steps().await?))
    }

    async fn made_steps(&self) -> Result<BTreeSet<String>, Fault> {
        if self.rows(ledger(self.engine()), vec![]).await?.is_empty() {
            return Ok(BTreeSet::new());
        }
        names(&self.rows(MADE, vec![]).await?)
    }

    /// Makes the missing steps, all of them or none. Two nodes may do so at once: the second waits and finds nothing to
    /// do.
    ///
    /// # Errors
    /// What the engine refuses; a database of a newer binary is left alone.
    pub async fn migrate(&self) -> Result<Vec<String>, Fault> {
        // On SQLite the transaction holds the write lock from its beginning.
        let tx = self.begin().await?;
        if self.engine() == Engine::Postgres {
            tx.rows("SELECT pg_advisory_xact_lock(7020113)", vec![]).await?;
        }
        let made = if tx.rows(ledger(self.engine()), vec![]).await?.is_empty() {
            BTreeSet::new()
        } else {
            names(&tx.rows(MADE, vec![]).await?)?
        };
        match state(&made) {
            SchemaState::Behind(missing) => {
                Migrator::up(tx.for_migrations(), None).await.map_err(|error| fault(&error))?;
                tx.commit().await?;
                Ok(missing)
            }
            SchemaState::Current | SchemaState::Ahead(_) => Ok(Vec::new()),
        }
    }

    /// Whether the database can be written and is current.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn is_ready(&self) -> Result<bool, Fault> {
        drop(self.begin().await?);
        Ok(self.schema_state().await? == SchemaState::Current)
    }
}
