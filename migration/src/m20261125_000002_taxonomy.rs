//! The categories of services and needs as they stood at the first release: three dimensions by three levels, and help
//! at arrival. Codes are data, so a deployment may add its own.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, Statement};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Code, dimension, level, labels as JSON by language; one a line, separated by tabs.
const CATEGORIES: &str = include_str!("taxonomy_2026.tsv");

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for line in CATEGORIES.lines() {
            let values: Vec<sea_orm_migration::sea_orm::Value> = line.split('\t').map(Into::into).collect();
            connection
                .execute_raw(Statement::from_sql_and_values(
                    connection.get_database_backend(),
                    "INSERT INTO category (code, dimension, level, labels) VALUES ($1, $2, $3, $4)",
                    values,
                ))
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DELETE FROM category").await.map(drop)
    }
}
