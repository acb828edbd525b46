use std::sync::Arc;
use std::time::Duration;

use domain::ids::OutboxId;
use domain::ports::{Clock, Doors, NoticeQueue, OutboxStore, StoreError};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::Bell;

/// Notices expanded in one transaction.
const BATCH: u16 = 200;
/// How long the queue is waited for.
const WAIT: Duration = Duration::from_secs(1);

/// Turns notices into deliveries. Any number of these may run at once.
pub struct Expander {
    pub store: Arc<dyn OutboxStore>,
    pub queue: Arc<dyn NoticeQueue>,
    pub doors: Arc<Doors>,
    pub clock: Arc<dyn Clock>,
    /// Rung where it leads to new notices.
    pub relay: Arc<Notify>,
    /// Rung where there is something to send.
    pub sender: Arc<Notify>,
    pub bell: Bell,
}

impl Expander {
    /// Works until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.step(WAIT).await {
                tracing::warn!(error = &error as &dyn std::error::Error, "expander.step failed");
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(WAIT) => {}
                }
            }
        }
    }

    /// Expands what the queue holds, or what comes within `wait`; says how many notices that were. What cannot be
    /// expanded comes again from the outbox.
    pub async fn step(&self, wait: Duration) -> Result<usize, StoreError> {
        let taken = match self.queue.take(BATCH, wait).await {
            Ok(taken) => taken,
            Err(error) => {
                tracing::debug!(error = &error as &dyn std::error::Error, "no notices from the queue");
                tokio::time::sleep(wait).await;
                return Ok(0);
            }
        };
        if taken.is_empty() {
            return Ok(0);
        }
        let notices: Vec<OutboxId> = taken.iter().map(|one| one.notice).collect();
        let expanded = self.store.expand(&notices, &self.doors, self.clock.now()).await?;
        if expanded.queued > 0 {
            self.sender.notify_one();
        }
        if expanded.calls > 0 {
            self.relay.notify_one();
        }
        if expanded.inbox > 0 {
            self.bell.ring();
        }
        if let Err(error) = self.queue.done(&taken).await {
            // Somebody takes them again and finds nothing left to do.
            tracing::debug!(error = &error as &dyn std::error::Error, "the queue was not told what is done");
        }
        Ok(taken.len())
    }
}
