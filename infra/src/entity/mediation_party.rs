use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mediation_parties")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub mediation_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub person_id: Option<Uuid>,
    pub standing: String,
    pub code_index: Option<Vec<u8>>,
    pub code_expires_at: Option<DateTimeUtc>,
    pub body: Option<Vec<u8>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
