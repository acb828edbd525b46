use std::time::Duration;

use async_trait::async_trait;
use thiserror::Error;

use crate::ids::OutboxId;

/// The queue cannot be reached. What it held lies in the outbox as well.
#[derive(Debug, Error)]
#[error("the queue is away")]
pub struct QueueAway(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// A notice that a worker took and has not finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticketed {
    pub notice: OutboxId,
    /// The queue's own name of it.
    pub entry: String,
}

/// Passes notices from those who find them in the outbox to those who expand them. It may forget everything at any time.
#[async_trait]
pub trait NoticeQueue: Send + Sync {
    async fn push(&self, notices: &[OutboxId]) -> Result<(), QueueAway>;

    /// Up to `most`, those first that a dead worker left behind; waits so long for one.
    async fn take(&self, most: u16, wait: Duration) -> Result<Vec<Ticketed>, QueueAway>;

    async fn done(&self, taken: &[Ticketed]) -> Result<(), QueueAway>;
}
