//! Rows of `event`.

use sea_orm::entity::prelude::*;

/// One row of `event`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub case_id: Option<Uuid>,
    pub at: i64,
    pub organization_id: Uuid,
    pub principal_id: Uuid,
    pub acting_role: String,
    pub from_status: Option<String>,
    pub to_status: Option<String>,
    pub reason: Option<String>,
    pub program_id: Option<Uuid>,
    pub area_id: Option<Uuid>,
    pub dimension: Option<String>,
    pub level: Option<String>,
    pub receiver_organization_id: Option<Uuid>,
    pub channel: Option<String>,
    pub progress_done: Option<i32>,
    pub progress_planned: Option<i32>,
    pub places_free: Option<i32>,
    pub version: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
