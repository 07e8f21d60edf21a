//! Rows of `figure_cell`.

use sea_orm::entity::prelude::*;

/// One row of `figure_cell`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "figure_cell")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub quarter: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub measure: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub country: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub place: i32,
    pub area_id: Option<Uuid>,
    pub category_code: Option<String>,
    pub urgency: Option<String>,
    pub counted: i32,
    pub inside_block: Option<i32>,
    pub outside_block: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
