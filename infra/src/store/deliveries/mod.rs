//! [`DeliveryStore`] over the tables `deliveries`, `delivery_counts` and `circuits`.

mod circuits;
mod claim;
mod climb;
mod counts;
mod equal;
mod list;
mod overtaken;
mod parcel;
mod reach;
mod settle;
mod sweep;
mod undelivered;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};

use domain::ids::{DeliveryId, OrderId};
use domain::notice::{Channel, Importance, after_quiet_hours};
use domain::ports::{
    DeliveryCount, DeliveryLine, DeliveryQuery, DeliveryStore, Doors, OpenCircuit, Parcel, Requeue, Settled, Slice,
    StoreError, ToldLine,
};

use crate::database::{Database, store_error};
use crate::entity::delivery::Column;

pub(super) use climb::call_for_the_desk;
pub(super) use counts::count_ends;
pub(super) use equal::last_equal;
pub(super) use list::to_line;
pub(super) use overtaken::{end_overtaken, session};
pub(super) use parcel::{Parts, parts_of};
pub(super) use reach::{Errand, Reaches, Way};
pub(super) use undelivered::undelivered;

/// The ways out that are sent through; the inbox is written, and calls are made by people.
const SENT: [Channel; 3] = [Channel::Subscribe, Channel::ServiceAccount, Channel::Wecom];

fn sent_names() -> impl Iterator<Item = &'static str> {
    SENT.into_iter().map(<&str>::from)
}

/// When a message may leave that may leave at this instant: danger then, everything else by day.
fn leaves_at(at: DateTime<Utc>) -> SimpleExpr {
    leaves(at, at)
}

/// The same, where danger may leave at another instant.
fn leaves(urgent: DateTime<Utc>, others: DateTime<Utc>) -> SimpleExpr {
    let is_urgent = Expr::col(Column::Importance).eq(<&str>::from(Importance::Urgent));
    Expr::case(is_urgent, urgent).finally(after_quiet_hours(Importance::Ordinary, others)).into()
}

pub struct DeliveryRows {
    db: Database,
}

impl DeliveryRows {
    pub fn new(db: Database) -> Self {
        Self { db }
    }
}

#[async_trait]
impl DeliveryStore for DeliveryRows {
    async fn claim(
        &self,
        doors: &Doors,
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
        limit: u16,
    ) -> Result<Vec<Parcel>, StoreError> {
        let tx = self.db.begin_write().await?;
        let claimed = claim::take(&tx, doors, now, lease_until, limit).await?;
        tx.commit().await.map_err(store_error)?;
        parcel::pack(self.db.reader(), doors, claimed, now).await
    }

    async fn begin(
        &self,
        deliveries: &[DeliveryId],
        lease_until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Vec<DeliveryId>, StoreError> {
        claim::begin(self.db.writer(), deliveries, lease_until, now).await
    }

    async fn settle(&self, settled: &[Settled], doors: &Doors, now: DateTime<Utc>) -> Result<(), StoreError> {
        let tx = self.db.begin_write().await?;
        settle::record(&tx, settled, doors, now).await?;
        tx.commit().await.map_err(store_error)
    }

    async fn sweep_stuck(&self, doors: &Doors, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let tx = self.db.begin_write().await?;
        let swept = sweep::stuck(&tx, doors, now).await?;
        tx.commit().await.map_err(store_error)?;
        Ok(swept)
    }

    async fn sweep_expired(&self, doors: &Doors, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let tx = self.db.begin_write().await?;
        let swept = sweep::expired(&tx, doors, now).await?;
        tx.commit().await.map_err(store_error)?;
        Ok(swept)
    }

    async fn open_circuit(&self, circuit: &OpenCircuit) -> Result<(), StoreError> {
        circuits::open(self.db.writer(), circuit).await
    }

    async fn close_circuit(&self, channel: Channel, app_id: &str) -> Result<(), StoreError> {
        circuits::close(self.db.writer(), channel, app_id).await
    }

    async fn circuits(&self) -> Result<Vec<OpenCircuit>, StoreError> {
        circuits::all(self.db.reader()).await
    }

    async fn waiting(&self) -> Result<(u64, Option<DateTime<Utc>>), StoreError> {
        counts::waiting(self.db.reader()).await
    }

    async fn counts(&self, now: DateTime<Utc>) -> Result<Vec<DeliveryCount>, StoreError> {
        counts::all(self.db.reader(), now).await
    }

    async fn list(&self, query: &DeliveryQuery, slice: Slice<DeliveryId>) -> Result<Vec<DeliveryLine>, StoreError> {
        list::page(self.db.reader(), query, slice).await
    }

    async fn find(&self, id: DeliveryId) -> Result<Option<DeliveryLine>, StoreError> {
        list::find(self.db.reader(), id).await
    }

    async fn requeue(&self, query: &Requeue, now: DateTime<Utc>) -> Result<u64, StoreError> {
        list::requeue(self.db.writer(), query, now).await
    }

    async fn told_of(&self, order: OrderId, after: i64, until: i64) -> Result<Vec<ToldLine>, StoreError> {
        list::told_of(self.db.reader(), order, after, until).await
    }
}
