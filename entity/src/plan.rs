//! Rows of `plan`.

use sea_orm::entity::prelude::*;

/// One row of `plan`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "plan")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub organization_id: Uuid,
    pub program_id: Uuid,
    pub number: i32,
    pub status: String,
    pub agreed_on: Option<String>,
    pub method: Option<String>,
    pub participants: String,
    pub drafted_at: i64,
    pub activated_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub version: i32,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
