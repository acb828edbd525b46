use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::{CommunityId, PersonId};
use crate::people::{Area, Kept, Resident};
use crate::ports::{Answer, Commit, Slice, StoreError};

/// People who live in a community, as far as their homes lie in the area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResidentQuery {
    pub community: CommunityId,
    pub area: Area,
    /// Exactly this number.
    pub phone: Option<String>,
    pub slice: Slice<PersonId>,
}

/// People as the staff of their community know them, and accounts that staff keep for people without WeChat.
#[async_trait]
pub trait ResidentStore: Send + Sync {
    /// Writes the account, its home and the answer. Ends as [`Commit::Done`] or [`Commit::KeyTaken`].
    async fn keep(&self, kept: &Kept, answer: Option<&Answer>) -> Result<Commit, StoreError>;

    /// Newest first; accounts that somebody took over are not among them.
    async fn residents(&self, query: &ResidentQuery) -> Result<Vec<Resident>, StoreError>;

    /// `None` where there is nobody of this id *or nobody in the area*.
    async fn find_resident(
        &self,
        id: PersonId,
        community: CommunityId,
        area: &Area,
    ) -> Result<Option<Resident>, StoreError>;

    /// Whether staff keep an account with the phone number that this person verified.
    ///
    /// Never one that somebody took over, that names this person as its delegate (it is another human's, then), or that
    /// was asked for too often under wrong names.
    async fn is_mergeable(&self, person: PersonId) -> Result<bool, StoreError>;

    /// Takes over the one kept account with the person's verified number that staff wrote down under this name; `false`,
    /// and a try less, where there is none or more than one. Asked again, it is so already.
    async fn take_over(&self, person: PersonId, name: &str, now: DateTime<Utc>) -> Result<bool, StoreError>;
}
