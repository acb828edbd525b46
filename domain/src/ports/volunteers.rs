use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::{CommunityId, CreditId, PersonId};
use crate::people::{Area, Confirmation, Credit, Skill, Volunteer, Volunteering};
use crate::ports::{Answer, Commit, Slice, StoreError};

/// Those who volunteer in a community now: by their own role, or in a team of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VolunteerQuery {
    pub community: CommunityId,
    pub skill: Option<Skill>,
    /// The year whose hours are told.
    pub year: i32,
    pub now: DateTime<Utc>,
    pub slice: Slice<PersonId>,
}

/// How the noting of hours ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Credited {
    /// As [`Commit::Done`] or [`Commit::KeyTaken`].
    Ended(Commit),
    /// The person's hours for this order are noted already. Nothing was written.
    Twice,
}

/// What volunteers can do, and what they did.
#[async_trait]
pub trait VolunteerStore: Send + Sync {
    /// In place of what the person said of this community before.
    async fn save_volunteering(&self, volunteering: &Volunteering) -> Result<(), StoreError>;

    /// What these accounts of one person said of each community.
    async fn volunteering_of(&self, selves: &[PersonId]) -> Result<Vec<Volunteering>, StoreError>;

    /// Newest accounts first.
    async fn volunteers(&self, query: VolunteerQuery) -> Result<Vec<Volunteer>, StoreError>;

    async fn credit(&self, credit: &Credit, answer: Option<&Answer>) -> Result<Credited, StoreError>;

    /// `None` where there is none *or its order lies outside the area*.
    async fn find_credit(&self, id: CreditId, area: &Area) -> Result<Option<Credit>, StoreError>;

    /// Hours of one of these accounts of one person.
    async fn find_own_credit(&self, id: CreditId, selves: &[PersonId]) -> Result<Option<Credit>, StoreError>;

    /// Those of the community that wait, the newest first, whose orders lie in the area.
    async fn waiting_credits(
        &self,
        community: CommunityId,
        area: &Area,
        slice: Slice<CreditId>,
    ) -> Result<Vec<Credit>, StoreError>;

    /// `false`, and nothing written, where it was confirmed before or is gone.
    async fn confirm_credit(&self, id: CreditId, minutes: u16, by: Confirmation) -> Result<bool, StoreError>;

    /// `false` where it was confirmed meanwhile or is gone.
    async fn remove_credit(&self, id: CreditId) -> Result<bool, StoreError>;

    /// The hours of these accounts of one person, newest first.
    async fn credits_of(&self, selves: &[PersonId], slice: Slice<CreditId>) -> Result<Vec<Credit>, StoreError>;

    /// Confirmed minutes by year, the latest first.
    async fn minutes_of(&self, selves: &[PersonId]) -> Result<Vec<(i32, u32)>, StoreError>;
}
