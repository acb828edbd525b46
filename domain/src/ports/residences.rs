use async_trait::async_trait;

use crate::ids::{CommunityId, PersonId, PlaceId, ResidenceId};
use crate::people::{Area, Residence, Verification};
use crate::ports::{Answer, Slice, StoreError};

/// What became of a further home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Added {
    Done,
    /// The person has this address already.
    Known,
    /// The person has [`MAX_RESIDENCES`](crate::people::MAX_RESIDENCES) already.
    Full,
    /// The key of the answer was used by a request that committed first.
    KeyTaken,
}

/// Homes in a community, as far as they lie in the area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomeQuery {
    pub community: CommunityId,
    pub area: Area,
    /// Only those that staff verified, or only those that nobody did.
    pub verified: Option<bool>,
    pub slice: Slice<ResidenceId>,
}

/// A home as staff see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomeOf {
    pub home: Residence,
    pub name: Option<String>,
    /// Others who said that they live behind the same door.
    pub others: u32,
}

/// Somebody in a home that staff verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dwelling {
    pub home: Residence,
    pub name: Option<String>,
}

/// Where people live.
#[async_trait]
pub trait ResidenceStore: Send + Sync {
    /// Up to [`MAX_RESIDENCES`](crate::people::MAX_RESIDENCES), the main one first.
    async fn residences_of(&self, person: PersonId) -> Result<Vec<Residence>, StoreError>;

    /// Makes this the person's main home. One with the same address becomes the main one as it is; else `home` takes the
    /// place of the one that was.
    async fn settle(&self, home: &Residence) -> Result<(), StoreError>;

    /// A further home; the main one where there is none yet.
    async fn add(&self, home: &Residence, answer: Option<&Answer>) -> Result<Added, StoreError>;

    /// Whether there was one of this person's. The oldest of the others becomes the main one where this was it.
    async fn remove(&self, person: PersonId, id: ResidenceId) -> Result<bool, StoreError>;

    async fn homes_in(&self, query: &HomeQuery) -> Result<Vec<HomeOf>, StoreError>;

    /// Verified homes of the community that lie in a compound, newest first; in these compounds, where some are named.
    async fn dwellings(
        &self,
        community: CommunityId,
        compounds: &[PlaceId],
        slice: Slice<ResidenceId>,
    ) -> Result<Vec<Dwelling>, StoreError>;

    /// `None` where it does not exist *or does not lie in the area*.
    async fn find_home(&self, id: ResidenceId, area: &Area) -> Result<Option<HomeOf>, StoreError>;

    /// Whether there is such a home in the area; `None` takes a verification back.
    async fn verify(
        &self,
        id: ResidenceId,
        area: &Area,
        verification: Option<Verification>,
    ) -> Result<bool, StoreError>;
}
