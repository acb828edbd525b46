//! Who may know of which door: the desk of the community, the grid worker of the compound, and those whom the campaign names.

use super::{Campaign, Doors, Household};
use crate::ids::{CommunityId, PartnerId, PlaceId};
use crate::people::access::{Column, Operation, Scope, scope};
use crate::people::{Actor, Hat, Reach, Role};

/// What one person may see of campaigns; every read takes one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CampaignSight {
    /// Communities whose campaigns are seen whole, and as what.
    pub desks: Vec<(CommunityId, Hat)>,
    /// Communities in which the person has a grid.
    pub grids: Vec<CommunityId>,
    /// The compounds of those grids.
    pub compounds: Vec<PlaceId>,
    /// For whom the person works, where a campaign may name it.
    pub partners: Vec<PartnerId>,
}

/// The doors of one campaign that one person may know of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Share {
    All,
    /// Those in these compounds, and those given to these partners.
    Some {
        compounds: Vec<PlaceId>,
        partners: Vec<PartnerId>,
    },
}

/// As what somebody stands before a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub hat: Hat,
    /// The unit, where the hat is a partner's.
    pub partner: Option<PartnerId>,
}

impl Standing {
    /// Comes to the door, and so must read the room; the desk looks it up where it needs it.
    pub fn knocks(self) -> bool {
        matches!(self.hat, Hat::GridWorker | Hat::Partner)
    }
}

impl CampaignSight {
    pub fn of(actor: &Actor, operation: Operation) -> Self {
        let mut sight = Self::default();
        for post in &actor.posts {
            match scope(operation, Column::Holder(post.role)) {
                Scope::None | Scope::Public | Scope::Own | Scope::Household | Scope::Subtree | Scope::Dispatched => {}
                Scope::Grid | Scope::Community | Scope::Sealed => sight.add(post.role, &post.reach),
                Scope::Named => sight.partners.extend(post.partner),
            }
        }
        // The secretary before the clerk: whoever is both looks as the former.
        sight.desks.sort_unstable_by_key(|(community, hat)| (*community, std::cmp::Reverse(*hat)));
        sight.desks.dedup_by_key(|(community, _)| *community);
        tidy(&mut sight.grids);
        tidy(&mut sight.compounds);
        tidy(&mut sight.partners);
        sight
    }

    /// Leaves the units that may do nothing here now: those that were closed, suspended, or whose papers ran out.
    pub fn of_those_who_may_work(mut self, may_work: impl Fn(PartnerId) -> bool) -> Self {
        self.partners.retain(|partner| may_work(*partner));
        self
    }

    fn add(&mut self, role: Role, reach: &Reach) {
        let Some(hat) = Hat::of(role) else { return };
        match reach {
            // Nobody's home is seen from above.
            Reach::Everywhere => {}
            Reach::Communities(communities) => self.desks.extend(communities.iter().map(|community| (*community, hat))),
            Reach::Compounds { community, compounds, .. } => {
                self.grids.push(*community);
                self.compounds.extend(compounds);
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.desks.is_empty() && self.grids.is_empty() && self.partners.is_empty()
    }

    /// The rule that every store keeps. A partner sees a campaign that names it, as long as it is open.
    pub fn sees(&self, campaign: &Campaign) -> bool {
        self.desk(campaign).is_some()
            || self.grids.contains(&campaign.community)
            || (campaign.is_open() && self.partners.iter().any(|partner| campaign.helper(*partner).is_some()))
    }

    /// Which doors of a campaign that is seen.
    pub fn share(&self, campaign: &Campaign) -> Share {
        let named: Vec<_> = self.named(campaign).collect();
        let sees_all = |partner: &PartnerId| campaign.helper(*partner).is_some_and(|helper| helper.doors == Doors::All);
        if self.desk(campaign).is_some() || named.iter().any(sees_all) {
            return Share::All;
        }
        let is_in_grid = self.grids.contains(&campaign.community);
        let compounds = if is_in_grid { self.compounds.clone() } else { Vec::new() };
        Share::Some { compounds, partners: named }
    }

    /// As what the person stands before this door; `None` before one that is not the person's to know of.
    pub fn standing(&self, campaign: &Campaign, household: &Household) -> Option<Standing> {
        if let Some(hat) = self.desk(campaign) {
            return Some(Standing { hat, partner: None });
        }
        if self.grids.contains(&campaign.community) && self.compounds.contains(&household.compound) {
            return Some(Standing { hat: Hat::GridWorker, partner: None });
        }
        let knows = |partner: &PartnerId| {
            campaign.helper(*partner).is_some_and(|helper| match helper.doors {
                Doors::All => true,
                Doors::Assigned => household.partner == Some(*partner),
            })
        };
        let partner = self.named(campaign).find(knows)?;
        Some(Standing { hat: Hat::Partner, partner: Some(partner) })
    }

    fn desk(&self, campaign: &Campaign) -> Option<Hat> {
        self.desks.iter().find(|(community, _)| *community == campaign.community).map(|(_, hat)| *hat)
    }

    fn named(&self, campaign: &Campaign) -> impl Iterator<Item = PartnerId> {
        let named = self.partners.iter().copied().filter(|partner| campaign.helper(*partner).is_some());
        named.filter(|_| campaign.is_open())
    }
}

impl Share {
    pub fn holds(&self, household: &Household) -> bool {
        match self {
            Self::All => true,
            Self::Some { compounds, partners } => {
                compounds.contains(&household.compound)
                    || household.partner.is_some_and(|partner| partners.contains(&partner))
            }
        }
    }
}

fn tidy<T: Ord>(all: &mut Vec<T>) {
    all.sort_unstable();
    all.dedup();
}
