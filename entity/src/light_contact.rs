//! Rows of `light_contact`.

use sea_orm::entity::prelude::*;

/// One row of `light_contact`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "light_contact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub need_id: Option<Uuid>,
    pub service_id: Uuid,
    pub kind: String,
    pub passed: String,
    pub made_on: String,
    pub made_by: Uuid,
    pub recorded_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
