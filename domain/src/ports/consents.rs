use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::{ConsentId, PersonId};
use crate::people::{Consent, ConsentPurpose};
use crate::ports::{Slice, StoreError};

/// What people agreed to. Rows are added and ended, never changed or removed before their time.
#[async_trait]
pub trait ConsentStore: Send + Sync {
    /// Keeps the consent. Where the same person gave the same words for the same purpose and did not take them back, that
    /// one stands and is answered.
    async fn give(&self, consent: &Consent) -> Result<Consent, StoreError>;

    /// Ends every consent of the person for this purpose, those of single orders too; says how many.
    async fn withdraw(&self, person: PersonId, purpose: ConsentPurpose, now: DateTime<Utc>) -> Result<u64, StoreError>;

    /// What this person agreed to, or what was agreed to for the person, newest first.
    async fn consents_of(&self, person: PersonId, slice: Slice<ConsentId>) -> Result<Vec<Consent>, StoreError>;

    /// What these people agreed to and did not take back, or what was agreed to for them; of single orders left out.
    async fn standing(&self, people: &[PersonId]) -> Result<Vec<Consent>, StoreError>;

    /// Whether somebody else, a guardian, agreed for this person and did not take it back.
    async fn has_guardian(&self, person: PersonId) -> Result<bool, StoreError>;
}
