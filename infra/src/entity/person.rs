use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "persons")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub unionid: Option<String>,
    pub profile: Option<Vec<u8>>,
    pub phone_index: Option<Vec<u8>>,
    pub kept_by: Option<Uuid>,
    pub wrong_names: i16,
    pub notice_level: String,
    pub created_at: DateTimeUtc,
    pub erased_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::membership::Entity")]
    Membership,
    #[sea_orm(has_many = "super::session::Entity")]
    Session,
    #[sea_orm(has_many = "super::identity::Entity")]
    Identity,
    #[sea_orm(has_many = "super::former_self::Entity")]
    FormerSelf,
    #[sea_orm(has_one = "super::residence::Entity", on_condition = r#"super::residence::Column::IsMain.eq(true)"#)]
    MainResidence,
}

impl Related<super::membership::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Membership.def()
    }
}

impl Related<super::former_self::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::FormerSelf.def()
    }
}

impl Related<super::residence::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::MainResidence.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
