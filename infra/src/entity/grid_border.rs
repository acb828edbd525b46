use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "grid_borders")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub grid_id: Uuid,
    pub community_id: Uuid,
    pub outline: Json,
    pub west: i32,
    pub east: i32,
    pub south: i32,
    pub north: i32,
    pub drawn_by: Uuid,
    pub drawn_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
