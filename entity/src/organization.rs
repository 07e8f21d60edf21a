//! Rows of `organization`.

use sea_orm::entity::prelude::*;

/// One row of `organization`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "organization")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub names: String,
    pub description: String,
    pub country: String,
    pub kinds: String,
    pub website: Option<String>,
    pub email: Option<String>,
    pub epoch: i32,
    pub version: i32,
    pub created_at: i64,
    pub updated_at: i64,
    pub alternate_name: String,
    pub identifiers: Option<String>,
    pub ended_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
