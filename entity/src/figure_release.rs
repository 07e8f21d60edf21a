//! Rows of `figure_release`.

use sea_orm::entity::prelude::*;

/// One row of `figure_release`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "figure_release")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub quarter: String,
    pub definition: String,
    pub fewest_inside: i32,
    pub fewest_outside: i32,
    pub made_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
