use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub order_id: Uuid,
    pub seq: i64,
    pub kind: String,
    pub to_person_id: Option<Uuid>,
    pub to_partner_id: Option<Uuid>,
    pub to_desk_id: Option<Uuid>,
    pub about_partner_id: Option<Uuid>,
    pub at: DateTimeUtc,
    pub due_at: DateTimeUtc,
    pub attempts: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
