use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_log")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub run: Uuid,
    pub seq: i64,
    pub at: DateTimeUtc,
    pub person_id: Option<Uuid>,
    pub action: String,
    pub target_id: Option<Uuid>,
    pub address: Option<String>,
    pub result: String,
    pub previous: Vec<u8>,
    pub hash: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
