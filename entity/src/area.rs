//! Rows of `area`.

use sea_orm::entity::prelude::*;

/// One row of `area`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "area")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub country: String,
    pub level: i32,
    pub pcode: String,
    pub edition: String,
    pub parent_id: Option<Uuid>,
    pub name: String,
    pub names: String,
    pub valid_from: Option<String>,
    pub valid_to: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
