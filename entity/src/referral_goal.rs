//! Rows of `referral_goal`.

use sea_orm::entity::prelude::*;

/// One row of `referral_goal`; the columns are explained where the table is made.
#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "referral_goal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub referral_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub goal_id: Uuid,
    pub position: i32,
    pub result: Option<String>,
    pub achieved_on: Option<String>,
    pub quantity: Option<f64>,
    pub unit_sealed: Option<String>,
    pub note_sealed: Option<String>,
    pub is_left_out: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
