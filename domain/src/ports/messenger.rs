use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::notice::Outcome;
use crate::ports::Parcel;

/// Why a message was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TellError {
    /// It never will be; the delivery ends so. The channel's own code beside it.
    Ends(Outcome, Option<i64>),
    /// Worth another try later.
    TryLater(Option<i64>),
    /// Too many at once: worth another try at this instant, and no fault of the message.
    NotBefore(DateTime<Utc>, Option<i64>),
    /// The whole account takes nothing until this instant: a quota is used up, or the console wants somebody.
    Closed(DateTime<Utc>, Option<i64>),
}

/// Sends one message to one person.
#[async_trait]
pub trait Messenger: Send + Sync {
    /// Everything that may fail before the channel hears of the message: its words, its template, our token.
    async fn prepare(&self, parcel: &Parcel) -> Result<Box<dyn Prepared>, TellError>;
}

/// A message that only waits to be sent.
#[async_trait]
pub trait Prepared: Send + Sync {
    /// `Ok` means that the channel took the message over, and how it calls it. Where it may have, and did not say so, the
    /// delivery ends as [`Outcome::Unconfirmed`]: nobody is told twice, but of danger.
    async fn send(&self) -> Result<Option<String>, TellError>;
}
