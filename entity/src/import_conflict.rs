//! Rows of `import_conflict`.

use sea_orm::entity::prelude::*;

/// One row of `import_conflict`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "import_conflict")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub source: String,
    pub source_id: String,
    pub name: String,
    pub service_id: Uuid,
    pub cause: String,
    pub decision: Option<String>,
    pub created_at: i64,
    pub decided_at: Option<i64>,
    pub version: i32,
    pub decided_by: Option<String>,
    pub wish: Option<String>,
    pub wished_by: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
