use std::sync::Arc;
use std::time::Duration;

use domain::deadline::{WorkCalendar, day_in_shanghai};
use domain::mediation::Mediations;
use domain::notice::digest_due;
use domain::ports::{BookingStore, Clock, DeliveryStore, Doors, ReminderStore, StoreError};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Orders reminded of in one transaction.
const BATCH: u16 = 100;
const EVERY: Duration = Duration::from_secs(5);

/// Looks at the clock: reminds of what runs out, of orders and of partners' papers, writes the morning's digests, ends queues for
/// dates that have begun, and what nobody will settle any more.
/// Any number of these may run at once.
pub struct Clockwork {
    pub reminders: Arc<dyn ReminderStore>,
    pub bookings: Arc<dyn BookingStore>,
    pub deliveries: Arc<dyn DeliveryStore>,
    pub mediations: Mediations,
    pub calendar: Arc<WorkCalendar>,
    pub doors: Arc<Doors>,
    pub clock: Arc<dyn Clock>,
    /// Rung where there are new notices.
    pub relay: Arc<Notify>,
    /// Rung where there is something to send.
    pub sender: Arc<Notify>,
}

impl Clockwork {
    /// Works until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.step().await {
                tracing::warn!(error = &error as &dyn std::error::Error, "clockwork.step failed");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Each part is tried, whatever became of the others.
    pub async fn step(&self) -> Result<(), StoreError> {
        let (swept, told) = (self.sweep().await, self.tell().await);
        swept.and(told)
    }

    /// Ends what a dead worker held, and what waited too long.
    pub async fn sweep(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let stuck = self.deliveries.sweep_stuck(&self.doors, now).await?;
        let expired = self.deliveries.sweep_expired(&self.doors, now).await?;
        let held = self.bookings.sweep(now, BATCH).await?;
        if held > 0 {
            tracing::info!(held, "seats that were held for orders that did not come are free again");
            self.relay.notify_one();
        }
        if stuck > 0 {
            tracing::warn!(stuck, "deliveries that a worker did not settle were taken up again or ended");
        }
        if stuck + expired > 0 {
            self.sender.notify_one();
            self.relay.notify_one();
        }
        Ok(())
    }

    /// Writes what the clock brings about; the digest whatever became of the reminders.
    pub async fn tell(&self) -> Result<(), StoreError> {
        let (reminded, written) = (self.remind().await, self.write_digests().await);
        let papers = self.remind_of_papers().await;
        let mediated = self.mediations.look_at_the_clock().await.map(|cases| cases > 0);
        let waited = self.bookings.end_queues(self.clock.now(), BATCH).await.map(|people| people > 0);
        let told = reminded.and_then(|reminded| Ok(reminded | written? | papers? | mediated? | waited?));
        // Also what was written before something failed.
        if !matches!(told, Ok(false)) {
            self.relay.notify_one();
        }
        told.map(drop)
    }

    /// Whether there was anything to tell.
    async fn remind(&self) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let mut orders = self.reminders.remind(now, BATCH).await?;
        let any = orders > 0;
        while orders == u64::from(BATCH) {
            orders = self.reminders.remind(now, BATCH).await?;
        }
        Ok(any)
    }

    /// What is due on a day is told once on that day, by whoever is first.
    async fn remind_of_papers(&self) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let today = day_in_shanghai(now);
        let mut partners = self.reminders.remind_of_papers(today, now, BATCH).await?;
        let any = partners > 0;
        while partners == u64::from(BATCH) {
            partners = self.reminders.remind_of_papers(today, now, BATCH).await?;
        }
        Ok(any)
    }

    async fn write_digests(&self) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let Some(day) = digest_due(&self.calendar, now) else { return Ok(false) };
        Ok(self.reminders.digest(day, now).await? > 0)
    }
}
