//! Rows of `direct_service`.

use sea_orm::entity::prelude::*;

/// One row of `direct_service`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "direct_service")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub need_id: Uuid,
    pub service_id: Option<Uuid>,
    pub organization_id: Uuid,
    pub program_id: Uuid,
    pub area_id: Option<Uuid>,
    pub category_code: String,
    pub dimension: String,
    pub level: String,
    pub delivered_on: String,
    pub meaning: String,
    pub note_sealed: Option<String>,
    pub recorded_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
