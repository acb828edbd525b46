use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use domain::people::{FORGET_ATTEMPTS_AFTER, TICKET_LIFETIME};
use domain::ports::{
    AnswerStore, AttemptStore, Clock, DelegationStore, FeedStore, PeopleStore, TicketStore, WechatStore,
};
use domain::retention::{Keeper, KeeperError, Kind};
use tokio_util::sync::CancellationToken;

/// A browser that is still open may be told for so long that its ticket ran out.
const KEEP_TICKETS: TimeDelta = TimeDelta::minutes(10);
/// WeChat repeats what it tells within a minute; strange things are kept for somebody to read.
const KEEP_TOLD: TimeDelta = TimeDelta::days(30);
/// Whoever was away for longer reads the lists anew.
const KEEP_CHANGES: TimeDelta = TimeDelta::days(2);
const EVERY: Duration = Duration::from_secs(600);

/// Removes what nobody needs any more: photos never attached, old answers, expired tokens, tickets and offers, forgotten
/// tries, changes that nobody waits for at once, everything else whose time is over once a day. Finishes erasures that were interrupted.
pub struct Housekeeping {
    pub answers: Arc<dyn AnswerStore>,
    pub people: Arc<dyn PeopleStore>,
    pub tickets: Arc<dyn TicketStore>,
    pub attempts: Arc<dyn AttemptStore>,
    pub delegations: Arc<dyn DelegationStore>,
    pub wechat: Arc<dyn WechatStore>,
    pub feed: Arc<dyn FeedStore>,
    pub keeper: Keeper,
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

    /// Each part is tried, whatever became of the ones before it.
    pub async fn step(&self) -> Result<(), KeeperError> {
        let now = self.clock.now();
        let ends = |kind| self.keeper.periods.ends(kind, now);
        let erasures = self.keeper.eraser.go_on().await;
        let photos = self.keeper.remove_photos(ends(Kind::UnattachedPhotos)).await;
        let answers = self.answers.sweep_answers(ends(Kind::Answers)).await;
        let tokens = self.people.sweep_tokens(ends(Kind::RefreshTokens)).await;
        let tickets = self.tickets.sweep_tickets(now - TICKET_LIFETIME - KEEP_TICKETS).await;
        let attempts = self.attempts.sweep_attempts(now - FORGET_ATTEMPTS_AFTER).await;
        let offers = self.delegations.sweep_offers(now).await;
        let told = self.wechat.sweep_told(now - KEEP_TOLD).await;
        let changes = self.feed.sweep_feed(now - KEEP_CHANGES).await;
        let runs = self.keeper.run_daily().await;
        let (erasures, photos) = (erasures?, photos?);
        let rows = answers? + tokens? + tickets? + attempts? + offers? + told? + changes?;
        if erasures + photos + rows > 0 {
            tracing::info!(erasures, photos, rows, "housekeeping removed what nobody needs");
        }
        for run in runs?.iter().filter(|run| run.rows > 0) {
            tracing::info!(kind = %run.kind, rows = run.rows, "retention removed what is past its time");
        }
        Ok(())
    }
}
