//! Rows of `import_request`.

use sea_orm::entity::prelude::*;

/// One row of `import_request`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "import_request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub run_id: Uuid,
    pub organization_id: Uuid,
    pub file_name: String,
    pub file: String,
    pub category_map: Option<String>,
    pub country: Option<String>,
    pub language: String,
    pub mirror: bool,
    pub decision: Option<String>,
    pub decided_at: Option<i64>,
    pub decided_by: Option<Uuid>,
    pub taken_at: Option<i64>,
    pub failure: Option<String>,
    pub version: i32,
    pub created_at: i64,
    pub look_again: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
