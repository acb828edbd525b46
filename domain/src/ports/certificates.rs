use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::certificate::Line;
use crate::ids::{PersonId, PlaceId};
use crate::ports::StoreError;

/// What places say about kinds of certificates; read whole, with the [`Directory`](super::Directory).
#[async_trait]
pub trait CertificateStore: Send + Sync {
    /// Writes the line whatever stood there; a new one stands behind what is there. `by` is `None` where the program
    /// brought it along.
    async fn save(
        &self,
        place: PlaceId,
        key: &str,
        line: &Line,
        by: Option<PersonId>,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError>;

    /// `false` where there is none.
    async fn drop_line(&self, place: PlaceId, key: &str) -> Result<bool, StoreError>;
}
