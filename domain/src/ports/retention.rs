use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::OrderId;
use crate::ports::StoreError;
use crate::retention::{Kind, Run};

/// What is past its time. Photos and orders are removed by those who know how: [`Keeper`](crate::retention::Keeper).
#[async_trait]
pub trait RetentionStore: Send + Sync {
    /// How many rows of this kind are from before `before`.
    async fn count_old(&self, kind: Kind, before: DateTime<Utc>) -> Result<u64, StoreError>;

    /// Deletes rows of this kind from before `before`; says how many. Nothing for photos and orders.
    async fn delete_old(&self, kind: Kind, before: DateTime<Utc>) -> Result<u64, StoreError>;

    /// Closed orders in which nothing happened since `before` and whose words still stand, oldest first.
    async fn old_orders(&self, before: DateTime<Utc>, limit: u16) -> Result<Vec<OrderId>, StoreError>;

    async fn note_run(&self, run: &Run) -> Result<(), StoreError>;

    /// When a run that was no rehearsal last ended; `None` before the first.
    async fn last_run(&self) -> Result<Option<DateTime<Utc>>, StoreError>;
}
