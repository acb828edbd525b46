use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::{PersonId, PlaceId};
use crate::ports::StoreError;
use crate::service::{Edition, Offer, Service};

/// One version of one service, which never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceVersion {
    pub version: u32,
    pub offer: Offer,
    pub made_at: DateTime<Utc>,
    /// `None` where the program brought it along.
    pub made_by: Option<PersonId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum SavedService {
    /// The version that stands now: the same where nothing of the offer is new.
    Saved(u32),
    /// Somebody else changed it meanwhile; this is the version that stands.
    Changed(u32),
}

/// The service lists. Versions are added, never changed or taken away.
#[async_trait]
pub trait ServiceStore: Send + Sync {
    /// Writes the lines whatever stands there, all or none; new ones stand behind what is there.
    async fn save_all(&self, services: &[Service], by: Option<PersonId>, at: DateTime<Utc>) -> Result<(), StoreError>;

    /// Writes one line where the version that the writer saw still stands; 0 where there is none yet.
    async fn save(&self, service: &Service, by: PersonId, at: DateTime<Utc>) -> Result<SavedService, StoreError>;

    /// Takes the line off the list of the place, so that what a catalogue above says holds again; `false` where there is
    /// none. Its versions stay.
    async fn drop_line(&self, place: PlaceId, key: &str) -> Result<bool, StoreError>;

    /// Those before this version, the newest first.
    async fn versions(
        &self,
        place: PlaceId,
        key: &str,
        before: Option<u32>,
        limit: u16,
    ) -> Result<Vec<ServiceVersion>, StoreError>;

    /// What an order was placed under.
    async fn version(&self, edition: Edition, key: &str) -> Result<Option<ServiceVersion>, StoreError>;
}
