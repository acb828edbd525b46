use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use crate::ports::StoreError;

/// Notices that no move brings about, but the clock.
#[async_trait]
pub trait ReminderStore: Send + Sync {
    /// Writes what is to be told of up to `limit` orders whose clocks run out or have run out; says how many it looked at.
    /// One that cannot be read is put off, and keeps no other.
    async fn remind(&self, now: DateTime<Utc>, limit: u16) -> Result<u64, StoreError>;

    /// Writes what is to be told today of up to `limit` partners whose papers end; says how many it looked at. Closed and
    /// suspended ones are passed over.
    async fn remind_of_papers(&self, today: NaiveDate, now: DateTime<Utc>, limit: u16) -> Result<u64, StoreError>;

    /// Writes this day's digests of all communities that have none yet; says how many.
    async fn digest(&self, day: NaiveDate, now: DateTime<Utc>) -> Result<u64, StoreError>;
}
