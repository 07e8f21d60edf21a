//! Rows of `taxonomy_edition`.

use sea_orm::entity::prelude::*;

/// One row of `taxonomy_edition`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "taxonomy_edition")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub labels: String,
    pub valid_from: String,
    pub valid_to: Option<String>,
    pub created_at: i64,
    pub applied_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
