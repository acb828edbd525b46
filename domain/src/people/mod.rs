//! Who acts: people, the roles they hold, and how they stand towards one order.

pub mod access;
mod actor;
mod consent;
mod disclosure;
mod membership;
mod role;

pub use access::{Area, Desk, Sight};
pub use actor::{Actor, Hat};
pub use consent::{AgeBand, Consent, ConsentChannel, ConsentPurpose, ConsentText};
pub use disclosure::{Disclosure, Purpose, mask_name, mask_phone};
pub use membership::{Held, Membership, Post, Reach};
pub use role::Role;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{CommunityId, PersonId};
use crate::place::Tree;

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
    pub age_band: Option<AgeBand>,
    pub memberships: Vec<Membership>,
    pub created_at: DateTime<Utc>,
}

impl Person {
    /// The person with what the roles reach in today's tree of places. A role at a place that is no more reaches nothing.
    pub fn actor(&self, tree: &Tree) -> Actor {
        let posts = self.memberships.iter().filter_map(|membership| membership.post(tree)).collect();
        Actor { person: self.id, posts }
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
