//! Rows of `redaction`.

use sea_orm::entity::prelude::*;

/// One row of `redaction`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "redaction")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub cause: String,
    pub consent_id: Option<Uuid>,
    pub referral_id: Uuid,
    pub organization_id: Uuid,
    pub holder_organization_id: Uuid,
    pub program_id: Uuid,
    pub fields: Option<String>,
    pub asked_at: i64,
    pub due_at: i64,
    pub confirmed_at: Option<i64>,
    pub confirmed_by: Option<Uuid>,
    pub told_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
