//! Rows of `client_secret`.

use sea_orm::entity::prelude::*;

/// One row of `client_secret`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "client_secret")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub client_id: Uuid,
    pub organization_id: Uuid,
    pub secret_hash: String,
    pub hint: String,
    pub valid_until: Option<i64>,
    pub ended_at: Option<i64>,
    pub last_used_at: Option<i64>,
    pub created_by: Option<Uuid>,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
