//! Rows of `import_quarantine`.

use sea_orm::entity::prelude::*;

/// One row of `import_quarantine`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "import_quarantine")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub scheme: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub label: String,
    pub suggestion: Option<String>,
    pub services: i32,
    pub first_seen_at: i64,
    pub last_seen_at: i64,
    pub version: i32,
    pub decision: Option<String>,
    pub category_code: Option<String>,
    pub decided_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
