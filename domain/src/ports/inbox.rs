use async_trait::async_trait;
use chrono::{DateTime, Utc};
use strum::IntoStaticStr;

use crate::ids::{CommunityId, DeliveryId, MediationId, OrderId, PersonId};
use crate::notice::{Channel, DeliveryState, Facts, NoticeKind, NoticeLevel, ORDERS, Side, Subject, Words, words};
use crate::people::Area;
use crate::ports::{Slice, StoreError};

/// Something that a person was told, in the mini-program itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxItem {
    pub id: DeliveryId,
    pub person: PersonId,
    /// Its place in the feed.
    pub position: i64,
    pub kind: NoticeKind,
    pub side: Side,
    pub order: Option<OrderId>,
    /// Where the person is another party of its mediation than whoever ordered: what is to be opened in the order's place.
    pub mediation: Option<MediationId>,
    /// Of an order that the person may know: its number; else the day.
    pub number: String,
    pub service_name: String,
    pub sealed: bool,
    pub partner_name: Option<String>,
    pub facts: Option<Facts>,
    pub at: DateTime<Utc>,
    pub read_at: Option<DateTime<Utc>>,
}

impl InboxItem {
    /// Nobody is led to the order who may not know when, and by whom, it was placed.
    pub fn leads_to(&self) -> Option<OrderId> {
        self.order.filter(|_| self.mediation.is_none())
    }

    pub fn words(&self) -> Words {
        words(&Subject {
            kind: self.kind,
            side: self.side,
            service: if self.order.is_some() { &self.service_name } else { ORDERS },
            sealed: self.sealed,
            partner: self.partner_name.as_deref(),
            facts: self.facts.as_ref(),
            count: 1,
        })
    }
}

/// Which items somebody has read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    These(Vec<DeliveryId>),
    /// This one and all older ones; nothing where it is not among the person's own.
    UpTo(DeliveryId),
}

/// A person whom nothing reached, and who is to be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallTask {
    pub id: DeliveryId,
    pub person: PersonId,
    pub community: CommunityId,
    pub order: OrderId,
    pub order_number: String,
    pub service_name: String,
    pub sealed: bool,
    /// What the person is to the order.
    pub whom: Callee,
    pub kind: NoticeKind,
    pub side: Side,
    pub partner_name: Option<String>,
    pub facts: Option<Facts>,
    /// Why: what became of the last way that was tried, where one was.
    pub after: Option<(Channel, DeliveryState)>,
    pub at: DateTime<Utc>,
}

/// Whom to call: the number of each stands elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Callee {
    Requester,
    /// For whom it was ordered.
    Beneficiary,
    /// Whose own order was merged into this one.
    Follower,
    /// Somebody of the desk or of a handler.
    Staff,
}

impl CallTask {
    pub fn words(&self) -> Words {
        words(&Subject {
            kind: self.kind,
            side: self.side,
            service: &self.service_name,
            sealed: self.sealed,
            partner: self.partner_name.as_deref(),
            facts: self.facts.as_ref(),
            count: 1,
        })
    }
}

/// A call that was made, and how it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallMade {
    pub by: PersonId,
    pub reached: bool,
    pub at: DateTime<Utc>,
}

#[async_trait]
pub trait InboxStore: Send + Sync {
    /// What these accounts of one person were told, newest first.
    async fn inbox(
        &self,
        persons: &[PersonId],
        unread_only: bool,
        slice: Slice<DeliveryId>,
    ) -> Result<Vec<InboxItem>, StoreError>;

    /// At most `most` are counted.
    async fn unread(&self, persons: &[PersonId], most: u16) -> Result<u16, StoreError>;

    /// Says how many were unread until now.
    async fn read(&self, persons: &[PersonId], which: &Read, now: DateTime<Utc>) -> Result<u64, StoreError>;

    async fn notice_level(&self, person: PersonId) -> Result<NoticeLevel, StoreError>;

    async fn set_notice_level(&self, person: PersonId, level: NoticeLevel) -> Result<(), StoreError>;
}

/// Calls to be made by the desk.
#[async_trait]
pub trait CallStore: Send + Sync {
    /// Those of orders in the area, newest first.
    async fn calls(&self, area: &Area, slice: Slice<DeliveryId>) -> Result<Vec<CallTask>, StoreError>;

    /// Notes that the call was made and answers the first note of it, which may be somebody else's; `None` where there is no
    /// such call in the area, or what it was about is not true any more.
    async fn call_made(&self, area: &Area, id: DeliveryId, made: CallMade) -> Result<Option<CallMade>, StoreError>;
}
