//! Rows of `empty_search`.

use sea_orm::entity::prelude::*;

/// One row of `empty_search`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "empty_search")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub area_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub category_code: String,
    pub searches: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
