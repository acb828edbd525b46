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
}

/// One sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureSum {
    pub figure: Figure,
    /// The day, the service or the compound; empty where nothing is parted, or where it is in no compound.
    pub part: String,
    pub count: i64,
}

/// Counts that are written with the moves that make them.
#[async_trait]
pub trait FigureStore: Send + Sync {
    /// Sums of 0 may be left out.
    async fn sums(&self, query: &FigureQuery, by: Option<FigurePart>) -> Result<Vec<FigureSum>, StoreError>;
}
