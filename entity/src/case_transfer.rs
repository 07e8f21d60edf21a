//! Rows of `case_transfer`.

use sea_orm::entity::prelude::*;

/// One row of `case_transfer`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "case_transfer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub program_id: Uuid,
    pub from_organization_id: Uuid,
    pub to_organization_id: Uuid,
    pub consent_id: Uuid,
    pub status: String,
    pub reason: String,
    pub note_sealed: Option<String>,
    pub decline_reason: Option<String>,
    pub answer_sealed: Option<String>,
    pub proposed_at: i64,
    pub until_at: i64,
    pub ended_at: Option<i64>,
    pub handed_over: Option<i32>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
