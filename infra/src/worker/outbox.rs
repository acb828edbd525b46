use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ports::{
    Clock, Delivery, Messenger, OutboxItem, OutboxStore, Outcome, Recipient, Settlement, StoreError, TellError,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Items lent to one worker at a time.
const BATCH: u16 = 20;
/// A worker that died gives its items back after this long. Longer than a batch with the slowest WeChat takes.
const LEASE: TimeDelta = TimeDelta::minutes(5);
/// After this many tries within about two hours a delivery ends as [`Outcome::GaveUp`].
const MAX_ATTEMPTS: u32 = 8;
/// The first pause; each one after it is twice as long.
const FIRST_PAUSE: TimeDelta = TimeDelta::minutes(1);
/// How often the outbox is looked at when nobody woke the worker.
const POLL: Duration = Duration::from_secs(1);

/// Takes notices out of the outbox and tells them. Any number of these may run at once.
pub struct OutboxWorker {
    pub store: Arc<dyn OutboxStore>,
    pub messenger: Arc<dyn Messenger>,
    /// The mini-program that the messenger speaks through.
    pub app_id: String,
    pub clock: Arc<dyn Clock>,
    /// Rung when a transaction of this process wrote to the outbox.
    pub wake: Arc<Notify>,
}

impl OutboxWorker {
    /// Works until told to stop, and then finishes what it holds.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match self.step().await {
                Ok(0) => self.rest(&stop).await,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "outbox.step failed");
                    self.rest(&stop).await;
                }
            }
        }
    }

    /// Until woken, told to stop, or it is time to look again.
    async fn rest(&self, stop: &CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.wake.notified() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }

    /// Claims what is due and tells it; says how many items were handled.
    pub async fn step(&self) -> Result<usize, StoreError> {
        let now = self.clock.now();
        let items = self.store.claim(&self.app_id, now, now + LEASE, BATCH).await?;
        for item in &items {
            self.handle(item).await?;
        }
        Ok(items.len())
    }

    /// No database connection is held while WeChat is asked.
    async fn handle(&self, item: &OutboxItem) -> Result<(), StoreError> {
        if item.recipients.is_empty() && item.attempts == 1 {
            tracing::warn!(order = %item.order, kind = %item.kind, "outbox: nobody to tell");
        }
        let mut deliveries = Vec::with_capacity(item.recipients.len());
        let mut is_left = false;
        for recipient in &item.recipients {
            match self.tell(item, recipient).await {
                Some(delivery) => deliveries.push(delivery),
                None => is_left = true,
            }
        }
        for delivery in &deliveries {
            let (kind, outcome): (&'static str, &'static str) = (item.kind.into(), delivery.outcome.into());
            metrics::counter!("hgj_deliveries_total", "kind" => kind, "outcome" => outcome).increment(1);
        }
        let settlement = if is_left { Settlement::RetryAt(self.next_try(item)) } else { Settlement::Finished };
        self.store.settle(item.id, &deliveries, &settlement).await
    }

    /// How the delivery ended; `None` where it shall be tried again.
    async fn tell(&self, item: &OutboxItem, recipient: &Recipient) -> Option<Delivery> {
        let told = match &recipient.openid {
            Some(openid) => self.messenger.tell(item, openid).await,
            None => Err(TellError::Ends(Outcome::InvalidRecipient, None)),
        };
        let (outcome, code) = match told {
            Ok(()) => (Outcome::Delivered, None),
            Err(TellError::Ends(outcome, code)) => (outcome, code),
            Err(TellError::TryLater(code)) if item.attempts >= MAX_ATTEMPTS => (Outcome::GaveUp, code),
            Err(TellError::TryLater(_)) => return None,
        };
        Some(Delivery { person: recipient.person, outcome, code, at: self.clock.now() })
    }

    /// 1, 2, 4 … minutes.
    fn next_try(&self, item: &OutboxItem) -> DateTime<Utc> {
        self.clock.now() + FIRST_PAUSE * 2i32.saturating_pow(item.attempts.saturating_sub(1).min(MAX_ATTEMPTS))
    }
}
