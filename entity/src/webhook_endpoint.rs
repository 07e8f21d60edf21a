//! Rows of `webhook_endpoint`.

use sea_orm::entity::prelude::*;

/// One row of `webhook_endpoint`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_endpoint")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub url: String,
    pub description: String,
    pub topics: String,
    pub state: String,
    pub because: Option<String>,
    pub signing: String,
    pub cursor: i64,
    pub failing_since: Option<i64>,
    pub told: i32,
    pub last_success_at: Option<i64>,
    pub spared_until: Option<i64>,
    pub version: i32,
    pub created_by: Uuid,
    pub created_at: i64,
    pub updated_at: i64,
    pub off_since: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
