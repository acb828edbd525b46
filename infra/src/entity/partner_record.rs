use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "partner_records")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub partner_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub month: Date,
    pub dispatches: i64,
    pub withdrawn: i64,
    pub signed: i64,
    pub signed_in_time: i64,
    pub returns: i64,
    pub reworks: i64,
    pub completed: i64,
    pub ratings: i64,
    pub points: i64,
    pub solved: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
