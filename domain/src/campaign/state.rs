use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::ids::{CampaignId, CommunityId, OrderId, PartnerId, PersonId};

/// Kinds of things that one campaign hands out.
pub const MAX_ITEMS: usize = 20;
/// Partners that one campaign names.
pub const MAX_HELPERS: usize = 20;
/// Households of one campaign: the law gives a community 1,000 to 3,000.
pub const MAX_HOUSEHOLDS: u32 = 20_000;

/// 专项行动: what is done, what is handed out, and who goes along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campaign {
    pub id: CampaignId,
    /// Out of which it grew.
    pub order: OrderId,
    pub community: CommunityId,
    /// 敲门入户送安全
    pub title: String,
    pub purpose: String,
    pub items: Vec<Item>,
    pub partners: Vec<Helper>,
    /// How many have been enlisted so far.
    pub households: u32,
    pub opened_by: PersonId,
    pub opened_at: DateTime<Utc>,
    /// Takes no more households and visits since then.
    pub closed: Option<Closing>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closing {
    pub by: PersonId,
    pub at: DateTime<Utc>,
}

/// What is handed out: 烟感报警器, 个.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub name: String,
    pub unit: String,
}

/// A partner that goes along, and whose doors it may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Helper {
    pub partner: PartnerId,
    pub doors: Doors,
}

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Doors {
    /// Those that are given to it, one by one.
    Assigned,
    /// All of the campaign.
    All,
}

/// What somebody of the desk wants to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub title: String,
    pub purpose: String,
    pub items: Vec<Item>,
    pub partners: Vec<Helper>,
}

impl Campaign {
    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }

    /// The campaign's word on a partner; `None` where it does not name it.
    pub fn helper(&self, partner: PartnerId) -> Option<&Helper> {
        self.partners.iter().find(|helper| helper.partner == partner)
    }

    pub fn item(&self, name: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.name == name)
    }
}
