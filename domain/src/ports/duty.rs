use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::{CommunityId, DutyId};
use crate::place::{Duty, DutyDesk};
use crate::ports::{Answer, Commit, StoreError};

/// A page of a rota: rows that end after `now`, the earliest first, after the row `after`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RotaQuery {
    pub community: CommunityId,
    pub now: DateTime<Utc>,
    pub after: Option<DutyId>,
    pub limit: u16,
}

/// Who is on duty in which community.
#[async_trait]
pub trait DutyStore: Send + Sync {
    /// Writes a new row, or one that is there anew. Ends as [`Commit::Done`] or [`Commit::KeyTaken`].
    async fn save_duty(&self, duty: &Duty, answer: Option<&Answer>) -> Result<Commit, StoreError>;

    async fn find_duty(&self, id: DutyId) -> Result<Option<Duty>, StoreError>;

    /// Whether it was there.
    async fn remove_duty(&self, id: DutyId) -> Result<bool, StoreError>;

    async fn rota(&self, query: RotaQuery) -> Result<Vec<Duty>, StoreError>;

    /// Those on duty at this instant, whoever began last first; ten at most.
    async fn on_duty(&self, community: CommunityId, now: DateTime<Utc>) -> Result<Vec<Duty>, StoreError>;

    /// The default where nobody wrote anything down.
    async fn duty_desk(&self, community: CommunityId) -> Result<DutyDesk, StoreError>;

    async fn save_duty_desk(&self, community: CommunityId, desk: &DutyDesk) -> Result<(), StoreError>;
}
