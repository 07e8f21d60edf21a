//! Rows of `service`.

use sea_orm::entity::prelude::*;

/// One row of `service`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "service")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub program_id: Option<Uuid>,
    pub category_code: Option<String>,
    pub dimension: Option<String>,
    pub level: Option<String>,
    pub status: String,
    pub pause_reason: Option<String>,
    pub visibility: String,
    pub language: String,
    pub name: String,
    pub description: String,
    pub translations: String,
    pub application_process: String,
    pub eligibility: String,
    pub languages: String,
    pub required_documents: String,
    pub cost: String,
    pub contacts: String,
    pub takes_referrals: bool,
    pub allows_overbooking: bool,
    pub assured_on: Option<String>,
    pub assured_by: Option<Uuid>,
    pub search_text: String,
    pub sort_name: String,
    pub source: Option<String>,
    pub version: i32,
    pub published_at: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub keeps_waiting_list: bool,
    pub holds_places_at_sending: bool,
    pub funding_ends: Option<String>,
    pub funding_told_on: Option<String>,
    pub reminded_on: Option<String>,
    pub stale_told_on: Option<String>,
    pub offers_free_places: bool,
    pub alternate_name: String,
    pub url: Option<String>,
    pub alert: String,
    pub accreditations: String,
    pub interpretation: String,
    pub cost_options: Option<String>,
    pub funding: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
