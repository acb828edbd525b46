use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::erasure::{Begun, Erasure, Stage};
use crate::ids::{AttachmentId, OrderId, PersonId};
use crate::order::Erasing;
use crate::ports::StoreError;

/// Where photos are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotosOf {
    Order(OrderId),
    /// Uploaded by the person, and part of no order and no visit of a campaign.
    Uploader(PersonId),
}

/// Orders that speak of a person whose account is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrdersOf {
    /// Placed by the person or for the person, and the other of the two, where there is one, is gone or not known here:
    /// nobody is left whose order it is. Its words still stand.
    Left(PersonId),
    /// Placed by the person for somebody who is known here and lives. Its words still stand.
    ForOthers(PersonId),
    /// Placed by the person, who lives. Its words still stand.
    Placed(PersonId),
    /// Placed for the person, who lives. Its words still stand.
    PlacedFor(PersonId),
    /// Placed by somebody else for the person, and still naming the person.
    Named(PersonId),
}

/// What became of an order that was to be erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum OrderErased {
    Done,
    /// A photo joined it meanwhile: remove that first. Nothing was written.
    PhotosLeft,
    /// It does not exist.
    Gone,
}

/// Removes what speaks of a person. Every method may be called again after an interruption.
#[async_trait]
pub trait ErasureStore: Send + Sync {
    /// In one transaction: the person and the accounts that were taken over become tombstones that nobody can sign in as,
    /// the requests are noted, and the traces go. Wrote nothing where the person holds a role.
    async fn begin(&self, person: PersonId, now: DateTime<Utc>) -> Result<Begun, StoreError>;

    /// Removes whatever lies beside the person's row and the orders: sessions, homes, delegations, saved answers, notices
    /// on their way and records of delivery; ends consents.
    async fn remove_traces(&self, person: PersonId, now: DateTime<Utc>) -> Result<(), StoreError>;

    /// The person, and the accounts that the person took over.
    async fn selves(&self, person: PersonId) -> Result<Vec<PersonId>, StoreError>;

    /// Requests that are not done and were last worked on before `before`, oldest first.
    async fn unfinished(&self, before: DateTime<Utc>, limit: u16) -> Result<Vec<Erasure>, StoreError>;

    /// The person's request; `None` where there is none.
    async fn find_erasure(&self, person: PersonId) -> Result<Option<Erasure>, StoreError>;

    async fn reach(&self, person: PersonId, stage: Stage, now: DateTime<Utc>) -> Result<(), StoreError>;

    /// One page of the orders that speak of the person in this way, by id; `after`: the last one of the page before.
    async fn orders_of(&self, whose: OrdersOf, after: Option<OrderId>, limit: u16) -> Result<Vec<OrderId>, StoreError>;

    async fn photos(&self, of: PhotosOf, limit: u16) -> Result<Vec<AttachmentId>, StoreError>;

    /// Removes the rows of these photos, whose files are gone.
    async fn forget_photos(&self, ids: &[AttachmentId]) -> Result<(), StoreError>;

    /// In one transaction: order, dispatches and events lose what `what` says, and saved answers that show the order go.
    /// Words go only where no photo is left.
    async fn erase_order(&self, id: OrderId, what: Erasing, now: DateTime<Utc>) -> Result<OrderErased, StoreError>;
}
