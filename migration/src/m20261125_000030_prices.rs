//! Prices by which services are found, the words of the search laid out so that writing them down costs less, and an
//! index of what is public, by which harvesters page and count. Prices and words are derived from the directory; all services are due to be derived anew.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

const PRICES: &str = "
CREATE TABLE search_price (
  service_id UUID NOT NULL REFERENCES service (id),
  position INTEGER NOT NULL,
  currency TEXT NOT NULL,
  amount DOUBLE PRECISION NOT NULL,
  valid_from TEXT,
  valid_to TEXT,
  PRIMARY KEY (service_id, position)
);
CREATE INDEX service_public ON service (id) WHERE visibility = 'PUBLIC' AND status IN ('PUBLISHED', 'PAUSED');
DROP TABLE search_word";

/// The table as it was before.
const WORDS: &str = "
CREATE TABLE search_word (
  word TEXT NOT NULL,
  service_id UUID NOT NULL REFERENCES service (id),
  weight INTEGER NOT NULL,
  PRIMARY KEY (word, service_id, weight)
)";

const DUE: &str = "
CREATE INDEX search_word_of ON search_word (service_id);
INSERT INTO search_due (service_id) SELECT id FROM service WHERE id NOT IN (SELECT service_id FROM search_due)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::dialect::run(manager, PRICES).await?;
        // SQLite keeps a table and its key as two trees unless it is told that the key is the table.
        let sqlite = manager.get_connection().get_database_backend() == DatabaseBackend::Sqlite;
        let layout = if sqlite { " WITHOUT ROWID" } else { "" };
        crate::dialect::run(manager, &format!("{WORDS}{layout}")).await?;
        crate::dialect::run(manager, DUE).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::dialect::run(manager, "DROP INDEX service_public; DROP TABLE search_price; DROP TABLE search_word")
            .await?;
        crate::dialect::run(manager, WORDS).await?;
        crate::dialect::run(manager, DUE).await
    }
}
