use async_trait::async_trait;
use thiserror::Error;

use crate::attachment::{PhotoRefusal, Variant};
use crate::ids::AttachmentId;
use crate::place::coordinates::Wgs84;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Makes of an uploaded file what may be kept.
#[async_trait]
pub trait Darkroom: Send + Sync {
    /// Recognises the picture by its content, turns it upright and re-encodes it in both sizes without any metadata.
    ///
    /// `Refused` whatever is wrong with the file; trying again with the same file will not help. `Unavailable`
    /// where the file was not looked at, because too many others are; trying again later helps.
    async fn develop(&self, upload: Vec<u8>) -> Result<Developed, DevelopError>;
}

/// A photo that may be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Developed {
    pub full: Rendition,
    pub thumbnail: Rendition,
    /// Where the camera says it was. Offered to the uploader once, never stored with the photo.
    pub taken_at_place: Option<Wgs84>,
}

/// One size of a photo.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendition {
    pub media_type: &'static str,
    /// Pixels.
    pub width: u32,
    pub height: u32,
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Rendition {
    /// Without the picture itself, which must not reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { media_type, width, height, bytes } = self;
        write!(f, "{media_type} {width}x{height}, {} bytes", bytes.len())
    }
}

#[derive(Debug, Error)]
pub enum DevelopError {
    #[error(transparent)]
    Refused(#[from] PhotoRefusal),
    /// What went wrong is for the log, never for the person.
    #[error("the darkroom is unavailable: {0}")]
    Unavailable(String),
}

/// Keeps developed photos.
#[async_trait]
pub trait PhotoStore: Send + Sync {
    /// Keeps both sizes or neither: on an error nothing is left that [`open`](Self::open) would find. Saving the
    /// same photo again overwrites it. Never `Missing`.
    async fn save(&self, id: AttachmentId, photo: &Developed) -> Result<(), PhotoStoreError>;

    /// `Missing` where it was never saved or was deleted.
    async fn open(&self, id: AttachmentId, variant: Variant) -> Result<Vec<u8>, PhotoStoreError>;

    /// Removes both sizes. A photo that is not there is no error, so that it can be tried again.
    async fn delete(&self, id: AttachmentId) -> Result<(), PhotoStoreError>;
}

/// What went wrong is for the log, never for the person.
#[derive(Debug, Error)]
pub enum PhotoStoreError {
    #[error("there is no such photo")]
    Missing,
    /// The disk or the quota is full; somebody must make room.
    #[error("the photo store is full")]
    Full(#[source] Cause),
    /// Mounted read-only, not ours to write, or not a folder; somebody must repair it.
    #[error("the photo store cannot be written")]
    ReadOnly(#[source] Cause),
    /// Away or busy; trying again later may help.
    #[error("the photo store is unavailable")]
    Unavailable(#[source] Cause),
}
