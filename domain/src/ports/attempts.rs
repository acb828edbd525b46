use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::people::{Admission, Guessed};
use crate::ports::StoreError;

/// Who tried to guess what, and how often in a row. A subject is whatever the tries are counted for: a person's id, an
/// address. It is stored blind.
#[async_trait]
pub trait AttemptStore: Send + Sync {
    /// Counts a try as wrong, before anybody judges it, unless the subject is locked. Tries at once are counted one
    /// after the other.
    async fn admit(&self, what: Guessed, subject: &str, now: DateTime<Utc>) -> Result<Admission, StoreError>;

    /// The try was right: all earlier ones are forgotten.
    async fn clear(&self, what: Guessed, subject: &str) -> Result<(), StoreError>;

    /// Deletes what was last tried before `before`; says how many.
    async fn sweep_attempts(&self, before: DateTime<Utc>) -> Result<u64, StoreError>;
}
