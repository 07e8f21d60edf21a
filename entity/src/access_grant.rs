//! Rows of `access_grant`.

use sea_orm::entity::prelude::*;

/// One row of `access_grant`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "access_grant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub organization_id: Uuid,
    pub purpose: String,
    pub fields: String,
    pub cause_kind: String,
    pub cause_id: Uuid,
    pub from_at: i64,
    pub until_at: Option<i64>,
    pub agreement_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
