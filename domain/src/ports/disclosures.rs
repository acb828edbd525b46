use async_trait::async_trait;

use crate::ids::{DisclosureId, PersonId};
use crate::people::{Disclosure, Look};
use crate::ports::{Slice, StoreError};

/// Who saw whose data. Written before the data is shown.
#[async_trait]
pub trait DisclosureStore: Send + Sync {
    /// Writes all rows or none.
    async fn record(&self, rows: &[Disclosure]) -> Result<(), StoreError>;

    /// Looks at the data of these accounts of one person, newest first.
    async fn disclosures_of(&self, subjects: &[PersonId], slice: Slice<DisclosureId>) -> Result<Vec<Look>, StoreError>;
}
