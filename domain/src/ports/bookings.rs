use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::booking::{Booking, BookingRefusal, BookingRule, BookingState, Slot};
use crate::ids::{CommunityId, OrderId, PersonId, SlotId};
use crate::people::Sight;
use crate::ports::{Fulfilled, Promised, Slice, StoreError};

/// Somebody wishes a seat for an order that is about to be placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    pub order: OrderId,
    pub person: PersonId,
    /// Who says so.
    pub by: PersonId,
    pub community: CommunityId,
    pub service_key: String,
    pub slot: SlotId,
    /// Waits where no seat is free.
    pub waits: bool,
}

/// Which dates somebody looks at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SlotQuery {
    pub community: CommunityId,
    pub service_key: Option<String>,
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
    /// After this date, in the order of their starts.
    pub after: Option<(DateTime<Utc>, SlotId)>,
    pub limit: u16,
}

/// Dates and who has booked them. Withdrawn, refused, merged and resolved orders end their bookings in the transaction that
/// changes them ([`OrderStore`](super::OrderStore)); whoever waits first then moves up and is told, in the same transaction.
#[async_trait]
pub trait BookingStore: Send + Sync {
    /// Those of the same service that start at the same time and are served by the same partner are there already, and left
    /// as they are; answers how many are new.
    async fn add_slots(&self, slots: &[Slot], answer: Option<&Promised<'_, u64>>)
    -> Result<Fulfilled<u64>, StoreError>;

    async fn slots(&self, query: &SlotQuery) -> Result<Vec<Slot>, StoreError>;

    async fn slot(&self, id: SlotId) -> Result<Option<Slot>, StoreError>;

    /// More seats let those who wait move up; of a date that is closed they are told that they wait in vain. Fewer than are
    /// taken cannot be: answers the date as it is, unchanged.
    async fn change_slot(
        &self,
        id: SlotId,
        capacity: u32,
        closed: bool,
        now: DateTime<Utc>,
    ) -> Result<Option<Slot>, StoreError>;

    /// Takes a seat, or a place in the queue, for an order that is not there yet; it is lost where the order does not come
    /// before `until`. Never more seats than there are, whoever asks at the same time; the queue is in the order of arrival.
    async fn hold(
        &self,
        wish: &Wish,
        rule: &BookingRule,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Result<BookingState, BookingRefusal>, StoreError>;

    /// The order did not come about.
    async fn let_go(&self, order: OrderId, now: DateTime<Utc>) -> Result<(), StoreError>;

    /// To another date of the same service, in one step: the old seat is kept where there is none. Whoever's booking has ended
    /// chooses anew as long as the order is open. Those whom it concerns are told.
    async fn move_to(
        &self,
        wish: &Wish,
        rule: &BookingRule,
        now: DateTime<Utc>,
        answer: Option<&Promised<'_, Booking>>,
    ) -> Result<Result<Fulfilled<Booking>, BookingRefusal>, StoreError>;

    async fn missed(
        &self,
        order: OrderId,
        now: DateTime<Utc>,
        answer: Option<&Promised<'_, Booking>>,
    ) -> Result<Result<Fulfilled<Booking>, BookingRefusal>, StoreError>;

    async fn of_orders(&self, orders: &[OrderId]) -> Result<Vec<Booking>, StoreError>;

    /// Who comes, by arrival, as far as their orders are in sight; those who gave up are left out.
    async fn of_slot(&self, slot: SlotId, sight: &Sight, slice: Slice<u32>) -> Result<Vec<(u32, Booking)>, StoreError>;

    /// Gives back what was held for orders that did not come; answers how many.
    async fn sweep(&self, now: DateTime<Utc>, limit: u16) -> Result<u64, StoreError>;

    /// Ends the queues of up to `limit` dates that have begun or were closed. Those who waited are told; answers how many.
    async fn end_queues(&self, now: DateTime<Utc>, limit: u16) -> Result<u64, StoreError>;
}
