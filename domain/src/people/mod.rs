//! Who acts: people, the roles they hold, and how they stand towards one order.

pub mod access;
mod actor;
mod delegation;
mod disclosure;
mod membership;
mod residence;
mod resident;
mod role;

pub use access::{Area, Desk, Sight};
pub use actor::{Actor, Hat};
pub use delegation::{Delegation, Evidence, MAX_DELEGATION_DAYS, Offer, delegation_code, normal_code};
pub use disclosure::{Disclosure, Purpose, mask_name, mask_phone};
pub use membership::{Held, Membership, Post, Reach};
pub use residence::{Address, MAX_RESIDENCES, Residence, Verification};
pub use resident::{Kept, Resident};
pub use role::Role;

use chrono::{DateTime, Utc};

use crate::ids::PersonId;
use crate::place::Tree;

/// What is known about somebody who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    /// Accounts that staff kept for the person before, and that the person took over: their orders are the person's own.
    pub former: Vec<PersonId>,
    pub nickname: Option<String>,
    /// Verified by WeChat, never typed: mainland digits without `+86`.
    pub phone: Option<String>,
    /// The main one.
    pub residence: Option<Residence>,
    pub memberships: Vec<Membership>,
    pub created_at: DateTime<Utc>,
}

impl Person {
    /// The person with what the roles reach in today's tree of places. A role at a place that is no more reaches nothing.
    pub fn actor(&self, tree: &Tree) -> Actor {
        let posts = self.memberships.iter().filter_map(|membership| membership.post(tree)).collect();
        Actor { person: self.id, former: self.former.clone(), posts }
    }
}
