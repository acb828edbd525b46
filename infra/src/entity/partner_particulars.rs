use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "partner_particulars")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub partner_id: Uuid,
    pub description: Option<String>,
    pub address: Option<String>,
    pub phone: Option<String>,
    pub hours: Json,
    pub closed_days: Json,
    pub offers: Json,
    pub agreement_number: Option<String>,
    pub agreement_from: Option<Date>,
    pub agreement_until: Option<Date>,
    pub licences: Json,
    pub alliance: bool,
    pub suspended_since: Option<DateTimeUtc>,
    pub suspended_reason: Option<String>,
    pub on_duty: bool,
    pub papers_due_on: Option<Date>,
    pub papers_told_on: Option<Date>,
    pub open_job_limit: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
