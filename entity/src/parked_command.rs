//! Rows of `parked_command`.

use sea_orm::entity::prelude::*;

/// One row of `parked_command`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "parked_command")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub author_id: Uuid,
    pub device_id: String,
    pub mutation: String,
    pub idempotency_key: String,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub program_id: Option<Uuid>,
    pub seen_version: Option<i32>,
    pub made_at: i64,
    pub parked_at: i64,
    pub because: String,
    pub command_sealed: String,
    pub status: String,
    pub settled_by: Option<Uuid>,
    pub settled_at: Option<i64>,
    pub version: i32,
    pub fingerprint: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
