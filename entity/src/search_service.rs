//! Rows of `search_service`.

use sea_orm::entity::prelude::*;

/// One row of `search_service`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "search_service")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub service_id: Uuid,
    pub minimum_age: Option<i32>,
    pub maximum_age: Option<i32>,
    pub sex: Option<String>,
    pub return_types: String,
    pub non_returnees: bool,
    pub cost: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
