use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::attachment::Attachment;
use crate::ids::AttachmentId;
use crate::ports::StoreError;

/// What is known about photos. Their bytes lie elsewhere; they join an order in [`OrderStore::commit`].
///
/// [`OrderStore::commit`]: crate::ports::OrderStore::commit
#[async_trait]
pub trait AttachmentStore: Send + Sync {
    /// Written before the picture itself: what has a row is found and removed when nobody comes to use it.
    async fn insert(&self, attachment: &Attachment) -> Result<(), StoreError>;

    /// Those of `ids` that exist, in the order of their ids.
    async fn find_many(&self, ids: &[AttachmentId]) -> Result<Vec<Attachment>, StoreError>;

    /// Up to `limit` photos that were uploaded before `instant` and belong to no order and no visit of a campaign, oldest first.
    async fn unattached_before(&self, instant: DateTime<Utc>, limit: u16) -> Result<Vec<AttachmentId>, StoreError>;

    /// Deletes the rows of those that still belong to neither; says how many.
    async fn delete(&self, ids: &[AttachmentId]) -> Result<u64, StoreError>;
}
