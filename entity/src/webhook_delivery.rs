//! Rows of `webhook_delivery`.

use sea_orm::entity::prelude::*;

/// One row of `webhook_delivery`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_delivery")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub endpoint_id: Uuid,
    pub organization_id: Uuid,
    pub sequence: Option<i64>,
    pub place: i64,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub kind: String,
    pub change: String,
    pub version: i32,
    pub at: i64,
    pub state: String,
    pub attempts: i32,
    pub next_at: i64,
    pub claim: Option<Uuid>,
    pub claimed_until: Option<i64>,
    pub created_at: i64,
    pub ended_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
