//! Whether the database has exactly the steps this binary knows, and bringing it there.

use crate::domain::rule::Fault;
use crate::store::dialect::Engine;
use crate::store::door::{Door, fault};
use passerelle_migration::{Migrator, MigratorTrait};
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

impl Door {
    /// How the database stands to this binary.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn schema_state(&self) -> Result<SchemaState, Fault> {
        let known: BTreeSet<String> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
        let made = self.made_steps().await?;
        let ahead: Vec<String> = made.difference(&known).cloned().collect();
        let behind: Vec<String> = known.difference(&made).cloned().collect();
        Ok(match (ahead.is_empty(), behind.is_empty()) {
            (false, _) => SchemaState::Ahead(ahead),
            (true, false) => SchemaState::Behind(behind),
            (true, true) => SchemaState::Current,
        })
    }

    async fn made_steps(&self) -> Result<BTreeSet<String>, Fault> {
        let ledger = match self.engine() {
            Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'",
            Engine::Postgres => {
                "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'seaql_migrations'"
            }
        };
        if self.rows(ledger, vec![]).await?.is_empty() {
            return Ok(BTreeSet::new());
        }
        let rows = self.rows("SELECT version FROM seaql_migrations", vec![]).await?;
        rows.iter()
            .map(|row| row.try_get("", "version").map_err(|_| Fault::Store("a step's name does not read".into())))
            .collect()
    }

    /// Makes the missing steps. Two nodes may do so at once: the second waits and finds nothing to do.
    ///
    /// # Errors
    /// What the engine refuses; a database of a newer binary is left alone.
    pub async fn migrate(&self) -> Result<Vec<String>, Fault> {
        let lock = self.begin().await?;
        if self.engine() == Engine::Postgres {
            lock.rows("SELECT pg_advisory_xact_lock(7020113)", vec![]).await?;
        } else {
            // SQLite has one writer: the steps take the write lock themselves, one transaction after another, so the
            // lock is given back before they run.
            drop(lock);
            return self.make_steps().await;
        }
        let made = self.make_steps().await?;
        lock.commit().await?;
        Ok(made)
    }

    async fn make_steps(&self) -> Result<Vec<String>, Fault> {
        match self.schema_state().await? {
            SchemaState::Behind(missing) => {
                Migrator::up(self.for_migrations(), None).await.map_err(|error| fault(&error))?;
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
