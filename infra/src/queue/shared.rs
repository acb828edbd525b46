use std::time::Duration;

use async_trait::async_trait;
use domain::ids::OutboxId;
use domain::ports::{NoticeQueue, QueueAway, Ticketed};

use super::{MemoryQueue, StreamQueue};

/// The stream that all workers share; while Redis is away, this worker goes on by itself.
pub struct SharedQueue {
    stream: StreamQueue,
    own: MemoryQueue,
}

impl SharedQueue {
    pub fn new(stream: StreamQueue) -> Self {
        Self { stream, own: MemoryQueue::default() }
    }
}

#[async_trait]
impl NoticeQueue for SharedQueue {
    async fn push(&self, notices: &[OutboxId]) -> Result<(), QueueAway> {
        if let Err(error) = self.stream.push(notices).await {
            tracing::debug!(
                error = &error as &dyn std::error::Error,
                "the stream is away; this worker goes on by itself"
            );
            self.own.push(notices).await?;
        }
        Ok(())
    }

    async fn take(&self, most: u16, wait: Duration) -> Result<Vec<Ticketed>, QueueAway> {
        let own = self.own.take(most, Duration::ZERO).await?;
        if !own.is_empty() {
            return Ok(own);
        }
        // Never given up in the middle: what Redis handed out meanwhile would wait until somebody takes it for a dead
        // worker's.
        match self.stream.take(most, wait).await {
            Ok(taken) => Ok(taken),
            Err(_) => self.own.take(most, wait).await,
        }
    }

    async fn done(&self, taken: &[Ticketed]) -> Result<(), QueueAway> {
        let of_the_stream: Vec<Ticketed> = taken.iter().filter(|one| !one.entry.is_empty()).cloned().collect();
        if of_the_stream.is_empty() {
            return Ok(());
        }
        self.stream.done(&of_the_stream).await
    }
}
