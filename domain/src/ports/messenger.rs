use async_trait::async_trait;

use crate::ports::{OutboxItem, Outcome};

/// Why a message was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TellError {
    /// It never will be; the delivery ends so. The channel's own code beside it.
    Ends(Outcome, Option<i64>),
    /// Worth another try later.
    TryLater(Option<i64>),
}

/// Sends one notice to one phone.
#[async_trait]
pub trait Messenger: Send + Sync {
    /// `Ok` means that the channel took the message over. A timeout after sending is [`TellError::TryLater`]:
    /// a rare second message is better than none.
    async fn tell(&self, item: &OutboxItem, openid: &str) -> Result<(), TellError>;
}
