//! Rows of `service_revision`.

use sea_orm::entity::prelude::*;

/// One row of `service_revision`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "service_revision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub service_id: Option<Uuid>,
    pub organization_id: Uuid,
    pub program_id: Option<Uuid>,
    pub name: String,
    pub entry: String,
    pub state: String,
    pub based_on: Option<i32>,
    pub written_by: Uuid,
    pub submitted_by: Option<Uuid>,
    pub submitted_at: Option<i64>,
    pub reviewed_by: Option<Uuid>,
    pub reviewed_by_organization_id: Option<Uuid>,
    pub reviewed_at: Option<i64>,
    pub review_note: String,
    pub version: i32,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
