use std::time::Duration;

use async_trait::async_trait;
use domain::ids::OutboxId;
use domain::ports::{NoticeQueue, QueueAway, Ticketed};

use crate::redis::{Entry, Redis};

/// A Redis Stream with one consumer group of all workers. What a dead worker held is taken over by another; what Redis
/// forgot lies in the outbox.
pub struct StreamQueue {
    redis: Redis,
    /// This process among the workers.
    consumer: String,
}

impl StreamQueue {
    /// `consumer` must differ from process to process.
    pub fn new(redis: Redis, consumer: String) -> Self {
        Self { redis, consumer }
    }
}

#[async_trait]
impl NoticeQueue for StreamQueue {
    async fn push(&self, notices: &[OutboxId]) -> Result<(), QueueAway> {
        let values: Vec<String> = notices.iter().map(ToString::to_string).collect();
        self.redis.add_notices(&values).await.map_err(away)
    }

    async fn take(&self, most: u16, wait: Duration) -> Result<Vec<Ticketed>, QueueAway> {
        let entries = self.redis.take_notices(&self.consumer, most, wait).await.map_err(away)?;
        let ticketed = |Entry { id, value }: Entry| {
            let notice = value.parse().ok()?;
            Some(Ticketed { notice, entry: id })
        };
        Ok(entries.into_iter().filter_map(ticketed).collect())
    }

    async fn done(&self, taken: &[Ticketed]) -> Result<(), QueueAway> {
        let entries: Vec<&str> = taken.iter().map(|one| one.entry.as_str()).collect();
        self.redis.finish_notices(&entries).await.map_err(away)
    }
}

fn away(error: redis::RedisError) -> QueueAway {
    QueueAway(Box::new(error))
}
