use async_trait::async_trait;
use chrono::NaiveDate;

use crate::ids::{CommunityId, PlaceId};
use crate::ports::StoreError;
use crate::service::Figure;

/// Which counts are summed up. Both days belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureQuery {
    pub community: CommunityId,
    pub from: NaiveDate,
    pub until: NaiveDate,
    /// Only what was there. Sealed matters are nowhere.
    pub compound: Option<PlaceId>,
    /// Only of these services.
    pub services: Option<Vec<String>>,
}

/// How the sums are parted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FigurePart {
    Day,
    Service,
    Compound,
    Channel,
}

/// One sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureSum {
    /// None of the four.
    pub figure: Option<Figure>,
    /// The day, the service, the compound or the channel; empty where nothing is parted, or where it is in no compound.
    pub part: String,
    /// What took so many hours, where that is known.
    pub hours: Option<u32>,
    pub count: i64,
}

/// Counts that are written with the moves that make them.
#[async_trait]
pub trait FigureStore: Send + Sync {
    /// Sums of 0 may be left out.
    async fn sums(&self, query: &FigureQuery, by: Option<FigurePart>) -> Result<Vec<FigureSum>, StoreError>;

    /// How many people have said that they live in the community.
    async fn registered(&self, community: CommunityId) -> Result<u64, StoreError>;
}
