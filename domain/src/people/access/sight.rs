//! What somebody may look at. Every read takes one of these; there is no unscoped finder.

use super::{Column, Operation, Scope, is_entrusted, scope};
use crate::ids::{CommunityId, PartnerId, PersonId, PlaceId};
use crate::order::Order;
use crate::people::{Actor, Post, Reach};
use crate::ports::OrderChange;

/// Every order that one person may see: the own ones, those in the person's area, and those that a partner of the
/// person's holds a dispatch of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// The person, and the accounts that the person took over.
    pub persons: Vec<PersonId>,
    pub area: Area,
    pub partners: Vec<PartnerId>,
    /// Where orders are in sight that one of `persons` was appointed to mediate.
    pub mediates_in: Vec<CommunityId>,
}

/// The orders that lie in somebody's responsibility.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// Communities, without their sealed matters.
    pub communities: Vec<CommunityId>,
    /// Communities, with their sealed matters.
    pub sealed: Vec<CommunityId>,
    /// Compounds, without sealed matters.
    pub compounds: Vec<PlaceId>,
    /// Grids: orders that were found to lie there, without sealed matters. Homes have compounds and no grids.
    pub grids: Vec<PlaceId>,
    /// All communities, without sealed matters.
    pub everywhere: bool,
    /// Partners that the person works for: complaints about them are outside.
    pub accused: Vec<PartnerId>,
    /// The person's accounts: sealed matters that they are a party to, other than as whoever ordered, are outside. Who is a
    /// party stands with the case and not in the order: the stores keep this.
    pub parties: Vec<PersonId>,
}

/// One list of orders: whose desk are we looking at?
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Desk {
    /// `view=mine`: placed by this person or for this person, under whichever of the accounts.
    Mine(Vec<PersonId>),
    /// `view=community`: what lies in the person's area.
    Community(Area),
    /// `view=assigned`: orders with a live dispatch to one of these partners.
    Assigned(Vec<PartnerId>),
}

/// What of an order says in whose area it lies.
struct Situation {
    community: CommunityId,
    compound: Option<PlaceId>,
    grid: Option<PlaceId>,
    sealed: bool,
    about_partner: Option<PartnerId>,
}

impl Sight {
    pub fn of(actor: &Actor) -> Self {
        Self::through(Operation::OrdersOne, actor)
    }

    /// The orders whose dispatches the person may see.
    pub fn of_dispatches(actor: &Actor) -> Self {
        Self::through(Operation::DispatchesOne, actor)
    }

    fn through(operation: Operation, actor: &Actor) -> Self {
        let holds_dispatches = |post: &&Post| reach_of(operation, post) == Scope::Dispatched;
        let mut partners = actor.posts.iter().filter(holds_dispatches).filter_map(|post| post.partner).collect();
        tidy(&mut partners);
        let mediates_in = if is_entrusted(operation) { actor.mediates_in() } else { Vec::new() };
        Self { persons: actor.selves().collect(), area: Area::of_orders(actor, operation), partners, mediates_in }
    }

    /// The rule that every store keeps, of an order in whose quarrel the person is no other party.
    pub fn sees(&self, order: &Order) -> bool {
        self.persons.iter().any(|person| order.is_for(*person))
            || self.area.holds(order)
            || self.mediates(order.mediator(), order.community)
            || self.partners.iter().any(|partner| order.holds_dispatch(*partner))
    }

    fn mediates(&self, mediator: Option<PersonId>, community: CommunityId) -> bool {
        mediator.is_some_and(|mediator| self.persons.contains(&mediator)) && self.mediates_in.contains(&community)
    }

    /// Whether one change of an order is for this person to know. Handlers know of their own dispatches, whatever became of
    /// them, and that the order ended while they held one; of what residents say, and of other handlers, they know nothing.
    pub fn sees_change(&self, change: &OrderChange) -> bool {
        let own = |partner: PartnerId| self.partners.contains(&partner);
        let ends_own_work = change.kind.ends_the_work() && change.partners.iter().copied().any(own);
        let is_other_party = self.persons.iter().any(|person| change.other_parties.contains(person));
        let reaches = self.area.reaches(&Situation::of_change(change))
            || self.mediates(change.mediator, change.community)
            || change.partner.is_some_and(own)
            || ends_own_work;
        self.persons.iter().any(|person| change.is_for(*person)) || (reaches && !is_other_party)
    }
}

