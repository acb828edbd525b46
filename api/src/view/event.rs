use chrono::{DateTime, FixedOffset};
use domain::ids::DispatchId;
use domain::ports::{InboxItem, OrderChange};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::local;

/// Something that happened. Says what to look at, not what it looks like now.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EventItem {
    Order(OrderEvent),
    Inbox(InboxEvent),
}

/// An order changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderEvent {
    /// Its place among all that happens, for `after` and `Last-Event-ID`.
    #[schema(example = "1042")]
    position: String,
    order_id: Uuid,
    /// The order's version after the change.
    #[schema(example = 3)]
    version: i64,
    /// What happened, in the words of the timeline: `accepted`, `dispatched` …
    #[schema(example = "dispatched")]
    kind: &'static str,
    at: DateTime<FixedOffset>,
    /// The dispatch that it was done with, for those who may see that dispatch.
    dispatch_id: Option<Uuid>,
}

/// I was told something.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxEvent {
    /// Its place among all that happens, for `after` and `Last-Event-ID`.
    #[schema(example = "1043")]
    position: String,
    id: Uuid,
    /// What is told: `received`, `accepted`, `dispatched`, `new_order` …
    #[schema(example = "accepted")]
    kind: &'static str,
    #[schema(example = "社区已接单")]
    title: &'static str,
    #[schema(example = "公共设施报修：社区已接单，请保持电话畅通。")]
    text: String,
    /// Null where it is about no one order, and where the order is not for the reader: see `mediation_id`.
    order_id: Option<Uuid>,
    /// Of a mediation that somebody else asked for: the case, under `/v1/mediations`.
    mediation_id: Option<Uuid>,
    at: DateTime<FixedOffset>,
}

impl EventItem {
    /// `dispatch` where the reader may see it.
    pub fn order(position: i64, change: &OrderChange, dispatch: Option<DispatchId>) -> Self {
        Self::Order(OrderEvent {
            position: position.to_string(),
            order_id: change.order.0,
            version: change.version,
            kind: change.kind.into(),
            at: local(change.at),
            dispatch_id: dispatch.map(Into::into),
        })
    }

    pub fn inbox(item: &InboxItem) -> Self {
        let words = item.words();
        Self::Inbox(InboxEvent {
            position: item.position.to_string(),
            id: item.id.0,
            kind: item.kind.into(),
            title: words.title,
            text: words.sentence(),
            order_id: item.leads_to().map(Into::into),
            mediation_id: item.mediation.map(Into::into),
            at: local(item.at),
        })
    }

    /// As the stream calls it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Order(_) => "order",
            Self::Inbox(_) => "inbox",
        }
    }

    pub fn position(&self) -> &str {
        match self {
            Self::Order(event) => &event.position,
            Self::Inbox(event) => &event.position,
        }
    }
}
