use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "orders")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub number: String,
    pub community_id: Uuid,
    pub service_key: String,
    pub service_place_id: Uuid,
    pub service_version: i32,
    pub requester_id: Uuid,
    pub beneficiary_id: Option<Uuid>,
    pub compound_id: Option<Uuid>,
    pub grid_id: Option<Uuid>,
    pub sealed: bool,
    pub emergency: bool,
    pub about_partner_id: Option<Uuid>,
    pub title: String,
    pub description: String,
    pub private: Vec<u8>,
    pub attachments: Json,
    pub visibility: String,
    pub source_system: Option<String>,
    pub source_reference: Option<String>,
    pub submitted_at: DateTimeUtc,
    pub accept_by: Option<DateTimeUtc>,
    pub resolve_by: Option<DateTimeUtc>,
    pub due_preset: String,
    pub due_note: Option<String>,
    pub status: String,
    pub mediation: Option<String>,
    pub mediator_id: Option<Uuid>,
    pub progress: Vec<u8>,
    pub accepted_at: Option<DateTimeUtc>,
    pub round: i16,
    pub supervised: bool,
    pub followers: Json,
    pub urged_at: Option<DateTimeUtc>,
    pub urges: i64,
    pub next_due_at: Option<DateTimeUtc>,
    pub next_reminder_at: Option<DateTimeUtc>,
    pub version: i64,
    pub head: Vec<u8>,
    pub erased_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::dispatch::Entity")]
    Dispatch,
}

impl Related<super::dispatch::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Dispatch.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
