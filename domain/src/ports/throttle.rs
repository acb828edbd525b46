use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::notice::Channel;

/// How fast an account may send, together with all other processes.
#[async_trait]
pub trait Throttle: Send + Sync {
    /// Counts one message. `Some`: too many at once; not before this instant.
    async fn not_before(&self, channel: Channel, app_id: &str) -> Option<DateTime<Utc>>;
}
