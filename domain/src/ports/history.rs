use async_trait::async_trait;

use crate::ids::OrderId;
use crate::order::{ChainRow, Order};
use crate::ports::StoreError;

/// One order and all its events, oldest first; or why they cannot be read.
#[derive(Debug)]
pub struct History {
    pub order: OrderId,
    pub read: Result<(Order, Vec<ChainRow>), StoreError>,
}

/// Reads whole histories for verification, by the operator only.
#[async_trait]
pub trait HistoryStore: Send + Sync {
    /// Up to `limit` orders after `after` in the order of their ids. One that cannot be read stops none of the others.
    async fn walk(&self, after: Option<OrderId>, limit: u16) -> Result<Vec<History>, StoreError>;
}
