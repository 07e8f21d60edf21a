//! Rows of `service_correction`.

use sea_orm::entity::prelude::*;

/// One row of `service_correction`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "service_correction")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub service_id: Uuid,
    pub organization_id: Uuid,
    pub reported_by_organization_id: Uuid,
    pub reported_by: Uuid,
    pub about: String,
    pub criterion: Option<String>,
    pub text: String,
    pub status: String,
    pub answer: String,
    pub answered_at: Option<i64>,
    pub answered_by: Option<Uuid>,
    pub version: i32,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
