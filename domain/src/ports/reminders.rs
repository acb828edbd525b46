use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use crate::ports::StoreError;

/// Notices that no move brings about, but the clock.
#[async_trait]
pub trait ReminderStore: Send + Sync {
    /// Writes what is to be told of up to `limit` orders whose clocks run out or have run out; says how many it looked at.
    /// One that cannot be read is put off, and keeps no other.
    async fn remind(&self, now: DateTime<Utc>, limit: u16) -> Result<u64, StoreError>;

    /// Writes this day's digests of all communities that have none yet; says how many.
    async fn digest(&self, day: NaiveDate, now: DateTime<Utc>) -> Result<u64, StoreError>;
}
