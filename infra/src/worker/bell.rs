use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::redis::Redis;

/// Between two tries to reach a Redis that is away.
const LISTEN_AGAIN: Duration = Duration::from_secs(1);

/// Rung when there is something new in the feed: those who watch look, in this process and in all others.
#[derive(Clone, Default)]
pub struct Bell {
    here: Arc<Notify>,
    others: Option<Redis>,
}

impl Bell {
    pub fn new(others: Option<Redis>) -> Self {
        Self { here: Arc::default(), others }
    }

    /// Keeps nobody waiting. Whoever does not hear it looks by itself after a while.
    pub fn ring(&self) {
        self.ring_here();
        if let Some(redis) = self.others.clone() {
            tokio::spawn(async move {
                if let Err(error) = redis.ring().await {
                    tracing::debug!(%error, "feed.bell: Redis is away");
                }
            });
        }
    }

    fn ring_here(&self) {
        self.here.notify_one();
    }

    /// Waits until somebody rings. One at a time may wait; a ring that nobody waited for is heard by the next.
    pub async fn heard(&self) {
        self.here.notified().await;
    }

    /// Rings here whenever another process rings, until told to stop.
    pub async fn listen(self, stop: CancellationToken) {
        let Some(redis) = &self.others else { return };
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => return,
                lost = redis.hear(|| self.ring_here()) => {
                    tracing::debug!(?lost, "feed.bell: the line to Redis is lost");
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LISTEN_AGAIN) => {}
            }
        }
    }
}
