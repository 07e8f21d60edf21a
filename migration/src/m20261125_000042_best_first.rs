//! The words and the points of the search laid out in the order in which they are read. A word's services stand best
//! first, so that a page of the best is read without the rest; and points lie in cells so small that the nearest are read
//! without the others in the circle. What is there is laid out anew; nothing has to be derived again.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

const OLD: &str = "(
  word TEXT NOT NULL,
  service_id UUID NOT NULL REFERENCES service (id),
  weight INTEGER NOT NULL,
  PRIMARY KEY (word, service_id, weight)
)";

const NEW: &str = "(
  word TEXT NOT NULL,
  service_id UUID NOT NULL REFERENCES service (id),
  weight INTEGER NOT NULL,
  PRIMARY KEY (word, weight, service_id)
)";

/// Cells of a degree: 2 to the 18 are around the earth.
const CELLS_OF_A_DEGREE: &str = "728.17777777777778";
const BITS: usize = 18;

impl Migration {
    /// Lays out the words anew, with an index by service on `of`.
    async fn words(manager: &SchemaManager<'_>, shape: &str, of: &str) -> Result<(), DbErr> {
        // SQLite keeps a table and its key as two trees unless it is told that the key is the table.
        let sqlite = manager.get_connection().get_database_backend() == DatabaseBackend::Sqlite;
        let layout = if sqlite { " WITHOUT ROWID" } else { "" };
        let script = format!(
            "ALTER TABLE search_word RENAME TO search_word_before; DROP INDEX search_word_of; \
             CREATE TABLE search_word {shape}{layout}; \
             INSERT INTO search_word (word, service_id, weight) SELECT word, service_id, max(weight) \
               FROM search_word_before GROUP BY word, service_id; \
             DROP TABLE search_word_before; \
             CREATE {of}"
        );
        crate::dialect::run(manager, &script).await
    }

    /// Puts the points into cells; `cell` is worked out of `row` and `col`, which have no sign.
    async fn points(manager: &SchemaManager<'_>, of_a_degree: &str, cell: &str, most: i64) -> Result<(), DbErr> {
        // What is cut off is cut off towards zero by one engine only.
        let sqlite = manager.get_connection().get_database_backend() == DatabaseBackend::Sqlite;
        let down = if sqlite { "" } else { "trunc" };
        let script = format!(
            "UPDATE service_point SET cell = (SELECT {cell} FROM (SELECT \
               CASE WHEN CAST({down}((lo.latitude + 90.0) * {of_a_degree}) AS BIGINT) > {top} THEN {top} \
                 ELSE CAST({down}((lo.latitude + 90.0) * {of_a_degree}) AS BIGINT) END AS row_, \
               CAST({down}((lo.longitude + 180.0) * {of_a_degree}) AS BIGINT) % {most} AS col_ \
               FROM location lo WHERE lo.id = service_point.location_id) at) \
             WHERE location_id IN (SELECT id FROM location WHERE latitude IS NOT NULL AND longitude IS NOT NULL)",
            top = most / 2 - 1,
        );
        crate::dialect::run(manager, &script).await
    }
}

/// The bits of a row and a column in turns.
fn in_turns() -> String {
    let bits = (0..BITS).map(|at| {
        let (even, odd) = (1_i64 << (2 * at), 2_i64 << (2 * at));
        format!("((col_ >> {at}) & 1) * {even} + ((row_ >> {at}) & 1) * {odd}")
    });
    bits.collect::<Vec<_>>().join(" + ")
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Self::words(manager, NEW, "UNIQUE INDEX search_word_of ON search_word (service_id, word, weight)").await?;
        Self::points(manager, CELLS_OF_A_DEGREE, &in_turns(), 1 << BITS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Self::words(manager, OLD, "INDEX search_word_of ON search_word (service_id)").await?;
        Self::points(manager, "4.0", "row_ * 1440 + col_", 1_440).await
    }
}
