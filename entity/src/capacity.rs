//! Rows of `capacity`.

use sea_orm::entity::prelude::*;

/// One row of `capacity`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "capacity")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub service_id: Uuid,
    pub service_at_location_id: Option<Uuid>,
    pub organization_id: Uuid,
    pub total: Option<i32>,
    pub taken_elsewhere: i32,
    pub taken: i32,
    pub held: i32,
    pub as_of: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
