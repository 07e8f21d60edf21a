//! Rows of `consent_override`.

use sea_orm::entity::prelude::*;

/// One row of `consent_override`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consent_override")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub organization_id: Uuid,
    pub program_id: Uuid,
    pub receiver_organization_id: Uuid,
    pub basis: String,
    pub determined_by: Uuid,
    pub recorded_by: Uuid,
    pub reason_sealed: String,
    pub fields: String,
    pub created_at: i64,
    pub expires_at: i64,
    pub verdict: Option<String>,
    pub verdict_sealed: Option<String>,
    pub reviewed_by: Option<Uuid>,
    pub reviewed_at: Option<i64>,
    pub version: i32,
    pub confirmed_at: Option<i64>,
    pub after_withdrawal: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
