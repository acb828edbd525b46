use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::{CommunityId, DispatchId, OrderId, PartnerId, PersonId, PlaceId};
use crate::order::EventKind;
use crate::ports::{InboxItem, StoreError};

/// One thing that somebody may want to know at once. Positions grow in the order in which they can be read: whoever has
/// seen one has seen all before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    pub position: i64,
    pub what: Occurrence,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Occurrence {
    Changed(OrderChange),
    Told(InboxItem),
}

/// An order changed, with what decides who may know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderChange {
    pub order: OrderId,
    /// The order's version after it.
    pub version: i64,
    pub kind: EventKind,
    pub at: DateTime<Utc>,
    /// Where it was made on a dispatch.
    pub dispatch: Option<DispatchId>,
    /// Whose dispatch that is.
    pub partner: Option<PartnerId>,
    pub community: CommunityId,
    pub compound: Option<PlaceId>,
    pub sealed: bool,
    pub requester: PersonId,
    pub beneficiary: Option<PersonId>,
    pub about_partner: Option<PartnerId>,
    /// Partners that hold a live dispatch of the order now.
    pub partners: Vec<PartnerId>,
}

#[async_trait]
pub trait FeedStore: Send + Sync {
    /// The position of the latest occurrence; 0 before the first.
    async fn head(&self) -> Result<i64, StoreError>;

    /// What happened after `after`, oldest first.
    async fn since(&self, after: i64, limit: u16) -> Result<Vec<Happened>, StoreError>;

    /// The position after which everything is still kept: what lies before may be gone.
    async fn kept_since(&self) -> Result<i64, StoreError>;

    /// Deletes changes of before `before`; says how many.
    async fn sweep_feed(&self, before: DateTime<Utc>) -> Result<u64, StoreError>;
}
