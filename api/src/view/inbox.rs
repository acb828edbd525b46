use chrono::{DateTime, FixedOffset};
use domain::ports::InboxItem;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::local;

/// Something that a person was told. It never holds a resident's words or name.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxItemView {
    pub id: Uuid,
    /// What is told: `received`, `accepted`, `dispatched`, `new_order` …
    #[schema(example = "accepted")]
    pub kind: &'static str,
    #[schema(example = "社区已接单")]
    pub title: &'static str,
    #[schema(example = "公共设施报修：社区已接单，请保持电话畅通。")]
    pub text: String,
    /// Null where it is about no one order, and where the order is not for the reader: see `mediation_id`.
    pub order_id: Option<Uuid>,
    #[schema(example = "XY-20261123-0042")]
    pub order_number: Option<String>,
    /// Of a mediation that somebody else asked for: the case, under `/v1/mediations`.
    pub mediation_id: Option<Uuid>,
    /// When it happened.
    pub at: DateTime<FixedOffset>,
    pub read_at: Option<DateTime<FixedOffset>>,
}

impl InboxItemView {
    pub fn new(item: &InboxItem) -> Self {
        let words = item.words();
        Self {
            id: item.id.0,
            kind: item.kind.into(),
            title: words.title,
            text: words.sentence(),
            order_id: item.leads_to().map(Into::into),
            order_number: item.leads_to().map(|_| item.number.clone()),
            mediation_id: item.mediation.map(Into::into),
            at: local(item.at),
            read_at: item.read_at.map(local),
        }
    }
}
