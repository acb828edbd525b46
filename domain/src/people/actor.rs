use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::access::{Operation, permits, reaches};
use super::{Post, Role};
use crate::ids::{CommunityId, PartnerId, PersonId, PlaceId};
use crate::order::Order;
use crate::place::Tree;

/// The person behind a request, with everything that the roles held today reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub person: PersonId,
    /// Accounts that the person took over: what was ordered for them is the person's own.
    pub former: Vec<PersonId>,
    pub posts: Vec<Post>,
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
    /// Placed the order, or is the one for whom it was placed.
    Requester,
    /// Was appointed to mediate, and still works or helps there.
    Mediator,
    GridWorker,
    IntakeClerk,
    Secretary,
    /// Belongs to a partner that holds a dispatch of this order.
    Partner,
    /// The program itself: imports, clocks.
    System,
}

impl Hat {
    /// The role in whose column the rights of the hat stand. The program's own are not in the table, and a mediator's hang on
    /// the one order: see [`is_entrusted`](super::access::is_entrusted).
    pub fn role(self) -> Option<Role> {
        match self {
            Self::Requester => Some(Role::Resident),
            Self::GridWorker => Some(Role::GridWorker),
            Self::IntakeClerk => Some(Role::IntakeClerk),
            Self::Secretary => Some(Role::Secretary),
            Self::Partner => Some(Role::PartnerStaff),
            Self::Mediator | Self::System => None,
        }
    }

    /// Those who act on no order wear none.
    pub(crate) fn of(role: Role) -> Option<Self> {
        match role {
            Role::GridWorker => Some(Self::GridWorker),
            Role::IntakeClerk => Some(Self::IntakeClerk),
            Role::Secretary => Some(Self::Secretary),
            Role::PartnerStaff => Some(Self::Partner),
            Role::Resident
            | Role::Volunteer
            | Role::ClassMonitor
            | Role::Matchmaker
            | Role::Supervisor
            | Role::Administrator => None,
        }
    }
}

impl Actor {
    /// Every account that is this person.
    pub fn selves(&self) -> impl Iterator<Item = PersonId> {
        std::iter::once(self.person).chain(self.former.iter().copied())
    }

    /// Whether the account is this person, or was.
    pub fn is_self(&self, person: PersonId) -> bool {
        self.selves().any(|own| own == person)
    }

    /// Placed by this person, or for this person.
    pub fn owns(&self, order: &Order) -> bool {
        self.selves().any(|own| order.is_for(own))
    }

    /// Was appointed to mediate in this matter; the appointment lasts as long as a role there that allows it.
    pub fn mediates(&self, order: &Order) -> bool {
        order.mediator().is_some_and(|mediator| self.is_self(mediator)) && self.may_mediate_in(order.community)
    }

    /// Works or helps in the community, so that its secretary may appoint them.
    pub fn may_mediate_in(&self, community: CommunityId) -> bool {
        self.mediates_in().contains(&community)
    }

    /// Where the person may mediate at all.
    pub fn mediates_in(&self) -> Vec<CommunityId> {
        let posts = self.posts.iter().filter(|post| post.role.may_mediate());
        let mut communities: Vec<_> = posts.flat_map(|post| post.reach.communities().to_vec()).collect();
        communities.sort_unstable();
        communities.dedup();
        communities
    }

    /// The hats worn towards `order`; none for a stranger, and for those who may only look.
    pub fn hats(&self, order: &Order) -> Vec<Hat> {
        let own = self.owns(order).then_some(Hat::Requester);
        let mediates = self.mediates(order).then_some(Hat::Mediator);
        let is_accused = self.is_accused_in(order);
        let posts = self.posts.iter().filter(|post| !is_accused || post.partner.is_some());
        let posts = posts.filter(|post| reaches(Operation::OrdersOne, post, order));
        let mut hats: Vec<_> =
            own.into_iter().chain(mediates).chain(posts.filter_map(|post| Hat::of(post.role))).collect();
        hats.sort_unstable();
        hats.dedup();
        hats
    }

    /// Whether the table lets any of the actor's roles try `operation` at all.
    pub fn may_try(&self, operation: Operation) -> bool {
        permits(operation, Role::Resident) || self.posts.iter().any(|post| permits(operation, post.role))
    }

    /// Whether a role other than a handler's reaches `order` with `operation`; what the actor owns does not count.
    pub fn watches(&self, operation: Operation, order: &Order) -> bool {
        !self.is_accused_in(order)
            && self.posts.iter().any(|post| post.partner.is_none() && reaches(operation, post, order))
    }

    /// Works for the partner that the order complains about: whatever else the person is here, this order is seen as that
    /// partner sees it.
    pub fn is_accused_in(&self, order: &Order) -> bool {
        order.content.about_partner.is_some_and(|partner| self.serves(partner))
    }

    /// Whether a role that may try `operation` covers the community.
    pub fn covers(&self, operation: Operation, community: CommunityId) -> bool {
        self.posts.iter().any(|post| permits(operation, post.role) && post.reach.covers(community))
    }

    /// Whether a role that may try `operation` is held at the place or above it; `None` is everywhere.
    pub fn governs(&self, operation: Operation, place: Option<PlaceId>, tree: &Tree) -> bool {
        self.posts.iter().any(|post| permits(operation, post.role) && post.holds_place(place, tree))
    }

    /// Whether a role that may try `operation` covers the community or a part of it.
    pub fn touches(&self, operation: Operation, community: CommunityId) -> bool {
        self.posts.iter().any(|post| permits(operation, post.role) && post.reach.touches(community))
    }

    /// Whether the actor works in the grid of a home there: who comes to the door may also order for those who ask for it.
    pub fn visits(&self, community: CommunityId, compound: Option<PlaceId>) -> bool {
        let visits = |post: &Post| post.role == Role::GridWorker && post.reach.covers_compound(community, compound);
        self.posts.iter().any(visits)
    }

    /// Works for a community, a grid, a street or the system itself, and speaks and photographs in that capacity.
    pub fn is_staff(&self) -> bool {
        self.posts.iter().any(|post| match post.role {
            Role::GridWorker | Role::IntakeClerk | Role::Secretary | Role::Supervisor | Role::Administrator => true,
            Role::Resident | Role::PartnerStaff | Role::Volunteer | Role::ClassMonitor | Role::Matchmaker => false,
        })
    }

    /// Works for `partner`.
    pub fn serves(&self, partner: PartnerId) -> bool {
        self.posts.iter().any(|post| post.partner == Some(partner))
    }

    /// Works for this partner and may try `operation`, or may try it for the whole community by a role of no partner's.
    pub fn minds(&self, operation: Operation, community: CommunityId, partner: PartnerId) -> bool {
        self.posts.iter().filter(|post| permits(operation, post.role)).any(|post| match post.partner {
            Some(own) => own == partner,
            None => post.reach.covers(community),
        })
    }

    /// Holds `role` somewhere in the community.
    pub fn is(&self, role: Role, community: CommunityId) -> bool {
        self.posts.iter().any(|post| post.role == role && post.reach.touches(community))
    }
}
