//! [`OrderStore`] over the tables `orders`, `order_events`, `dispatches` and `order_numbers`.

mod commit;
mod dispatch_row;
mod event_row;
mod find;
mod list;
mod number;
mod row;
mod sight;
mod tally;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;

use domain::ids::{CommunityId, DispatchId, OrderId};
use domain::order::{Dispatch, Event, Order};
use domain::people::Sight;
use domain::ports::{Answer, Change, Commit, DispatchQuery, OrderQuery, OrderStore, StoreError};

use super::write::finish;
use crate::database::Database;
use crate::vault::Vault;
use number::Numbers;

pub(super) use commit::attach;
pub(super) use dispatch_row::{overwrite_state, rows as dispatch_rows, to_dispatch};
pub(super) use event_row::{left_of, to_chain_row, to_event};
pub(super) use list::with_dispatches;
pub(super) use row::{erased_columns, to_order};
pub(super) use sight::{in_area, in_sight};

pub struct OrderRows {
    db: Database,
    vault: Arc<Vault>,
    numbers: Numbers,
}

impl OrderRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault, numbers: Numbers::new() }
    }
}

#[async_trait]
impl OrderStore for OrderRows {
    async fn reserve_numbers(&self, community: CommunityId, day: NaiveDate, count: u32) -> Result<u32, StoreError> {
        self.numbers.reserve(self.db.writer(), community, day, count).await
    }

    async fn commit(&self, changes: &[Change], answer: Option<&Answer>) -> Result<Commit, StoreError> {
        let tx = self.db.begin_write().await?;
        let written = commit::write(&tx, &self.vault, changes, answer).await;
        finish(tx, written).await
    }

    async fn find(&self, id: OrderId, sight: &Sight) -> Result<Option<Order>, StoreError> {
        find::by_id(self.db.reader(), &self.vault, id, sight).await
    }

    async fn find_by_dispatch(&self, id: DispatchId, sight: &Sight) -> Result<Option<Order>, StoreError> {
        find::by_dispatch(self.db.reader(), &self.vault, id, sight).await
    }

    async fn list(&self, query: &OrderQuery) -> Result<Vec<Order>, StoreError> {
        list::orders(self.db.reader(), &self.vault, query).await
    }

    async fn list_dispatches(&self, query: &DispatchQuery) -> Result<Vec<(Dispatch, Order)>, StoreError> {
        list::dispatches(self.db.reader(), &self.vault, query).await
    }

    async fn timeline(&self, id: OrderId, sight: &Sight, after: i64, limit: u16) -> Result<Vec<Event>, StoreError> {
        find::timeline(self.db.reader(), &self.vault, id, sight, after, limit).await
    }

    async fn known_references(
        &self,
        community: CommunityId,
        system: &str,
        references: &[String],
    ) -> Result<Vec<String>, StoreError> {
        find::known_references(self.db.reader(), community, system, references).await
    }
}
