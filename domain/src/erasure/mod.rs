//! Closing an account (PIPL, article 47): everything personal goes, the public facts of orders stay.
//!
//! A request is a row with a stage. Each step can be done again, so whoever is interrupted is followed by housekeeping.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};
use thiserror::Error;

use crate::ids::{OrderId, PersonId};
use crate::order::usecase::{MoveError, Orders};
use crate::order::{Command, Erased, Erasing};
use crate::ports::{ErasureStore, OrderErased, OrdersOf, PhotoStore, PhotoStoreError, PhotosOf, StoreError};
use crate::wechat::Forgetting;

/// Written on orders that were open.
const WITHDRAWN_BECAUSE: &str = "本人注销账号";
/// Rows looked at in one go.
const BATCH: u16 = 100;
/// Requests that were under way while the account was closed have ended by then: time to look again.
pub const LOOK_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(10);

/// How far a request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr, EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Stage {
    /// Nobody can sign in any more; orders and photos are still to be cleared.
    Begun,
    /// Everything is gone; what others were just writing is looked for once more.
    Cleared,
    Done,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    pub person: PersonId,
    pub requested_at: DateTime<Utc>,
    pub stage: Stage,
    /// When this stage was reached.
    pub since: DateTime<Utc>,
}

/// How a request to close an account begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Begun {
    Begun,
    /// Somebody with a role leaves it first: the work needs to be handed over.
    HoldsRole,
    /// Closed before, or never there.
    Gone,
}

#[derive(Debug, Error)]
pub enum ErasureError {
    #[error("an order cannot be withdrawn")]
    Order(#[from] MoveError),
    #[error(transparent)]
    Photo(#[from] PhotoStoreError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Erases people and orders, over the ports.
#[derive(Clone)]
pub struct Eraser {
    pub orders: Orders,
    pub store: Arc<dyn ErasureStore>,
    pub photos: Arc<dyn PhotoStore>,
}

impl Eraser {
    pub async fn begin(&self, person: PersonId) -> Result<Begun, StoreError> {
        self.store.begin(person, self.orders.clock.now()).await
    }

    /// Clears whatever is left of somebody whose request has begun. What fails stops nothing else; the first error is
    /// told at the end.
    pub async fn clear(&self, person: PersonId) -> Result<(), ErasureError> {
        let mut cleared = Ok(());
        for own in self.store.selves(person).await? {
            cleared = cleared.and(self.clear_one(own).await);
        }
        cleared
    }

    async fn clear_one(&self, person: PersonId) -> Result<(), ErasureError> {
        // First, so that an order that loses its words is not met again as one that only names the person.
        let left = self.each(OrdersOf::Left(person)).await;
        let for_others = self.each(OrdersOf::ForOthers(person)).await;
        let named = self.each(OrdersOf::Named(person)).await;
        let photos = self.remove_photos(PhotosOf::Uploader(person)).await;
        left.and(for_others).and(named).and(photos)?;
        Ok(self.store.reach(person, Stage::Cleared, self.orders.clock.now()).await?)
    }

    /// Takes out of every order, or off the disk, what somebody took back in WeChat. Account and orders stay.
    pub async fn forget(&self, what: &Forgetting) -> Result<(), ErasureError> {
        let mut forgotten = Ok(());
        for own in self.store.selves(what.person).await? {
            if what.phone {
                forgotten = forgotten.and(self.each(OrdersOf::Placed(own)).await);
                forgotten = forgotten.and(self.each(OrdersOf::PlacedFor(own)).await);
            }
            if what.photos {
                forgotten = forgotten.and(self.remove_photos(PhotosOf::Uploader(own)).await);
            }
        }
        forgotten
    }

    /// Goes on with requests that were interrupted, and looks once more after those that were cleared; says how many were
    /// brought on. One that fails stops none of the others.
    pub async fn go_on(&self) -> Result<u64, ErasureError> {
        let now = self.orders.clock.now();
        let (mut done, mut failed) = (0, None);
        for Erasure { person, stage, .. } in self.store.unfinished(now - LOOK_AGAIN_AFTER, BATCH).await? {
            match self.bring_on(person, stage).await {
                Ok(()) => done += 1,
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(done), Err)
    }

    async fn bring_on(&self, person: PersonId, stage: Stage) -> Result<(), ErasureError> {
        self.store.remove_traces(person, self.orders.clock.now()).await?;
        self.clear(person).await?;
        match stage {
            Stage::Begun => Ok(()),
            Stage::Cleared | Stage::Done => Ok(self.store.reach(person, Stage::Done, self.orders.clock.now()).await?),
        }
    }

    /// Page by page, so that it ends though orders that cannot be read, or that have nothing to lose, stay. One that fails
    /// stops none of the others.
    async fn each(&self, whose: OrdersOf) -> Result<(), ErasureError> {
        let (mut after, mut erased) = (None, Ok(()));
        loop {
            let orders = self.store.orders_of(whose, after, BATCH).await?;
            let Some(last) = orders.last() else { return erased };
            after = Some(*last);
            for order in orders {
                erased = erased.and(self.let_go(order, whose).await);
            }
        }
    }

    async fn let_go(&self, order: OrderId, whose: OrdersOf) -> Result<(), ErasureError> {
        match whose {
            OrdersOf::Left(person) => {
                // An open order without words could neither be handled nor be closed.
                let withdraw = Command::Withdraw { reason: Some(WITHDRAWN_BECAUSE.to_owned()) };
                self.orders.move_own(person, order, &withdraw).await?;
                self.erase_order(order, Erasing::Words(Erased::ByRequest)).await
            }
            OrdersOf::ForOthers(_) | OrdersOf::Placed(_) => self.erase_order(order, Erasing::Contact).await,
            OrdersOf::PlacedFor(person) => self.erase_order(order, Erasing::BeneficiaryPhone(person)).await,
            OrdersOf::Named(person) => self.erase_order(order, Erasing::Beneficiary(person)).await,
        }
    }

    /// Photos first, then words. A photo's file goes before its row, which says that there may be a file; the order's row
    /// goes last, because only an order whose words still stand is looked for again.
    pub async fn erase_order(&self, id: OrderId, what: Erasing) -> Result<(), ErasureError> {
        loop {
            if matches!(what, Erasing::Words(_)) {
                self.remove_photos(PhotosOf::Order(id)).await?;
            }
            match self.store.erase_order(id, what, self.orders.clock.now()).await? {
                OrderErased::Done | OrderErased::Gone => return Ok(()),
                OrderErased::PhotosLeft => {}
            }
        }
    }

    async fn remove_photos(&self, of: PhotosOf) -> Result<(), ErasureError> {
        loop {
            let some = self.store.photos(of, BATCH).await?;
            if some.is_empty() {
                return Ok(());
            }
            for id in &some {
                self.photos.delete(*id).await?;
            }
            self.store.forget_photos(&some).await?;
        }
    }
}
