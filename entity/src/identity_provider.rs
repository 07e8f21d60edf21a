//! Rows of `identity_provider`.

use sea_orm::entity::prelude::*;

/// One row of `identity_provider`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_provider")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Option<Uuid>,
    pub name: String,
    pub issuer: String,
    pub audience: String,
    pub is_active: bool,
    pub keys: Option<String>,
    pub keys_at: Option<i64>,
    pub tried_at: Option<i64>,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
