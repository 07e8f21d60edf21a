//! Rows of `activity`.

use sea_orm::entity::prelude::*;

/// One row of `activity`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "activity")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub category_code: String,
    pub dimension: String,
    pub level: String,
    pub area_id: Option<Uuid>,
    pub about_organization_id: Option<Uuid>,
    pub agreement_id: Option<Uuid>,
    pub name: String,
    pub description: String,
    pub starts_on: String,
    pub ends_on: Option<String>,
    pub planned_participants: Option<i32>,
    pub returnees: Option<i32>,
    pub non_returnees: Option<i32>,
    pub outcome: Option<String>,
    pub reported_at: Option<i64>,
    pub version: i32,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
