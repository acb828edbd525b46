use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::ids::{CommunityId, PartnerId, PersonId};
use crate::order::Order;

/// A role held in one community. Everybody who signed in is a resident besides.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    /// 居民
    Resident,
    /// 网格员
    GridWorker,
    /// 接访员
    IntakeClerk,
    /// 书记
    Secretary,
    /// 承办单位人员
    PartnerStaff,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    pub community_id: CommunityId,
    pub role: Role,
    /// Set exactly where the role is [`Role::PartnerStaff`].
    pub partner_id: Option<PartnerId>,
}

/// The person behind a request, with every role held today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub person: PersonId,
    pub memberships: Vec<Membership>,
}

/// How an actor stands towards one order. One person may wear several hats.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Hat {
    /// Placed the order.
    Requester,
    GridWorker,
    IntakeClerk,
    Secretary,
    /// Belongs to a partner that holds a dispatch of this order.
    Partner,
    /// The program itself: imports, clocks.
    System,
}

impl Actor {
    /// The hats worn towards `order`; none for a stranger.
    pub fn hats(&self, order: &Order) -> Vec<Hat> {
        let mut hats = Vec::new();
        if order.requester == self.person {
            hats.push(Hat::Requester);
        }
        let here = self.memberships.iter().filter(|m| m.community_id == order.community);
        hats.extend(here.filter_map(|m| match m.role {
            Role::Resident => None,
            Role::GridWorker => Some(Hat::GridWorker),
            Role::IntakeClerk => Some(Hat::IntakeClerk),
            Role::Secretary => Some(Hat::Secretary),
            Role::PartnerStaff => m.partner_id.filter(|p| order.holds_dispatch(*p)).map(|_| Hat::Partner),
        }));
        hats.sort_unstable();
        hats.dedup();
        hats
    }

    /// Works for `partner`.
    pub fn serves(&self, partner: PartnerId) -> bool {
        self.memberships.iter().any(|m| m.partner_id == Some(partner))
    }

    /// Sits at the community's own desk: intake clerk or secretary.
    pub fn keeps_desk_of(&self, community: CommunityId) -> bool {
        self.desks().any(|c| c == community)
    }

    pub(super) fn desks(&self) -> impl Iterator<Item = CommunityId> + '_ {
        self.memberships
            .iter()
            .filter(|m| matches!(m.role, Role::IntakeClerk | Role::Secretary))
            .map(|m| m.community_id)
    }

    pub(super) fn partners(&self) -> impl Iterator<Item = PartnerId> + '_ {
        self.memberships.iter().filter_map(|m| m.partner_id)
    }
}
