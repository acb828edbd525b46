use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::{CommunityId, DeliveryId, MediationId, OrderId, OutboxId, PersonId};
use crate::notice::{Channel, DeliveryState, Facts, Importance, NoticeKind, Outcome, Side};
use crate::ports::{Doors, Slice, StoreError};
use crate::wechat::WechatAccount;

/// One message to one person by one channel, with everything its words are made of. It stands for several deliveries where
/// equal notices were folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// The oldest first; never none.
    pub deliveries: Vec<DeliveryId>,
    pub person: PersonId,
    pub channel: Channel,
    /// The account that sends it; empty where the channel has but one.
    pub app_id: String,
    /// As the channel calls the person; `None` where it does not any more.
    pub to: Option<Address>,
    pub kind: NoticeKind,
    pub side: Side,
    pub importance: Importance,
    /// `None` of a digest.
    pub order: Option<OrderId>,
    /// Where the person is another party of its mediation than whoever ordered: what is to be opened in the order's place.
    pub mediation: Option<MediationId>,
    /// Of an order that the person may know: its number; else the day.
    pub number: String,
    pub service_name: String,
    pub sealed: bool,
    pub partner_name: Option<String>,
    pub facts: Option<Facts>,
    /// When the latest of the events happened.
    pub at: DateTime<Utc>,
    /// Tries to send it, the one that it was claimed for included.
    pub attempts: u32,
}

#[derive(Clone, PartialEq, Eq)]
pub enum Address {
    Wechat(WechatAccount),
    /// The member's id in the corporation.
    Wecom(String),
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Wechat(account) => account.fmt(f),
            Self::Wecom(_) => f.write_str("Wecom"),
        }
    }
}

/// What became of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    pub deliveries: Vec<DeliveryId>,
    pub fate: Fate,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    Ended {
        outcome: Outcome,
        /// The channel's own code, where it gave one.
        code: Option<i64>,
        /// The channel's own name of the message, where it took one.
        message: Option<String>,
    },
    /// Worth another try at this instant; a try that says nothing about the message does not count.
    Again { at: DateTime<Utc>, code: Option<i64>, counts: bool },
    /// The channel is closed until then and the matter does not wait: the next message by another channel, and where there
    /// is none, this one again.
    Detour { at: DateTime<Utc>, code: Option<i64> },
}

/// A channel that takes nothing for a while, because somebody has to mend something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCircuit {
    pub channel: Channel,
    /// The account; empty of WeCom.
    pub app_id: String,
    pub code: Option<i64>,
    /// Since when nothing passes.
    pub since: DateTime<Utc>,
    /// When one message is let through to see.
    pub until: DateTime<Utc>,
}

/// One delivery, as operators see it. Names nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryLine {
    pub id: DeliveryId,
    pub person: PersonId,
    /// Of a sealed matter: who has to do with it is not for operators. Not looked up for the person's own copy.
    pub sealed: bool,
    pub community: CommunityId,
    pub order: Option<OrderId>,
    pub kind: NoticeKind,
    pub side: Side,
    pub channel: Channel,
    pub app_id: Option<String>,
    pub state: DeliveryState,
    pub code: Option<i64>,
    pub attempts: u32,
    /// When the event happened.
    pub at: DateTime<Utc>,
    pub due_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
}

impl DeliveryLine {
    /// Calls are made, not sent.
    pub fn waits_to_be_sent(&self) -> bool {
        self.channel != Channel::Call && matches!(self.state, DeliveryState::Queued | DeliveryState::Sending)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryQuery {
    pub state: Option<DeliveryState>,
    pub channel: Option<Channel>,
    pub order: Option<OrderId>,
}

/// How many deliveries of a day stand where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryCount {
    pub channel: Channel,
    pub state: DeliveryState,
    pub deliveries: u64,
    /// Of those that are queued or under way: since when the oldest waits.
    pub oldest: Option<DateTime<Utc>>,
    /// Of those: since when the first could have left.
    pub due_since: Option<DateTime<Utc>>,
}

/// What was told of one event, for the order's timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldLine {
    pub notice: OutboxId,
    pub seq: i64,
    pub kind: NoticeKind,
    pub side: Side,
    pub person: PersonId,
    pub channel: Channel,
    pub state: DeliveryState,
    /// When it ended, or when it was written.
    pub at: DateTime<Utc>,
}

#[async_trait]
pub trait DeliveryStore: Send + Sync {
    /// Takes up to `limit` messages that are due and lends them until `lease_until`. One person has one under way at a time,
    /// the most urgent first; equal ones that fold are one. Nothing is taken for a channel whose circuit is open.
    async fn claim(
        &self,
        doors: &Doors,
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
        limit: u16,
    ) -> Result<Vec<Parcel>, StoreError>;

    /// From now on the channel may have these, whatever becomes of us. Answers those that are still lent to us until
    /// `lease_until`: the others were taken up by somebody else, and are not ours to send.
    async fn begin(
        &self,
        deliveries: &[DeliveryId],
        lease_until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Vec<DeliveryId>, StoreError>;

    /// Records what became of tries, and sets the next rung of the ladder up where a person was not reached. What is not
    /// under way any more was settled by somebody else and stays as it is.
    async fn settle(&self, settled: &[Settled], doors: &Doors, now: DateTime<Utc>) -> Result<(), StoreError>;

    /// What a worker held that died: queued again where it was surely not sent, or where sending twice is the lesser harm;
    /// else it ends as unconfirmed. Says how many.
    async fn sweep_stuck(&self, doors: &Doors, now: DateTime<Utc>) -> Result<u64, StoreError>;

    /// Ends what waited too long. Says how many.
    async fn sweep_expired(&self, doors: &Doors, now: DateTime<Utc>) -> Result<u64, StoreError>;

    async fn open_circuit(&self, circuit: &OpenCircuit) -> Result<(), StoreError>;

    async fn close_circuit(&self, channel: Channel, app_id: &str) -> Result<(), StoreError>;

    /// Those that are open, or were opened and have not let anything through since.
    async fn circuits(&self) -> Result<Vec<OpenCircuit>, StoreError>;

    /// Deliveries that wait or are under way, calls left out, and since when the oldest waits.
    async fn waiting(&self) -> Result<(u64, Option<DateTime<Utc>>), StoreError>;

    /// Today's ends, and everything that has none yet, calls that are to be made included.
    async fn counts(&self, now: DateTime<Utc>) -> Result<Vec<DeliveryCount>, StoreError>;

    /// Newest first. Of those that are queued, calls are listed where the query names their channel.
    async fn list(&self, query: &DeliveryQuery, slice: Slice<DeliveryId>) -> Result<Vec<DeliveryLine>, StoreError>;

    async fn find(&self, id: DeliveryId) -> Result<Option<DeliveryLine>, StoreError>;

    /// Queues deliveries again that ended without reaching anybody, where no other way reached or may yet reach the person;
    /// says how many. What waits for a morning does so again.
    async fn requeue(&self, query: &Requeue, now: DateTime<Utc>) -> Result<u64, StoreError>;

    /// What was told of the order's events from `after` (exclusive) to `until` (inclusive), inboxes left out where another
    /// way was tried.
    async fn told_of(&self, order: OrderId, after: i64, until: i64) -> Result<Vec<ToldLine>, StoreError>;
}

/// What is sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Requeue {
    /// Also where it may have arrived.
    One(DeliveryId),
    /// Everything that ended so since the instant.
    Ended { outcome: Outcome, since: DateTime<Utc> },
}
