//! Rows of `consent`.

use sea_orm::entity::prelude::*;

/// One row of `consent`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub organization_id: Uuid,
    pub receiver_organization_id: Uuid,
    pub basis: String,
    pub purpose: String,
    pub fields: String,
    pub method: String,
    pub language: String,
    pub notice_version: String,
    pub given_on: String,
    pub expires_on: Option<String>,
    pub ended_at: Option<i64>,
    pub version: i32,
    pub created_at: i64,
    pub report_back: bool,
    pub report_back_ended_at: Option<i64>,
    pub given_by: String,
    pub guardian_relation: Option<String>,
    pub child_view: Option<String>,
    pub caregiver_informed: Option<bool>,
    pub caregiver_reason_sealed: Option<String>,
    pub withdrawn_channel: Option<String>,
    pub told_soon_at: Option<i64>,
    pub told_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
