//! Rows of `referral_proposal`.

use sea_orm::entity::prelude::*;

/// One row of `referral_proposal`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "referral_proposal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub from_referral_id: Uuid,
    pub draft_id: Uuid,
    pub need_id: Uuid,
    pub case_id: Uuid,
    pub organization_id: Uuid,
    pub service_id: Uuid,
    pub category_code: String,
    pub urgency: String,
    pub reason_sealed: Option<String>,
    pub proposed_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
