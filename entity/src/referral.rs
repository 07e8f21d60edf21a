//! Rows of `referral`.

use sea_orm::entity::prelude::*;

/// One row of `referral`; the columns are explained where the table is made.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "referral")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub need_id: Uuid,
    pub service_id: Uuid,
    pub service_at_location_id: Option<Uuid>,
    pub consent_id: Option<Uuid>,
    pub sender_organization_id: Uuid,
    pub receiver_organization_id: Uuid,
    pub program_id: Uuid,
    pub area_id: Option<Uuid>,
    pub category_code: String,
    pub dimension: String,
    pub level: String,
    pub urgency: String,
    pub status: String,
    pub reason: Option<String>,
    pub background_sealed: Option<String>,
    pub note_sealed: Option<String>,
    pub client_reference_sealed: Option<String>,
    pub client_reference_index: Option<String>,
    pub previous_id: Option<Uuid>,
    pub root_id: Uuid,
    pub attempt: i32,
    pub capacity_id: Option<Uuid>,
    pub is_overbooked: bool,
    pub created_at: i64,
    pub sent_at: Option<i64>,
    pub opened_at: Option<i64>,
    pub acknowledged_at: Option<i64>,
    pub decided_at: Option<i64>,
    pub first_contact_on: Option<String>,
    pub started_at: Option<i64>,
    pub service_on: Option<String>,
    pub ended_at: Option<i64>,
    pub loop_closed_at: Option<i64>,
    pub loop_meaning: Option<String>,
    pub acknowledge_due_at: Option<i64>,
    pub decide_due_at: Option<i64>,
    pub contact_due_at: Option<i64>,
    pub next_due_at: Option<i64>,
    pub verification: String,
    pub version: i32,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
