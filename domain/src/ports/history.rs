use async_trait::async_trait;

use crate::ids::OrderId;
use crate::order::{ChainRow, Order};
use crate::ports::StoreError;

/// Reads whole histories for verification, by the operator only.
#[async_trait]
pub trait HistoryStore: Send + Sync {
    /// Up to `limit` orders after `after` in the order of their ids, each with all its events, oldest first.
    async fn walk(&self, after: Option<OrderId>, limit: u16) -> Result<Vec<(Order, Vec<ChainRow>)>, StoreError>;
}
