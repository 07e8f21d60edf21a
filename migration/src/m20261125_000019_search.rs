//! How services are found: by words, by what is asked of a person, and by distance. All of it is derived from the
//! directory and may be made anew at any time; `search_due` names the services for which it has to be. Words are of
//! small ASCII letters and digits and are only compared as a whole, so that no engine's sorting has a say.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, Statement};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// A category's code and other words for it, in English, French and Arabic; one a line, separated by a tab.
const TERMS: &str = include_str!("search_terms_2026.tsv");

const UP: &str = "
CREATE TABLE search_word (
  word TEXT NOT NULL,
  service_id UUID NOT NULL REFERENCES service (id),
  weight INTEGER NOT NULL,
  PRIMARY KEY (word, service_id, weight)
);
CREATE INDEX search_word_of ON search_word (service_id);
CREATE TABLE search_key (
  key TEXT NOT NULL,
  word TEXT NOT NULL,
  PRIMARY KEY (key, word)
);
CREATE TABLE search_service (
  service_id UUID NOT NULL PRIMARY KEY REFERENCES service (id),
  minimum_age INTEGER,
  maximum_age INTEGER,
  sex TEXT,
  return_types TEXT NOT NULL,
  non_returnees BOOLEAN NOT NULL,
  cost TEXT NOT NULL
);
CREATE TABLE search_document (
  service_id UUID NOT NULL REFERENCES service (id),
  document TEXT NOT NULL,
  PRIMARY KEY (service_id, document)
);
CREATE TABLE service_point (
  cell BIGINT NOT NULL,
  service_id UUID NOT NULL REFERENCES service (id),
  location_id UUID NOT NULL REFERENCES location (id),
  x DOUBLE PRECISION NOT NULL,
  y DOUBLE PRECISION NOT NULL,
  z DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (cell, service_id, location_id)
);
CREATE INDEX service_point_of ON service_point (service_id);
CREATE INDEX service_point_at ON service_point (location_id);
CREATE TABLE search_due (
  service_id UUID NOT NULL PRIMARY KEY REFERENCES service (id)
);
INSERT INTO search_due (service_id) SELECT id FROM service;
CREATE TABLE category_term (
  category_code TEXT NOT NULL,
  terms TEXT NOT NULL,
  PRIMARY KEY (category_code, terms)
)";

const DOWN: &str = "
DROP TABLE category_term;
DROP TABLE search_due;
DROP TABLE service_point;
DROP TABLE search_document;
DROP TABLE search_service;
DROP TABLE search_key;
DROP TABLE search_word";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::dialect::run(manager, UP).await?;
        let connection = manager.get_connection();
        for line in TERMS.lines() {
            let values: Vec<sea_orm_migration::sea_orm::Value> = line.split('\t').map(Into::into).collect();
            connection
                .execute_raw(Statement::from_sql_and_values(
                    connection.get_database_backend(),
                    "INSERT INTO category_term (category_code, terms) VALUES ($1, $2)",
                    values,
                ))
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::dialect::run(manager, DOWN).await
    }
}
