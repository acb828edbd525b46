use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::OutboxId;
use crate::notice::Template;
use crate::ports::StoreError;

/// What a relay took out of the outbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relayed {
    /// Changes of orders that have their place in the feed now.
    pub changes: u64,
    /// Notices lent to the caller.
    pub notices: Vec<OutboxId>,
}

/// What notices became.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expanded {
    /// Items of inboxes.
    pub inbox: u64,
    /// Deliveries that wait to be sent.
    pub queued: u64,
    /// Calls that somebody of the desk has to make.
    pub calls: u64,
}

/// The ways out that this installation has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doors {
    /// The mini-programs, the preferred one first.
    pub programs: Vec<Program>,
    /// The service account, where there is one with templates.
    pub service_account: Option<String>,
    pub wecom: bool,
}

/// A mini-program with the ids of its templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    pub app_id: String,
    pub templates: Vec<(Template, String)>,
}

impl Doors {
    pub fn app_ids(&self) -> impl Iterator<Item = &str> {
        self.programs.iter().map(|program| program.app_id.as_str())
    }
}

impl Program {
    pub fn template(&self, template: Template) -> Option<&str> {
        self.templates.iter().find(|(of, _)| *of == template).map(|(_, id)| id.as_str())
    }
}

/// What was written together with the orders and is still to be passed on.
#[async_trait]
pub trait OutboxStore: Send + Sync {
    /// Gives up to `limit` changes their place in the feed, and lends notices that are due until `lease_until`, where
    /// somebody stands by to take them. Two relays never hold the same.
    async fn relay(
        &self,
        now: DateTime<Utc>,
        lease_until: Option<DateTime<Utc>>,
        limit: u16,
    ) -> Result<Relayed, StoreError>;

    /// Nobody took them: they are due again at once.
    async fn give_back(&self, notices: &[OutboxId], now: DateTime<Utc>) -> Result<(), StoreError>;

    /// Turns notices into deliveries, one for each person and channel, in one transaction. Those that are gone were expanded
    /// by somebody else.
    async fn expand(&self, notices: &[OutboxId], doors: &Doors, now: DateTime<Utc>) -> Result<Expanded, StoreError>;

    /// Rows that still wait, and since when the oldest does.
    async fn waiting(&self) -> Result<(u64, Option<DateTime<Utc>>), StoreError>;
}
