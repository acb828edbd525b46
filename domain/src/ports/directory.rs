use async_trait::async_trait;

use crate::certificate::Certificate;
use crate::ids::PlaceId;
use crate::place::{Community, Partner, Place, Tree};
use crate::ports::StoreError;
use crate::service::Service;

/// Places, communities, their partners and their service lists: small, public, and read whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    /// What lies in a place stands behind it.
    pub places: Vec<Place>,
    pub communities: Vec<Community>,
    pub services: Vec<Service>,
    pub partners: Vec<Partner>,
    /// What places say about kinds of certificates.
    pub certificates: Vec<Certificate>,
}

impl Directory {
    pub fn tree(&self) -> Tree {
        Tree::new(self.places.iter().cloned())
    }
}

/// What an edition of a list of codes calls a place. Editions contradict each other: codes are data, never keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceCode {
    pub place: PlaceId,
    pub edition: String,
    pub code: String,
}

#[async_trait]
pub trait DirectoryStore: Send + Sync {
    async fn directory(&self) -> Result<Directory, StoreError>;

    /// Adds places, communities and partners that are missing behind what is there, and updates what is there where it
    /// stands, by id; removes nothing. Services have versions: see [`ServiceStore`](super::ServiceStore).
    async fn save_directory(&self, directory: &Directory) -> Result<(), StoreError>;

    /// Adds codes, or overwrites what the same edition said of a place before.
    async fn save_codes(&self, codes: &[PlaceCode]) -> Result<(), StoreError>;

    /// What all editions call these places, by edition.
    async fn codes_of(&self, places: &[PlaceId]) -> Result<Vec<PlaceCode>, StoreError>;
}
