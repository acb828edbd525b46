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
/// A worker that died gives its items back after this long.
const LEASE: TimeDelta = TimeDelta::minutes(5);
/// Token, message and both again, with the slowest WeChat.
const LONGEST_TELLING: TimeDelta = TimeDelta::seconds(30);
/// A channel that is closed for so long does not open in time for this notice.
const LONGEST_WAIT: TimeDelta = TimeDelta::days(3);
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
    /// The mini-programs that the messenger speaks through, the preferred one first.
    pub app_ids: Vec<String>,
    pub clock: Arc<dyn Clock>,
    /// Rung when a transaction of this process wrote to the outbox.
    pub wake: Arc<Notify>,
}

/// What became of telling one person.
enum Told {
    Ended(Delivery),
    AgainAt(DateTime<Utc>),
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
        let lease_until = now + LEASE;
        let items = self.store.claim(&self.app_ids, now, lease_until, BATCH).await?;
        for item in &items {
            self.handle(item, lease_until).await?;
        }
        Ok(items.len())
    }

    /// No database connection is held while WeChat is asked. Each end is recorded before the next person is told.
    async fn handle(&self, item: &OutboxItem, lease_until: DateTime<Utc>) -> Result<(), StoreError> {
        if item.recipients.is_empty() && item.attempts == 1 {
            tracing::warn!(order = %item.order, kind = %item.kind, "outbox: nobody to tell");
        }
        let mut unrecorded = Vec::new();
        let mut again_at: Option<DateTime<Utc>> = None;
        for recipient in &item.recipients {
            if !unrecorded.is_empty() {
                self.store.settle(item.id, &unrecorded, &Settlement::RetryAt(lease_until)).await?;
                unrecorded.clear();
            }
            if self.clock.now() + LONGEST_TELLING > lease_until {
                // Somebody else may hold it by the time WeChat answers: the rest is told under the next lease.
                return Ok(());
            }
            match self.tell(item, recipient).await {
                Told::Ended(delivery) => {
                    let (kind, outcome): (&'static str, &'static str) = (item.kind.into(), delivery.outcome.into());
                    metrics::counter!("hgj_deliveries_total", "kind" => kind, "outcome" => outcome).increment(1);
                    unrecorded.push(delivery);
                }
                Told::AgainAt(at) => again_at = Some(again_at.map_or(at, |before| before.min(at))),
            }
        }
        let settlement = again_at.map_or(Settlement::Finished, Settlement::RetryAt);
        self.store.settle(item.id, &unrecorded, &settlement).await
    }

    async fn tell(&self, item: &OutboxItem, recipient: &Recipient) -> Told {
        let told = match recipient.accounts.as_slice() {
            some @ [_, ..] => self.messenger.tell(item, some).await,
            [] => Err(TellError::Ends(Outcome::InvalidRecipient, None)),
        };
        let now = self.clock.now();
        let (outcome, code, message) = match told {
            Ok(message) => (Outcome::Delivered, None, message),
            Err(TellError::Ends(outcome, code)) => (outcome, code, None),
            Err(TellError::TryLater(code)) if item.attempts >= MAX_ATTEMPTS => (Outcome::GaveUp, code, None),
            Err(TellError::TryLater(_)) => return Told::AgainAt(self.next_try(item)),
            Err(TellError::NotBefore(_, code)) if now - item.at > LONGEST_WAIT => (Outcome::GaveUp, code, None),
            Err(TellError::NotBefore(at, _)) => return Told::AgainAt(at),
        };
        Told::Ended(Delivery { person: recipient.person, outcome, code, message, at: now })
    }

    /// 1, 2, 4 … minutes.
    fn next_try(&self, item: &OutboxItem) -> DateTime<Utc> {
        self.clock.now() + FIRST_PAUSE * 2i32.saturating_pow(item.attempts.saturating_sub(1).min(MAX_ATTEMPTS))
    }
}
