use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::{DelegationId, PersonId};
use crate::people::{Delegation, Offer};
use crate::ports::{Answer, Commit, Slice, StoreError};

/// A delegation with the names of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub delegation: Delegation,
    pub principal: Option<String>,
    pub delegate: Option<String>,
}

/// Who orders for whom. Ended ones stay as rows.
#[async_trait]
pub trait DelegationStore: Send + Sync {
    /// Keeps the offer under its code, which is not stored itself, in place of an earlier one that nobody accepted. Ends
    /// as [`Commit::Done`] or [`Commit::KeyTaken`].
    async fn offer(&self, code: &str, offer: &Offer, answer: Option<&Answer>) -> Result<Commit, StoreError>;

    /// The open offer with this code, and the principal's name; `None` where there is none, or it was accepted or expired.
    async fn find_offer(&self, code: &str, now: DateTime<Utc>) -> Result<Option<(Offer, Option<String>)>, StoreError>;

    /// Spends the code, and writes the delegation in place of an older one between the same two; `None` where the code was
    /// spent meanwhile. Else [`Commit::Done`] or [`Commit::KeyTaken`].
    async fn accept(
        &self,
        code: &str,
        delegation: &Delegation,
        answer: Option<&Answer>,
    ) -> Result<Option<Commit>, StoreError>;

    /// Writes what staff recorded, in place of an older one between the same two. Ends as [`Commit::Done`] or
    /// [`Commit::KeyTaken`].
    async fn record(&self, delegation: &Delegation, note: &str, answer: Option<&Answer>) -> Result<Commit, StoreError>;

    /// The one that runs now between these two.
    async fn find_active(
        &self,
        principal: PersonId,
        delegate: PersonId,
        now: DateTime<Utc>,
    ) -> Result<Option<Delegation>, StoreError>;

    /// Those in which one of these accounts is either side, newest first.
    async fn delegations_of(&self, selves: &[PersonId], slice: Slice<DelegationId>) -> Result<Vec<Named>, StoreError>;

    /// Ends it now; `false` where it does not exist *or is none of these accounts'*. One that ended stays as it ended.
    async fn end_delegation(
        &self,
        id: DelegationId,
        selves: &[PersonId],
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError>;

    /// Deletes offers that expired before `before`; says how many.
    async fn sweep_offers(&self, before: DateTime<Utc>) -> Result<u64, StoreError>;
}
