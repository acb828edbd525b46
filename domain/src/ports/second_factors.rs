use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::PersonId;
use crate::people::{SecondFactor, SharedSecret};
use crate::ports::StoreError;

/// Second factors. Secrets are stored locked, recovery codes blind.
#[async_trait]
pub trait SecondFactorStore: Send + Sync {
    /// On or only begun; `None` where there is none.
    async fn find_second_factor(&self, person: PersonId) -> Result<Option<SecondFactor>, StoreError>;

    /// Begins, or begins anew, with this secret; `false` where one is on.
    async fn begin_second_factor(
        &self,
        person: PersonId,
        secret: &SharedSecret,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError>;

    /// Turns the begun one on: takes the code of `step` and keeps the recovery codes, in one transaction; `false` where
    /// it was turned on, or begun anew, meanwhile.
    async fn turn_on(
        &self,
        begun: &SecondFactor,
        step: i64,
        recovery: &[String],
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError>;

    /// Takes the code of this step; `false` where it, or a later one, was taken before.
    async fn take_step(&self, person: PersonId, step: i64) -> Result<bool, StoreError>;

    /// Takes this recovery code; `false` where it is none of the person's, or was taken before.
    async fn take_recovery_code(&self, person: PersonId, code: &str) -> Result<bool, StoreError>;

    /// The second factor and its recovery codes go.
    async fn remove_second_factor(&self, person: PersonId) -> Result<(), StoreError>;
}
