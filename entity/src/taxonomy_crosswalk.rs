//! Rows of `taxonomy_crosswalk`.

use sea_orm::entity::prelude::*;

/// One row of `taxonomy_crosswalk`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "taxonomy_crosswalk")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub edition: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_code: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub to_code: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
