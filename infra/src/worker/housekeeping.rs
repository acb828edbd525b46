use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use domain::attachment::SWEEP_AFTER;
use domain::ids::AttachmentId;
use domain::people::{FORGET_ATTEMPTS_AFTER, TICKET_LIFETIME};
use domain::ports::{
    AnswerStore, AttachmentStore, AttemptStore, Clock, DelegationStore, KEEP_ANSWERS_HOURS, PeopleStore, PhotoStore,
    StoreError, TicketStore,
};
use tokio_util::sync::CancellationToken;

/// Photos removed in one go.
const BATCH: u16 = 100;
/// A browser that is still open may be told for so long that its ticket ran out.
const KEEP_TICKETS: TimeDelta = TimeDelta::minutes(10);
const EVERY: Duration = Duration::from_secs(600);

/// Removes what nobody needs any more: photos never attached, old answers, expired tokens and tickets, forgotten tries,
/// offers that nobody accepted.
pub struct Housekeeping {
    pub attachments: Arc<dyn AttachmentStore>,
    pub photos: Arc<dyn PhotoStore>,
    pub answers: Arc<dyn AnswerStore>,
    pub people: Arc<dyn PeopleStore>,
    pub tickets: Arc<dyn TicketStore>,
    pub attempts: Arc<dyn AttemptStore>,
    pub delegations: Arc<dyn DelegationStore>,
    pub clock: Arc<dyn Clock>,
}

impl Housekeeping {
    /// Works until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.step().await {
                tracing::warn!(error = &error as &dyn std::error::Error, "housekeeping failed");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    pub async fn step(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let photos = self.sweep_photos().await?;
        let answers = self.answers.sweep_answers(now - TimeDelta::hours(KEEP_ANSWERS_HOURS)).await?;
        let tokens = self.people.sweep_tokens(now).await?;
        let tickets = self.tickets.sweep_tickets(now - TICKET_LIFETIME - KEEP_TICKETS).await?;
        let attempts = self.attempts.sweep_attempts(now - FORGET_ATTEMPTS_AFTER).await?;
        let offers = self.delegations.sweep_offers(now).await?;
        if photos + answers + tokens + tickets + attempts + offers > 0 {
            tracing::info!(
                photos,
                answers,
                tokens,
                tickets,
                attempts,
                offers,
                "housekeeping removed what nobody needs"
            );
        }
        Ok(())
    }

    /// The row goes first, and only while no order uses the photo: a file without a row costs space, an order without
    /// its photo costs trust.
    async fn sweep_photos(&self) -> Result<u64, StoreError> {
        let mut removed = 0;
        loop {
            let old = self.attachments.unattached_before(self.clock.now() - SWEEP_AFTER, BATCH).await?;
            for id in &old {
                if self.attachments.delete(&[*id]).await? == 1 {
                    removed += 1;
                    self.remove_file(*id).await;
                }
            }
            if old.len() < usize::from(BATCH) {
                return Ok(removed);
            }
        }
    }

    async fn remove_file(&self, id: AttachmentId) {
        if let Err(error) = self.photos.delete(id).await {
            tracing::warn!(%id, error = &error as &dyn std::error::Error, "photo.delete failed; the file stays behind");
        }
    }
}
