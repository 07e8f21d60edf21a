//! Rows of `outbox`.

use sea_orm::entity::prelude::*;

/// One row of `outbox`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub sequence: Option<i64>,
    pub kind: String,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub organization_id: Uuid,
    pub receiver_organization_id: Option<Uuid>,
    pub case_id: Option<Uuid>,
    pub version: i32,
    pub at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
