use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "deliveries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub notice_id: Uuid,
    pub order_id: Option<Uuid>,
    pub seq: Option<i64>,
    pub community_id: Uuid,
    pub kind: String,
    pub side: String,
    pub importance: String,
    pub about_partner_id: Option<Uuid>,
    pub facts: Option<Json>,
    pub person_id: Uuid,
    pub channel: String,
    pub app_id: String,
    pub state: String,
    pub at: DateTimeUtc,
    pub queued_at: DateTimeUtc,
    pub due_at: Option<DateTimeUtc>,
    pub begun_at: Option<DateTimeUtc>,
    pub attempts: i64,
    pub ended_at: Option<DateTimeUtc>,
    pub folded_into: Option<Uuid>,
    pub code: Option<i64>,
    pub message: Option<String>,
    pub position: Option<i64>,
    pub read_at: Option<DateTimeUtc>,
    pub called_by: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
