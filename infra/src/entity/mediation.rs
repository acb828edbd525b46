use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mediations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub order_id: Uuid,
    pub order_number: String,
    pub community_id: Uuid,
    pub mediator_id: Uuid,
    pub status: String,
    pub opened_at: DateTimeUtc,
    pub mediator_until: Option<DateTimeUtc>,
    pub follow_up_at: Option<DateTimeUtc>,
    pub released: bool,
    pub body: Vec<u8>,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
