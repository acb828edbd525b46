use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::{CommunityId, PersonId, PlaceId};
use crate::place::coordinates::Gcj02;
use crate::place::{Border, Bordered};
use crate::ports::StoreError;

/// A border as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    pub border: Border,
    pub by: PersonId,
    pub at: DateTime<Utc>,
}

/// How drawing ended. Everything but `Done` wrote nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Outlined {
    Done,
    /// Pairs of a grid that was drawn and another one of the community that it takes from.
    Overlaps(Vec<(PlaceId, PlaceId)>),
}

/// The borders of grids.
#[async_trait]
pub trait GridStore: Send + Sync {
    /// Which grids of the community have a border, and since when. The borders themselves are not read.
    async fn bordered(&self, community: CommunityId) -> Result<Vec<(PlaceId, DateTime<Utc>)>, StoreError>;

    async fn border_of(&self, grid: PlaceId) -> Result<Option<Drawn>, StoreError>;

    /// Of whichever community, those in whose smallest box the point lies: few rows by an index, whatever the city holds.
    async fn borders_around(&self, point: Gcj02) -> Result<Vec<Bordered>, StoreError>;

    /// Draws all of them, or anew, or none. Of two that draw in one community at once, the second waits for the first and is
    /// held against it, too.
    async fn draw(
        &self,
        community: CommunityId,
        borders: &[Bordered],
        by: PersonId,
        at: DateTime<Utc>,
    ) -> Result<Outlined, StoreError>;

    /// Whether there was one.
    async fn rub_out(&self, grid: PlaceId) -> Result<bool, StoreError>;
}
