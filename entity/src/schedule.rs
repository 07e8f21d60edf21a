//! Rows of `schedule`.

use sea_orm::entity::prelude::*;

/// One row of `schedule`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "schedule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub service_id: Option<Uuid>,
    pub service_at_location_id: Option<Uuid>,
    pub location_id: Option<Uuid>,
    pub position: i32,
    pub frequency: Option<String>,
    pub every: i32,
    pub week_start: String,
    pub days: String,
    pub month_days: String,
    pub starts_on: Option<String>,
    pub until: Option<String>,
    pub occurrences: Option<i32>,
    pub opens: Option<i32>,
    pub closes: Option<i32>,
    pub zone: String,
    pub valid_from: Option<String>,
    pub valid_to: Option<String>,
    pub description: String,
    pub notes: String,
    pub original: String,
    pub first_on: String,
    pub last_on: String,
    pub anchor: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
