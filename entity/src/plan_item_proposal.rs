//! Rows of `plan_item_proposal`.

use sea_orm::entity::prelude::*;

/// One row of `plan_item_proposal`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_item_proposal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub referral_id: Uuid,
    pub case_id: Uuid,
    pub need_id: Uuid,
    pub organization_id: Uuid,
    pub program_id: Uuid,
    pub goal_sealed: Option<String>,
    pub reason_sealed: Option<String>,
    pub due_by: Option<String>,
    pub status: String,
    pub decline_reason: Option<String>,
    pub answer_sealed: Option<String>,
    pub plan_item_id: Option<Uuid>,
    pub proposed_at: i64,
    pub answered_at: Option<i64>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
