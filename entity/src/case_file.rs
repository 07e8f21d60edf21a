//! Rows of `case_file`.

use sea_orm::entity::prelude::*;

/// One row of `case_file`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "case_file")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub identifier: String,
    pub holder_organization_id: Uuid,
    pub program_id: Uuid,
    pub area_id: Option<Uuid>,
    pub status: String,
    pub age_band: Option<String>,
    pub sex: Option<String>,
    pub language: Option<String>,
    pub return_facts_sealed: Option<String>,
    pub close_reason: Option<String>,
    pub remigration: Option<String>,
    pub opened_at: i64,
    pub closed_at: Option<i64>,
    pub version: i32,
    pub updated_at: i64,
    pub stage: String,
    pub person_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
