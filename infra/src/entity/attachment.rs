use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "attachments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub uploader_id: Uuid,
    pub media_type: String,
    pub width: i64,
    pub height: i64,
    pub bytes: i64,
    pub order_id: Option<Uuid>,
    pub visit_id: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub check_state: String,
    pub check_due_at: Option<DateTimeUtc>,
    pub check_tries: i64,
    pub check_trace: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
