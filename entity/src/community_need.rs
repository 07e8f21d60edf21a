//! Rows of `community_need`.

use sea_orm::entity::prelude::*;

/// One row of `community_need`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "community_need")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub category_code: String,
    pub dimension: String,
    pub level: String,
    pub area_id: Option<Uuid>,
    pub about_organization_id: Option<Uuid>,
    pub urgency: String,
    pub status: String,
    pub description: String,
    pub version: i32,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
