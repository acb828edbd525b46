use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::{AttachmentId, OrderId, PersonId};
use crate::ports::StoreError;
use crate::safety::{CheckState, NotChecked, Verdict, WaitingPhoto, WaitingWords};

/// Asks WeChat what it thinks.
#[async_trait]
pub trait ContentCheck: Send + Sync {
    async fn words(&self, author: PersonId, words: &str) -> Result<Verdict, NotChecked>;

    /// Hands the photo over; the verdict comes later under the trace that is answered.
    async fn photo(&self, author: PersonId, photo: AttachmentId) -> Result<String, NotChecked>;
}

/// What still has to be checked. Words and photos carry a mark until a check or a person has decided; orders count theirs.
#[async_trait]
pub trait ContentStore: Send + Sync {
    /// Lends words that are due until `lease_until`, the longest waiting first. Two workers never hold the same.
    async fn claim_words(
        &self,
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
        limit: u16,
    ) -> Result<Vec<WaitingWords>, StoreError>;

    /// The same for photos.
    async fn claim_photos(
        &self,
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
        limit: u16,
    ) -> Result<Vec<WaitingPhoto>, StoreError>;

    /// What was found of the words, or that they are asked about again; `None` in both: a person decides.
    async fn settle_words(
        &self,
        order: OrderId,
        seq: i64,
        state: CheckState,
        again_at: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError>;

    /// The photo was handed over and is looked at again where no verdict came by then.
    async fn photo_handed_over(
        &self,
        photo: AttachmentId,
        trace: &str,
        again_at: DateTime<Utc>,
    ) -> Result<(), StoreError>;

    async fn settle_photo(
        &self,
        photo: AttachmentId,
        state: CheckState,
        again_at: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError>;

    /// Those of these orders that hold words or photos which neither a check nor a person has passed.
    async fn marked(&self, orders: &[OrderId]) -> Result<Vec<OrderId>, StoreError>;

    /// Somebody of the desk looked at the order as it was in this version: `hidden` photos are hidden, what was open is
    /// cleared, what was found risky stays hidden. Photos that are not the order's are left alone.
    async fn clear(&self, order: OrderId, version: i64, hidden: &[AttachmentId]) -> Result<(), StoreError>;
}
