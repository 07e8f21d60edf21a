//! Rows of `need`.

use sea_orm::entity::prelude::*;

/// One row of `need`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "need")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub organization_id: Uuid,
    pub program_id: Uuid,
    pub area_id: Option<Uuid>,
    pub category_code: String,
    pub dimension: String,
    pub level: String,
    pub urgency: String,
    pub delivery: String,
    pub status: String,
    pub version: i32,
    pub created_at: i64,
    pub updated_at: i64,
    pub parent_need_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
