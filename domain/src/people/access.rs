//! What somebody may look at. Every read takes one of these; there is no unscoped finder.

use crate::ids::{CommunityId, PartnerId, PersonId};
use crate::people::Actor;

/// Everything that one person may see: the own orders, those of the communities whose desk the person keeps,
/// and those that a partner of the person's holds a dispatch of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    pub person: PersonId,
    pub communities: Vec<CommunityId>,
    pub partners: Vec<PartnerId>,
}

impl Sight {
    pub fn of(actor: &Actor) -> Self {
        let mut communities: Vec<_> = actor.desks().collect();
        communities.sort_unstable();
        communities.dedup();
        let mut partners: Vec<_> = actor.partners().collect();
        partners.sort_unstable();
        partners.dedup();
        Self { person: actor.person, communities, partners }
    }
}

/// One list of orders: whose desk are we looking at?
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Desk {
    /// `view=mine`: placed by this person.
    Mine(PersonId),
    /// `view=community`: the queue of the communities whose desk the person keeps.
    Community(Vec<CommunityId>),
    /// `view=assigned`: orders with a live dispatch to one of these partners.
    Assigned(Vec<PartnerId>),
}
