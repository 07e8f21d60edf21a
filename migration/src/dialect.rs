//! One text of SQL for two engines.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseBackend};

/// Runs the statements of `script`, which are separated by `;`. The type name `UUID` becomes `BLOB` on SQLite, where
/// a key is its 16 bytes.
///
/// # Errors
/// The first statement that the engine refuses.
pub async fn run(manager: &SchemaManager<'_>, script: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let sqlite = connection.get_database_backend() == DatabaseBackend::Sqlite;
    for statement in script.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
        let statement = if sqlite { statement.replace(" UUID", " BLOB") } else { statement.to_owned() };
        connection.execute_unprepared(&statement).await?;
    }
    Ok(())
}

/// A step given by its two scripts.
macro_rules! step {
    ($up:expr, $down:expr) => {
        #[derive(sea_orm_migration::prelude::DeriveMigrationName)]
        pub struct Migration;

        #[async_trait::async_trait]
        impl sea_orm_migration::prelude::MigrationTrait for Migration {
            async fn up(
                &self,
                manager: &sea_orm_migration::prelude::SchemaManager,
            ) -> Result<(), sea_orm_migration::prelude::DbErr> {
                crate::dialect::run(manager, $up).await
            }

            async fn down(
                &self,
                manager: &sea_orm_migration::prelude::SchemaManager,
            ) -> Result<(), sea_orm_migration::prelude::DbErr> {
                crate::dialect::run(manager, $down).await
            }
        }
    };
}
pub(crate) use step;
