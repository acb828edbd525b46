use std::sync::Arc;

use tokio::sync::Notify;

use crate::redis::Redis;

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

    /// Another process rang.
    pub fn ring_here(&self) {
        self.here.notify_one();
    }

    pub async fn heard(&self) {
        self.here.notified().await;
    }
}
