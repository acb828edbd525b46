use std::collections::HashMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::{AddressId, CommunityId, PersonId, PlaceId};
use crate::people::Area;
use crate::place::{Registered, Registration};
use crate::ports::{Slice, StoreError};

/// What became of addresses that were entered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entered {
    /// How many were not known before.
    pub added: usize,
    /// All of them by their keys.
    pub ids: HashMap<String, AddressId>,
}

/// How a removal ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Removed {
    Done,
    Unknown,
    /// Something still lies in it.
    NotEmpty,
}

/// Buildings of a community, as far as their compounds lie in the area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildingQuery {
    pub community: CommunityId,
    pub area: Area,
    pub compound: Option<PlaceId>,
    /// Only those that are assigned to this grid.
    pub grid: Option<PlaceId>,
    /// Pages go forward: what comes after `before`, oldest first.
    pub slice: Slice<AddressId>,
}

/// Buildings, units and rooms of communities. Rooms lie locked.
#[async_trait]
pub trait AddressStore: Send + Sync {
    /// Writes those that are not known, in one transaction; what is known keeps its name, and a building that is known is assigned
    /// to the grid that is named. Entered again, nothing changes. What a row lies in stands before it.
    async fn enter(
        &self,
        community: CommunityId,
        rows: &[Registration],
        by: PersonId,
        at: DateTime<Utc>,
    ) -> Result<Entered, StoreError>;

    async fn buildings(&self, query: &BuildingQuery) -> Result<Vec<Registered>, StoreError>;

    /// What lies directly in it, in the same order; empty where it is not in the area.
    async fn below(&self, id: AddressId, area: &Area, slice: Slice<AddressId>) -> Result<Vec<Registered>, StoreError>;

    /// `None` where it does not exist *or its compound does not lie in the area*.
    async fn find_address(&self, id: AddressId, area: &Area) -> Result<Option<Registered>, StoreError>;

    /// Whether there is such a building; `None` takes the grid away.
    async fn assign(&self, building: AddressId, grid: Option<PlaceId>) -> Result<bool, StoreError>;

    async fn remove(&self, id: AddressId) -> Result<Removed, StoreError>;

    /// The grid that the building of this compound is assigned to, however its name is written.
    async fn grid_of_building(&self, compound: PlaceId, building: &str) -> Result<Option<PlaceId>, StoreError>;
}
