//! [`OutboxStore`] over the tables `outbox` and `deliveries`.

mod claim;
mod item;
mod settle;

pub(super) use settle::undelivered;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QuerySelect};

use domain::ids::OutboxId;
use domain::ports::{Delivery, OutboxItem, OutboxStore, Settlement, StoreError};

use crate::database::{Database, store_error};
use crate::entity::outbox;

pub struct OutboxRows {
    db: Database,
}

impl OutboxRows {
    pub fn new(db: Database) -> Self {
        Self { db }
    }
}

#[async_trait]
impl OutboxStore for OutboxRows {
    async fn claim(
        &self,
        app_ids: &[String],
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
        limit: u16,
    ) -> Result<Vec<OutboxItem>, StoreError> {
        let tx = self.db.begin_write().await?;
        let claimed = claim::take(&tx, now, lease_until, limit).await?;
        tx.commit().await.map_err(store_error)?;
        item::with_words(self.db.reader(), app_ids, claimed, now).await
    }

    async fn settle(&self, id: OutboxId, deliveries: &[Delivery], settlement: &Settlement) -> Result<(), StoreError> {
        let tx = self.db.begin_write().await?;
        settle::record(&tx, id, deliveries, settlement).await?;
        tx.commit().await.map_err(store_error)
    }

    async fn waiting(&self) -> Result<(u64, Option<DateTime<Utc>>), StoreError> {
        let counted: Option<(i64, Option<DateTime<Utc>>)> = outbox::Entity::find()
            .select_only()
            .column_as(outbox::Column::Id.count(), "items")
            .column_as(outbox::Column::At.min(), "oldest")
            .into_tuple()
            .one(self.db.reader())
            .await
            .map_err(store_error)?;
        let (items, oldest) = counted.unwrap_or_default();
        Ok((items.unsigned_abs(), oldest))
    }
}
