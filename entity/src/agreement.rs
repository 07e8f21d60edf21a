//! Rows of `agreement`.

use sea_orm::entity::prelude::*;

/// One row of `agreement`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "agreement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub kind: String,
    pub status: String,
    pub valid_from: String,
    pub valid_to: Option<String>,
    pub categories: String,
    pub data_allowed: String,
    pub response_times: String,
    pub cost_rule: String,
    pub contacts: String,
    pub document_ref: Option<String>,
    pub warned_60_at: Option<i64>,
    pub warned_30_at: Option<i64>,
    pub warned_7_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub version: i32,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
