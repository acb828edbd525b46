//! Who acts: people, the roles they hold, and how they stand towards one order.

mod access;
mod actor;

pub use access::{Desk, Sight};
pub use actor::{Actor, Hat, Membership, Role};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{CommunityId, PersonId};

/// What is known about somebody who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    /// WeChat's name for the person within this mini-program; empty for people without WeChat.
    pub openid: Option<String>,
    pub nickname: Option<String>,
    /// Verified by WeChat, never typed: mainland digits without `+86`.
    pub phone: Option<String>,
    pub residence: Option<Residence>,
    pub memberships: Vec<Membership>,
    pub created_at: DateTime<Utc>,
}

impl Person {
    pub fn actor(&self) -> Actor {
        Actor { person: self.id, memberships: self.memberships.clone() }
    }
}

/// Where a person lives. Parts are strings: "3-甲", "1204". Room level is personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Residence {
    pub community_id: CommunityId,
    pub compound: String,
    pub building: Option<String>,
    pub unit: Option<String>,
    pub room: Option<String>,
}
