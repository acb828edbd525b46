use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use domain::ports::{Clock, NoticeQueue, OutboxStore, StoreError};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{Bell, pause};

/// Rows taken in one transaction.
const BATCH: u16 = 200;
/// A notice that nobody expanded within so long is passed on again: a worker died, or the queue forgot it.
const LEASE: TimeDelta = TimeDelta::seconds(15);
/// What comes within so long after a look is passed on together: in a crowd, orders wait for few transactions of ours.
const GATHER: Duration = Duration::from_millis(100);
/// How often the outbox is looked at when nobody woke the relay.
const POLL: Duration = Duration::from_secs(1);

/// Takes what transactions wrote into the outbox: gives changes their place in the feed, and notices to those who expand
/// them. Every process has one.
pub struct Relay {
    pub store: Arc<dyn OutboxStore>,
    /// `None` where nobody in this process expands notices and no queue leads to others: they find them by themselves.
    pub queue: Option<Arc<dyn NoticeQueue>>,
    pub clock: Arc<dyn Clock>,
    /// Rung when a transaction of this process wrote to the outbox.
    pub wake: Arc<Notify>,
    pub bell: Bell,
}

impl Relay {
    /// Works until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match self.step().await {
                Ok(0) => self.rest(&stop).await,
                Ok(rows) if rows >= u64::from(BATCH) => {}
                Ok(_) => pause(GATHER, &stop).await,
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "relay.step failed");
                    self.rest(&stop).await;
                }
            }
        }
    }

    async fn rest(&self, stop: &CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.wake.notified() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }

    /// Passes on what is due; says how many rows that were.
    pub async fn step(&self) -> Result<u64, StoreError> {
        let now = self.clock.now();
        let relayed = self.store.relay(now, self.queue.as_ref().map(|_| now + LEASE), BATCH).await?;
        if relayed.changes > 0 {
            self.bell.ring();
        }
        let Some(queue) = self.queue.as_ref().filter(|_| !relayed.notices.is_empty()) else {
            return Ok(relayed.changes);
        };
        if let Err(error) = queue.push(&relayed.notices).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "notices wait for those who look by themselves");
            self.store.give_back(&relayed.notices, now).await?;
            return Ok(relayed.changes);
        }
        Ok(relayed.changes + u64::try_from(relayed.notices.len()).unwrap_or(u64::MAX))
    }
}
