//! Rows of `audit`.

use sea_orm::entity::prelude::*;

/// One row of `audit`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub at: i64,
    pub organization_id: Option<Uuid>,
    pub principal_id: Option<Uuid>,
    pub principal_kind: String,
    pub operation: String,
    pub decision: String,
    pub outcome: String,
    pub subject_kind: Option<String>,
    pub subject_id: Option<Uuid>,
    pub request_id: String,
    pub field_classes: Option<String>,
    pub subjects: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
