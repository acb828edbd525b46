use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::{AttachmentId, MediationId, PersonId};
use crate::mediation::{Case, Docket, Sight};
use crate::notice::Notice;
use crate::people::Disclosure;
use crate::ports::{Answer, Commit, Slice, StoreError};

/// One case as it shall be, and what is written with it.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseChange {
    /// Its version is the one *after* the change; the row must still carry the one before. 1 is a new case.
    pub next: Case,
    pub at: DateTime<Utc>,
    pub by: PersonId,
    /// Told beside the latest event of its order.
    pub notices: Vec<Notice>,
    /// Photos of the actor's that stay with the order.
    pub photos: Vec<AttachmentId>,
    /// Written before anything of it is shown.
    pub disclosures: Vec<Disclosure>,
}

/// Cases of mediation. What goes together with an event of the order is written by
/// [`OrderStore::commit`](crate::ports::OrderStore::commit).
#[async_trait]
pub trait MediationStore: Send + Sync {
    /// Writes the change and the answer in one transaction. Ends as [`Commit::Done`], [`Commit::Stale`] where somebody changed
    /// the case first, [`Commit::KeyTaken`] or [`Commit::PhotoUnavailable`].
    async fn save_case(&self, change: &CaseChange, answer: Option<&Answer>) -> Result<Commit, StoreError>;

    /// `None` where it does not exist *or is not in sight*.
    async fn find_case(&self, id: MediationId, sight: &Sight) -> Result<Option<Case>, StoreError>;

    /// The open case with a party that is invited by this code, and that party's number: the code is the key. `None` where
    /// there is none, or it expired.
    async fn find_by_code(&self, code: &str, now: DateTime<Utc>) -> Result<Option<(Case, u8)>, StoreError>;

    /// Newest first.
    async fn cases(&self, docket: &Docket, slice: Slice<MediationId>) -> Result<Vec<Case>, StoreError>;

    /// Where one of these accounts is a party, newest first, at most `limit`: for the person's own copy.
    async fn cases_of(&self, persons: &[PersonId], limit: u16) -> Result<Vec<Case>, StoreError>;

    /// In one transaction: notices for follow-ups whose day has come and of which nobody was told; says how many.
    async fn remind_of_follow_ups(&self, now: DateTime<Utc>, limit: u16) -> Result<u64, StoreError>;

    /// Cases whose mediator's time ended and whose order still says that it is entrusted, the oldest first.
    async fn to_release(&self, now: DateTime<Utc>, limit: u16) -> Result<Vec<Case>, StoreError>;

    /// Notes that the mediator has left the order.
    async fn released(&self, id: MediationId) -> Result<(), StoreError>;
}
