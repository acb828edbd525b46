use chrono::{DateTime, Utc};

use super::Role;
use crate::ids::{CommunityId, MembershipId, PartnerId, PersonId, PlaceId};
use crate::place::{Level, Tree};

/// A role at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub role: Role,
    /// The role covers this place and all that lies in it; `None` is everywhere, for administrators only.
    pub place: Option<PlaceId>,
    /// Set exactly where the role is [`Role::PartnerStaff`].
    pub partner_id: Option<PartnerId>,
}

/// A membership as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub id: MembershipId,
    pub person: PersonId,
    pub membership: Membership,
    pub since: DateTime<Utc>,
    /// When it ends by itself.
    pub until: Option<DateTime<Utc>>,
    /// `None` where the program itself gave it: the first administrator, the demo.
    pub granted_by: Option<PersonId>,
}

/// A membership, looked up in the tree of places: what it reaches today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    pub role: Role,
    /// Where the role is held; `None` is everywhere.
    pub place: Option<PlaceId>,
    pub reach: Reach,
    pub partner: Option<PartnerId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    Everywhere,
    Communities(Vec<CommunityId>),
    /// A grid, or one compound: a part of one community.
    Compounds {
        community: CommunityId,
        compounds: Vec<PlaceId>,
        /// Where it is a grid: what was found to lie there belongs to it, whichever its compound.
        grid: Option<PlaceId>,
    },
}

impl Membership {
    pub fn at(community: CommunityId, role: Role) -> Self {
        Self { role, place: Some(community.into()), partner_id: None }
    }

    pub fn staff(community: CommunityId, partner: PartnerId) -> Self {
        Self { partner_id: Some(partner), ..Self::at(community, Role::PartnerStaff) }
    }

    /// `None` where the place is no more.
    pub fn post(&self, tree: &Tree) -> Option<Post> {
        let reach = match self.place {
            None => Reach::Everywhere,
            Some(place) => Reach::of(place, tree)?,
        };
        Some(Post { role: self.role, place: self.place, reach, partner: self.partner_id })
    }
}

impl Post {
    pub fn at(community: CommunityId, role: Role) -> Self {
        Self { role, place: Some(community.into()), reach: Reach::Communities(vec![community]), partner: None }
    }

    /// The role is held at the place or above it; `None` is everywhere.
    pub fn holds_place(&self, place: Option<PlaceId>, tree: &Tree) -> bool {
        match (self.place, place) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(own), Some(place)) => tree.is_within(place, own),
        }
    }

    pub fn staff(community: CommunityId, partner: PartnerId) -> Self {
        Self { partner: Some(partner), ..Self::at(community, Role::PartnerStaff) }
    }
}

impl Reach {
    fn of(place: PlaceId, tree: &Tree) -> Option<Self> {
        let found = tree.get(place)?;
        if matches!(found.level, Level::Grid | Level::Compound) {
            let compounds = tree.compounds_within(place).map(|compound| compound.id).collect();
            let grid = (found.level == Level::Grid).then_some(place);
            return Some(Self::Compounds { community: tree.community_of(place)?, compounds, grid });
        }
        Some(Self::Communities(tree.communities_within(place)))
    }

    /// Those that it lies in, by name; none of whatever is everywhere.
    pub fn communities(&self) -> &[CommunityId] {
        match self {
            Self::Everywhere => &[],
            Self::Communities(all) => all,
            Self::Compounds { community, .. } => std::slice::from_ref(community),
        }
    }

    /// Covers the community or a part of it.
    pub fn touches(&self, community: CommunityId) -> bool {
        match self {
            Self::Everywhere | Self::Communities(_) => self.covers(community),
            Self::Compounds { community: of, .. } => *of == community,
        }
    }

    /// Covers the whole community.
    pub fn covers(&self, community: CommunityId) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Communities(all) => all.contains(&community),
            Self::Compounds { .. } => false,
        }
    }

    /// It is this grid.
    pub fn is_grid(&self, grid: PlaceId) -> bool {
        match self {
            Self::Everywhere | Self::Communities(_) => false,
            Self::Compounds { grid: own, .. } => *own == Some(grid),
        }
    }

    /// Covers this compound of this community.
    pub fn covers_compound(&self, community: CommunityId, compound: Option<PlaceId>) -> bool {
        match self {
            Self::Everywhere | Self::Communities(_) => self.covers(community),
            Self::Compounds { compounds, .. } => compound.is_some_and(|compound| compounds.contains(&compound)),
        }
    }
}
