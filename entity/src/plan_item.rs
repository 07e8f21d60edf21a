//! Rows of `plan_item`.

use sea_orm::entity::prelude::*;

/// One row of `plan_item`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub plan_id: Uuid,
    pub case_id: Uuid,
    pub need_id: Uuid,
    pub position: i32,
    pub goal_sealed: Option<String>,
    pub delivery: String,
    pub responsible_organization_id: Uuid,
    pub due_by: Option<String>,
    pub budget_amount: Option<String>,
    pub budget_currency: Option<String>,
    pub status: String,
    pub declined_by: Option<String>,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
