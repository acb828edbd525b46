use std::sync::Arc;
use std::time::Duration;

use domain::ids::PersonId;
use domain::ports::{FeedStore, StoreError, Stretch};
use infra::worker::Bell;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use super::seats::{Seat, Seats};
use crate::problem::Problem;

/// Occurrences read at once.
pub(super) const BATCH: u16 = 500;
/// Stretches that somebody slow may leave unread; whoever leaves more reads them from the database.
const UNREAD: usize = 64;
/// How often the feed is looked at when nobody rings: another process may write, and there may be no Redis.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Between two looks: what happens meanwhile goes to everybody in one stretch.
const BREATH: Duration = Duration::from_millis(50);

/// Reads the feed for all who watch in this process.
pub struct Hub {
    feed: Arc<dyn FeedStore>,
    bell: Bell,
    stretches: broadcast::Sender<Arc<Stretch>>,
    seats: Seats,
    closing: CancellationToken,
}

impl Hub {
    pub fn new(feed: Arc<dyn FeedStore>, bell: Bell) -> Self {
        let (stretches, _) = broadcast::channel(UNREAD);
        Self { feed, bell, stretches, seats: Seats::default(), closing: CancellationToken::new() }
    }

    /// Looks whenever the bell rings, until told to stop; then all who watch are sent home.
    pub async fn run(&self, stop: CancellationToken) {
        // Where the last stretch ended; `None` while nobody watches.
        let mut position = None;
        while !stop.is_cancelled() {
            if let Err(error) = self.look(&mut position).await {
                tracing::warn!(error = &error as &dyn std::error::Error, "feed.look failed");
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(BREATH) => {}
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.bell.heard() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
        self.closing.cancel();
    }

    /// Hands on what is new. Whoever comes first makes it begin at the head, and tells those who came just before: what they
    /// have not read themselves lies before this stretch, and they see that something is missing.
    async fn look(&self, position: &mut Option<i64>) -> Result<(), StoreError> {
        if self.stretches.receiver_count() == 0 {
            *position = None;
            return Ok(());
        }
        let Some(mut after) = *position else {
            let head = self.feed.extent().await?.head;
            *position = Some(head);
            self.hand_on(Stretch { after: head, until: head, items: Vec::new(), goes_on: false });
            return Ok(());
        };
        loop {
            let stretch = self.feed.since(after, BATCH).await?;
            let goes_on = stretch.goes_on;
            if stretch.until > after {
                after = stretch.until;
                *position = Some(after);
                self.hand_on(stretch);
            }
            if !goes_on {
                return Ok(());
            }
        }
    }

    /// The last of those who watched may just have left: then nobody misses it.
    fn hand_on(&self, stretch: Stretch) {
        let _ = self.stretches.send(Arc::new(stretch));
    }

    pub(super) fn take_seat(&self, person: PersonId) -> Result<Seat, Problem> {
        self.seats.take(person)
    }

    pub(super) fn stretches(&self) -> broadcast::Receiver<Arc<Stretch>> {
        self.stretches.subscribe()
    }

    pub(super) fn closing(&self) -> CancellationToken {
        self.closing.clone()
    }
}
