//! Rows of `taxonomy_endorsement`.

use sea_orm::entity::prelude::*;

/// One row of `taxonomy_endorsement`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "taxonomy_endorsement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub edition: String,
    pub area_id: Uuid,
    pub organization_id: Uuid,
    pub sop_version: String,
    pub endorsed_at: i64,
    pub endorsed_by: Uuid,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
