use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "invitations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code_index: Vec<u8>,
    pub place_id: Option<Uuid>,
    pub role: String,
    pub partner_id: Option<Uuid>,
    pub issued_by: Option<Uuid>,
    pub issued_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub role_ends_at: Option<DateTimeUtc>,
    pub closed_at: Option<DateTimeUtc>,
    pub accepted_by: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