impl Situation {
    fn of(order: &Order) -> Self {
        Self {
            community: order.community,
            compound: order.compound(),
            grid: order.grid(),
            sealed: order.sealed,
            about_partner: order.content.about_partner,
        }
    }

    fn of_change(change: &OrderChange) -> Self {
        let OrderChange { community, compound, grid, sealed, about_partner, .. } = *change;
        Self { community, compound, grid, sealed, about_partner }
    }
}

impl Area {
    /// The orders that the actor reaches with `operation` by a post.
    pub fn of_orders(actor: &Actor, operation: Operation) -> Self {
        let mut area = Self::default();
        for post in &actor.posts {
            match reach_of(operation, post) {
                Scope::None | Scope::Public | Scope::Own | Scope::Household | Scope::Dispatched | Scope::Named => {}
                Scope::Grid | Scope::Community | Scope::Subtree => area.add(post),
                Scope::Sealed => area.add_sealed(post),
            }
        }
        area.accused = actor.posts.iter().filter_map(|post| post.partner).collect();
        area.parties = actor.selves().collect();
        area.tidy();
        area
    }

    /// Where the actor reaches people and their homes with `operation`.
    pub fn of(actor: &Actor, operation: Operation) -> Self {
        let mut area = Self::default();
        for post in &actor.posts {
            match reach_of(operation, post) {
                Scope::None | Scope::Public | Scope::Own | Scope::Household | Scope::Dispatched | Scope::Named => {}
                Scope::Grid | Scope::Community | Scope::Sealed | Scope::Subtree => area.add(post),
            }
        }
        area.tidy();
        area
    }

    /// Whether a home in this compound of this community lies in it.
    pub fn holds_home(&self, community: CommunityId, compound: Option<PlaceId>) -> bool {
        self.everywhere
            || self.communities.contains(&community)
            || compound.is_some_and(|compound| self.compounds.contains(&compound))
    }

    pub fn is_empty(&self) -> bool {
        self.communities.is_empty()
            && self.sealed.is_empty()
            && self.compounds.is_empty()
            && self.grids.is_empty()
            && !self.everywhere
    }

    pub fn holds(&self, order: &Order) -> bool {
        self.reaches(&Situation::of(order))
    }

    fn reaches(&self, order: &Situation) -> bool {
        let in_grid = order.grid.is_some_and(|grid| self.grids.contains(&grid));
        let open = in_grid || self.holds_home(order.community, order.compound);
        let is_accused = order.about_partner.is_some_and(|partner| self.accused.contains(&partner));
        !is_accused && (self.sealed.contains(&order.community) || (open && !order.sealed))
    }

    fn add(&mut self, post: &Post) {
        match &post.reach {
            Reach::Everywhere => self.everywhere = true,
            Reach::Communities(communities) => self.communities.extend(communities),
            Reach::Compounds { compounds, grid, .. } => {
                self.compounds.extend(compounds);
                self.grids.extend(grid);
            }
        }
    }

    /// Sealed matters are read in the community's own office, not from a grid and not from above.
    fn add_sealed(&mut self, post: &Post) {
        if let Reach::Communities(communities) = &post.reach {
            self.sealed.extend(communities);
        }
    }

    fn tidy(&mut self) {
        tidy(&mut self.communities);
        tidy(&mut self.sealed);
        tidy(&mut self.compounds);
        tidy(&mut self.grids);
        tidy(&mut self.accused);
        self.communities.retain(|community| !self.sealed.contains(community));
    }
}

fn reach_of(operation: Operation, post: &Post) -> Scope {
    scope(operation, Column::Holder(post.role))
}

fn tidy<T: Ord>(all: &mut Vec<T>) {
    all.sort_unstable();
    all.dedup();
}
