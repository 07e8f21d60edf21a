//! Rows of `category`.

use sea_orm::entity::prelude::*;

/// One row of `category`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "category")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub dimension: String,
    pub level: String,
    pub labels: String,
    pub parent_code: Option<String>,
    pub is_group: bool,
    pub standard_code: String,
    pub edition: String,
    pub valid_from: String,
    pub valid_to: Option<String>,
    pub successor_code: Option<String>,
    pub organization_id: Option<Uuid>,
    pub program_id: Option<Uuid>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
