//! [`BookingStore`] over the tables `slots` and `bookings`. Whoever changes a seat locks its date's row first.

mod follow;
mod read;
mod row;
mod seat;
mod slots;

use std::convert::Infallible;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use domain::booking::{Booking, BookingRefusal, BookingRule, BookingState, Slot};
use domain::ids::{OrderId, SlotId};
use domain::people::Sight;
use domain::ports::{BookingStore, Fulfilled, Promised, Slice, SlotQuery, StoreError, Wish};

use super::write::{fulfil, outrun, promise};
use crate::database::{Database, store_error};
use crate::vault::Vault;

pub(super) use follow::follow;

const WHAT: &str = "booking";

pub struct BookingRows {
    db: Database,
    vault: Arc<Vault>,
}

impl BookingRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }
}

#[async_trait]
impl BookingStore for BookingRows {
    async fn add_slots(
        &self,
        slots: &[Slot],
        answer: Option<&Promised<'_, u64>>,
    ) -> Result<Fulfilled<u64>, StoreError> {
        let tx = self.db.begin_write().await?;
        let ended = if promise(&tx, &self.vault, answer).await? {
            let added = slots::add(&tx, slots).await?;
            fulfil(tx, &self.vault, answer, Ok::<_, Infallible>(added)).await?
        } else {
            outrun(tx).await?
        };
        let Ok(added) = ended;
        Ok(added)
    }

    async fn slots(&self, query: &SlotQuery) -> Result<Vec<Slot>, StoreError> {
        slots::list(self.db.reader(), query).await
    }

    async fn slot(&self, id: SlotId) -> Result<Option<Slot>, StoreError> {
        slots::find(self.db.reader(), id).await
    }

    async fn change_slot(
        &self,
        id: SlotId,
        capacity: u32,
        closed: bool,
        now: DateTime<Utc>,
    ) -> Result<Option<Slot>, StoreError> {
        let tx = self.db.begin_write().await?;
        let changed = slots::change(&tx, id, capacity, closed, now).await?;
        tx.commit().await.map_err(store_error)?;
        Ok(changed)
    }

    async fn hold(
        &self,
        wish: &Wish,
        rule: &BookingRule,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Result<BookingState, BookingRefusal>, StoreError> {
        let tx = self.db.begin_write().await?;
        let held = seat::take(&tx, wish, rule, now, Some(until)).await?;
        tx.commit().await.map_err(store_error)?;
        Ok(held)
    }

    async fn let_go(&self, order: OrderId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let tx = self.db.begin_write().await?;
        seat::let_go(&tx, order, now).await?;
        tx.commit().await.map_err(store_error)
    }

    async fn move_to(
        &self,
        wish: &Wish,
        rule: &BookingRule,
        now: DateTime<Utc>,
        answer: Option<&Promised<'_, Booking>>,
    ) -> Result<Result<Fulfilled<Booking>, BookingRefusal>, StoreError> {
        let tx = self.db.begin_write().await?;
        if !promise(&tx, &self.vault, answer).await? {
            return outrun(tx).await;
        }
        let moved = seat::move_to(&tx, wish, rule, now).await?;
        fulfil(tx, &self.vault, answer, moved).await
    }

    async fn missed(
        &self,
        order: OrderId,
        now: DateTime<Utc>,
        answer: Option<&Promised<'_, Booking>>,
    ) -> Result<Result<Fulfilled<Booking>, BookingRefusal>, StoreError> {
        let tx = self.db.begin_write().await?;
        if !promise(&tx, &self.vault, answer).await? {
            return outrun(tx).await;
        }
        let missed = seat::missed(&tx, order, now).await?;
        fulfil(tx, &self.vault, answer, missed).await
    }

    async fn of_orders(&self, orders: &[OrderId]) -> Result<Vec<Booking>, StoreError> {
        read::of_orders(self.db.reader(), orders).await
    }

    async fn of_slot(&self, slot: SlotId, sight: &Sight, slice: Slice<u32>) -> Result<Vec<(u32, Booking)>, StoreError> {
        read::of_slot(self.db.reader(), slot, sight, slice).await
    }

    async fn sweep(&self, now: DateTime<Utc>, limit: u16) -> Result<u64, StoreError> {
        let held = read::held_in_vain(self.db.reader(), now, limit).await?;
        for order in &held {
            self.let_go(*order, now).await?;
        }
        Ok(u64::try_from(held.len()).unwrap_or(u64::MAX))
    }

    async fn end_queues(&self, now: DateTime<Utc>, limit: u16) -> Result<u64, StoreError> {
        let mut ended = 0;
        for date in read::waited_for_in_vain(self.db.reader(), now, limit).await? {
            let tx = self.db.begin_write().await?;
            ended += seat::end_queue(&tx, date, now).await?;
            tx.commit().await.map_err(store_error)?;
        }
        Ok(ended)
    }
}
