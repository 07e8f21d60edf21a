//! Rows of `area_boundary`.

use sea_orm::entity::prelude::*;

/// One row of `area_boundary`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "area_boundary")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub area_id: Uuid,
    pub geometry: String,
    pub map_geometry: String,
    pub west: f64,
    pub south: f64,
    pub east: f64,
    pub north: f64,
    pub imported_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
