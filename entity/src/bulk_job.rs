//! Rows of `bulk_job`.

use sea_orm::entity::prelude::*;

/// One row of `bulk_job`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "bulk_job")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub direction: String,
    pub kind: String,
    pub state: String,
    pub purpose: String,
    pub principal_id: Uuid,
    pub principal_kind: String,
    pub rights: String,
    pub asked: Option<String>,
    pub row_count: i64,
    pub expected_rows: Option<i64>,
    pub reached: Option<String>,
    pub read_at: Option<i64>,
    pub pieces: i32,
    pub bytes: i64,
    pub sha256: Option<String>,
    pub changes_after: Option<String>,
    pub approved_by: Option<Uuid>,
    pub approved_at: Option<i64>,
    pub waits_until: Option<i64>,
    pub expires_at: Option<i64>,
    pub error: Option<String>,
    pub failures: i32,
    pub holder: Option<Uuid>,
    pub token: i64,
    pub leased_until: i64,
    pub worked_at: i64,
    pub version: i32,
    pub created_at: i64,
    pub ended_at: Option<i64>,
    pub upload_bytes: Option<i64>,
    pub upload_sha256: Option<String>,
    pub received: Option<i64>,
    pub uploaded: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
