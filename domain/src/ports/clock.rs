use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::order::Salt;

/// The time. Domain code never asks the system.
pub trait Clock: Send + Sync {
    /// In whole milliseconds, so that every database keeps it exactly.
    fn now(&self) -> DateTime<Utc>;
}

/// New ids and randomness.
pub trait Ids: Send + Sync {
    /// A version 7 UUID whose time part is `at`: ids of one table sort by time.
    fn at(&self, at: DateTime<Utc>) -> Uuid;

    fn salt(&self) -> Salt;
}
