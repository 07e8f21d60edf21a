//! Rows of `budget`.

use sea_orm::entity::prelude::*;

/// One row of `budget`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "budget")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub purse: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: Uuid,
    pub points: i64,
    pub at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
