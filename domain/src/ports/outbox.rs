use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::ids::{OrderId, OutboxId, PersonId};
use crate::notice::{Audience, NoticeKind};
use crate::ports::StoreError;
use crate::wechat::WechatAccount;

/// One notice that waits to be told, with everything its words are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxItem {
    pub id: OutboxId,
    pub kind: NoticeKind,
    pub audience: Audience,
    pub order: OrderId,
    pub order_number: String,
    pub service_name: String,
    pub partner_name: Option<String>,
    /// When the event happened.
    pub at: DateTime<Utc>,
    /// Tries to tell it, the one that it was claimed for included.
    pub attempts: u32,
    /// Those who have not been told yet.
    pub recipients: Vec<Recipient>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    pub person: PersonId,
    /// With the mini-programs that notices are told through, the preferred one first; none of people without WeChat.
    pub accounts: Vec<WechatAccount>,
}

/// The end of one delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub person: PersonId,
    pub outcome: Outcome,
    /// The channel's own code, where it gave one.
    pub code: Option<i64>,
    /// The channel's own name of the message, where it took one.
    pub message: Option<String>,
    pub at: DateTime<Utc>,
}

/// Named ends of a delivery; nothing is dropped in silence.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    Delivered,
    /// WeChat may have taken it and did not say so.
    Unconfirmed,
    /// WeChat took it, and said later that it did not arrive.
    Undelivered,
    /// The person did not subscribe, or the one-time right is used up.
    NoRight,
    /// WeChat does not know this person, or the person has no WeChat.
    InvalidRecipient,
    /// WeChat did not like the words.
    RejectedContent,
    /// Something in WeChat's console or contract must be mended by the operator.
    OperatorNeeded,
    /// Tried too often, for too long.
    GaveUp,
}

/// What shall become of an item after a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// Every recipient has an end: the item goes.
    Finished,
    /// Some are left: again at this instant.
    RetryAt(DateTime<Utc>),
}

#[async_trait]
pub trait OutboxStore: Send + Sync {
    /// Takes up to `limit` items that are due and lends them until `lease_until`. Two workers never hold the same. People
    /// are named as these mini-programs name them; what is for an account that somebody took over is for that person.
    async fn claim(
        &self,
        app_ids: &[String],
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
        limit: u16,
    ) -> Result<Vec<OutboxItem>, StoreError>;

    /// Records deliveries and settles the item, in one transaction.
    async fn settle(&self, id: OutboxId, deliveries: &[Delivery], settlement: &Settlement) -> Result<(), StoreError>;

    /// Items that still wait, and since when the oldest does.
    async fn waiting(&self) -> Result<(u64, Option<DateTime<Utc>>), StoreError>;
}
