//! [`OutboxStore`] over the tables `outbox`, `feed` and `deliveries`.

mod expand;
mod recipients;
mod relay;
mod row;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use domain::ids::OutboxId;
use domain::ports::{Doors, Expanded, OutboxStore, Relayed, StoreError};

use crate::database::{Database, store_error};
use crate::entity::outbox;

pub(super) use relay::next_positions;
pub(super) use row::{of_change, of_community, of_event, of_notice};

/// The kind of a row that tells nobody: those who watch see it.
pub(super) const CHANGED: &str = "changed";

/// Inside the transaction of what is told.
pub(super) async fn insert(tx: &DatabaseTransaction, rows: Vec<outbox::Model>) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    outbox::Entity::insert_many(rows.into_iter().map(IntoActiveModel::into_active_model))
        .exec_without_returning(tx)
        .await
        .map(drop)
        .map_err(store_error)
}

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
    async fn relay(
        &self,
        now: DateTime<Utc>,
        lease_until: Option<DateTime<Utc>>,
        limit: u16,
    ) -> Result<Relayed, StoreError> {
        let tx = self.db.begin_write().await?;
        let relayed = relay::pass_on(&tx, now, lease_until, limit).await?;
        tx.commit().await.map_err(store_error)?;
        Ok(relayed)
    }

    async fn give_back(&self, notices: &[OutboxId], now: DateTime<Utc>) -> Result<(), StoreError> {
        let back = outbox::Entity::update_many()
            .col_expr(outbox::Column::DueAt, now.into())
            .filter(outbox::Column::Id.is_in(notices.iter().map(|id| id.0)));
        back.exec(self.db.writer()).await.map(drop).map_err(store_error)
    }

    async fn expand(&self, notices: &[OutboxId], doors: &Doors, now: DateTime<Utc>) -> Result<Expanded, StoreError> {
        let found = expand::find(self.db.reader(), notices, doors, now).await?;
        if found.is_empty() {
            return Ok(Expanded::default());
        }
        let tx = self.db.begin_write().await?;
        let expanded = expand::write(&tx, found, now).await?;
        tx.commit().await.map_err(store_error)?;
        Ok(expanded)
    }

    async fn waiting(&self) -> Result<(u64, Option<DateTime<Utc>>), StoreError> {
        let counted: Option<(i64, Option<DateTime<Utc>>)> = outbox::Entity::find()
            .select_only()
            .column_as(outbox::Column::Id.count(), "rows")
            .column_as(outbox::Column::At.min(), "oldest")
            .into_tuple()
            .one(self.db.reader())
            .await
            .map_err(store_error)?;
        let (rows, oldest) = counted.unwrap_or_default();
        Ok((rows.unsigned_abs(), oldest))
    }
}
