use async_trait::async_trait;

use crate::place::{Community, Partner};
use crate::ports::StoreError;
use crate::service::Service;

/// Communities, their partners and their service lists: small, public, and read whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    pub communities: Vec<Community>,
    pub services: Vec<Service>,
    pub partners: Vec<Partner>,
}

#[async_trait]
pub trait DirectoryStore: Send + Sync {
    async fn directory(&self) -> Result<Directory, StoreError>;

    /// Adds what is missing and updates what is there, by id or key; removes nothing.
    async fn save_directory(&self, directory: &Directory) -> Result<(), StoreError>;
}
