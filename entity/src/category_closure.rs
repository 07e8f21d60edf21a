//! Rows of `category_closure`.

use sea_orm::entity::prelude::*;

/// One row of `category_closure`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "category_closure")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub ancestor_code: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub descendant_code: String,
    pub depth: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
