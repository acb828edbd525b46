use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use crate::ids::{AttachmentId, CommunityId, DispatchId, OrderId, PartnerId, PlaceId};
use crate::notice::Notice;
use crate::order::{Chained, Dispatch, DispatchStatus, Event, FigureCount, Order, OrderStatus, Tally};
use crate::people::{Consent, Desk, Sight};
use crate::ports::{Answer, CaseChange, StoreError};
use crate::safety::MarkedWords;

/// One move: one order as it shall be, with the one event that made it so.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Its version is the one *after* the event; the row must still carry the one before.
    pub next: Order,
    pub chained: Chained,
    pub notices: Vec<Notice>,
    /// Photos of the actor's that this change attaches to the order.
    pub photos: Vec<AttachmentId>,
    /// What the actor agreed to with it.
    pub consents: Vec<Consent>,
    /// Words of this change that no check has passed.
    pub words: Option<MarkedWords>,
    /// The case of mediation that begins, ends or changes hands with it.
    pub case: Option<Box<CaseChange>>,
    /// What it adds to the records of partners.
    pub tallies: Vec<Tally>,
    /// What it adds to a published figure.
    pub figure: Option<FigureCount>,
    /// It happened long ago and elsewhere: those who watch do not see it happen now.
    pub quiet: bool,
}

/// How a commit ended. Everything but `Done` wrote nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Commit {
    Done,
    /// Somebody else moved this order first.
    Stale(OrderId),
    /// The key of the answer was used by a request that committed first.
    KeyTaken,
    /// A photo does not exist, is not the actor's or belongs to an order already.
    PhotoUnavailable,
    /// An order with the same import reference exists.
    ReferenceTaken,
    /// What was held for the order went to somebody else: it took too long.
    SeatLost,
    /// The partner holds as many open jobs as its limit allows.
    PartnerFull {
        limit: u16,
    },
}

/// Keyset page: at most `limit` rows whose id lies before `before`, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice<Id> {
    pub before: Option<Id>,
    pub limit: u16,
}

#[derive(Clone, Debug, PartialEq)]
pub struct OrderQuery {
    pub desk: Desk,
    pub status: Option<OrderStatus>,
    pub service_key: Option<String>,
    /// Only those that lie in this grid.
    pub grid: Option<PlaceId>,
    /// Part of the number, title or description.
    pub text: Option<String>,
    /// Only those whose running clock ended before this instant.
    pub due_before: Option<DateTime<Utc>>,
    /// Only emergencies.
    pub emergency: bool,
    /// Only those with words or photos that neither a check nor a person has passed.
    pub unchecked: bool,
    pub slice: Slice<OrderId>,
}

impl OrderQuery {
    /// Everything on the desk, narrowed down by nothing.
    pub fn all(desk: Desk, slice: Slice<OrderId>) -> Self {
        Self {
            desk,
            status: None,
            service_key: None,
            grid: None,
            text: None,
            due_before: None,
            emergency: false,
            unchecked: false,
            slice,
        }
    }
}

/// A dispatch with what its handler may know of the order.
#[derive(Clone, Debug, PartialEq)]
pub struct DispatchQuery {
    pub partners: Vec<PartnerId>,
    pub status: Option<DispatchStatus>,
    pub slice: Slice<DispatchId>,
}

#[async_trait]
pub trait OrderStore: Send + Sync {
    /// Reserves `count` running numbers of the community's day and answers the first. Numbers are never given twice.
    async fn reserve_numbers(&self, community: CommunityId, day: NaiveDate, count: u32) -> Result<u32, StoreError>;

    /// Writes all changes, their events, notices, photos and consents and the answer in one transaction, or nothing.
    ///
    /// Several changes may be of one order: a history that is brought over. Each is a move of its own, and the next one
    /// must be decided on what the one before it made, else the order is [`Commit::Stale`]. So is an erased order: nothing
    /// is written to it any more. An [`Unshared`](crate::order::Happening::Unshared) ends the order's consent to share; a
    /// [`Mediated`](crate::order::Happening::Mediated) removes the answers that show it.
    ///
    /// Jobs that partners hold open are counted in the same transaction, so that of those who send at once only as many get
    /// through as the partner has room for: else [`Commit::PartnerFull`].
    async fn commit(&self, changes: &[Change], answer: Option<&Answer>) -> Result<Commit, StoreError>;

    /// `None` where it does not exist *or is not in sight*.
    async fn find(&self, id: OrderId, sight: &Sight) -> Result<Option<Order>, StoreError>;

    /// The order that the dispatch belongs to.
    async fn find_by_dispatch(&self, id: DispatchId, sight: &Sight) -> Result<Option<Order>, StoreError>;

    async fn list(&self, query: &OrderQuery) -> Result<Vec<Order>, StoreError>;

    /// Dispatches of these partners with the orders they belong to.
    async fn list_dispatches(&self, query: &DispatchQuery) -> Result<Vec<(Dispatch, Order)>, StoreError>;

    /// Events after `after`, oldest first; empty where the order is not in sight.
    async fn timeline(&self, id: OrderId, sight: &Sight, after: i64, limit: u16) -> Result<Vec<Event>, StoreError>;

    /// Which of these references of `system` are in the community already.
    async fn known_references(
        &self,
        community: CommunityId,
        system: &str,
        references: &[String],
    ) -> Result<Vec<String>, StoreError>;
}
