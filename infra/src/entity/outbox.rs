use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub order_id: Option<Uuid>,
    pub seq: Option<i64>,
    pub community_id: Uuid,
    pub kind: String,
    pub importance: String,
    pub to_person_id: Option<Uuid>,
    pub to_partner_id: Option<Uuid>,
    pub to_desk_id: Option<Uuid>,
    pub about_partner_id: Option<Uuid>,
    pub dispatch_id: Option<Uuid>,
    pub facts: Option<Json>,
    pub at: DateTimeUtc,
    pub due_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
