use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ports::{OutboxItem, Outcome};
use crate::wechat::WechatAccount;

/// Why a message was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TellError {
    /// It never will be; the delivery ends so. The channel's own code beside it.
    Ends(Outcome, Option<i64>),
    /// Worth another try later.
    TryLater(Option<i64>),
    /// The channel is closed until this instant, whoever tries: a quota is used up, the console wants somebody.
    NotBefore(DateTime<Utc>, Option<i64>),
}

/// Sends one notice to one person's phone.
#[async_trait]
pub trait Messenger: Send + Sync {
    /// `Ok` means that the channel took the message over, and how it calls it. Where it may have, and did not say so, the delivery ends as
    /// [`Outcome::Unconfirmed`]: nobody is told twice, but of an alarm.
    ///
    /// `accounts` are one person's, the preferred one first, and never none.
    async fn tell(&self, item: &OutboxItem, accounts: &[WechatAccount]) -> Result<Option<String>, TellError>;
}
