use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::{CommunityId, EntranceId};
use crate::place::{Entrance, Scene};
use crate::ports::{Answer, Commit, Slice, StoreError};

/// The codes on the walls.
#[async_trait]
pub trait EntranceStore: Send + Sync {
    async fn add(&self, entrance: &Entrance, answer: Option<&Answer>) -> Result<Commit, StoreError>;

    /// Those that were not taken down, newest first.
    async fn entrances_of(&self, community: CommunityId, slice: Slice<EntranceId>)
    -> Result<Vec<Entrance>, StoreError>;

    /// `None` for one that was taken down.
    async fn find_entrance(&self, id: EntranceId) -> Result<Option<Entrance>, StoreError>;

    /// Where a scanned code leads; `None` for one that was taken down or never made.
    async fn find_by_scene(&self, scene: &Scene) -> Result<Option<Entrance>, StoreError>;

    /// Whether it was still up.
    async fn take_down(&self, id: EntranceId, now: DateTime<Utc>) -> Result<bool, StoreError>;
}
