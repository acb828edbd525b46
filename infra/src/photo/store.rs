use std::error::Error;
use std::io;
use std::path::{Path as Folder, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use domain::attachment::Variant;
use domain::ids::AttachmentId;
use domain::ports::{Developed, PhotoStore, PhotoStoreError};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use strum::IntoEnumIterator;

/// Photos as objects `photos/{last two digits of the id}/{id}/{variant}.jpg` in a folder or a bucket.
///
/// Ids start with their time and end with chance, so the last digits spread photos evenly over 256 folders.
pub struct ObjectPhotoStore {
    objects: Arc<dyn ObjectStore>,
    /// Where the objects are files of this machine.
    folder: Option<PathBuf>,
}

impl ObjectPhotoStore {
    pub fn new(objects: Arc<dyn ObjectStore>) -> Self {
        Self { objects, folder: None }
    }

    /// In a folder of this machine, which must exist. What was saved is on the disk, not only in its cache.
    pub fn in_folder(folder: &Folder) -> Result<Self, PhotoStoreError> {
        let objects = LocalFileSystem::new_with_prefix(folder).map_err(photo_store_error)?;
        let objects = Arc::new(objects.with_fsync(true).with_automatic_cleanup(true));
        Ok(Self { objects, folder: Some(folder.to_owned()) })
    }

    async fn put(&self, id: AttachmentId, variant: Variant, bytes: &[u8]) -> Result<(), PhotoStoreError> {
        let put = self.objects.put(&key(id, variant), bytes.to_vec().into()).await;
        put.map(drop).map_err(photo_store_error)
    }
}

impl ObjectPhotoStore {
    /// A process that was killed while it saved leaves a file under a name for the time being, which is no object.
    async fn remove_folder(&self, id: AttachmentId) {
        let Some(folder) = &self.folder else { return };
        match tokio::fs::remove_dir_all(folder.join(prefix(id).as_ref())).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%id, error = &error as &dyn Error, "the folder of a photo stays behind");
            }
            Ok(()) | Err(_) => {}
        }
    }
}

#[async_trait]
impl PhotoStore for ObjectPhotoStore {
    async fn save(&self, id: AttachmentId, photo: &Developed) -> Result<(), PhotoStoreError> {
        self.put(id, Variant::Thumbnail, &photo.thumbnail.bytes).await?;
        let saved = self.put(id, Variant::Original, &photo.full.bytes).await;
        if saved.is_err()
            && let Err(error) = self.delete(id).await
        {
            tracing::warn!(%id, error = &error as &dyn Error, "half a photo is left in the store");
        }
        saved
    }

    async fn open(&self, id: AttachmentId, variant: Variant) -> Result<Vec<u8>, PhotoStoreError> {
        let found = self.objects.get(&key(id, variant)).await.map_err(photo_store_error)?;
        let bytes = found.bytes().await.map_err(photo_store_error)?;
        Ok(bytes.into())
    }

    async fn delete(&self, id: AttachmentId) -> Result<(), PhotoStoreError> {
        let mut outcome = Ok(());
        for variant in Variant::iter() {
            match self.objects.delete(&key(id, variant)).await.map_err(photo_store_error) {
                Ok(()) | Err(PhotoStoreError::Missing) => {}
                // The other size can go all the same.
                Err(error) => outcome = Err(error),
            }
        }
        self.remove_folder(id).await;
        outcome
    }
}

fn prefix(id: AttachmentId) -> Path {
    let [.., last] = id.0.into_bytes();
    Path::from(format!("photos/{last:02x}/{id}"))
}

fn key(id: AttachmentId, variant: Variant) -> Path {
    prefix(id).join(format!("{variant}.jpg"))
}

fn photo_store_error(error: object_store::Error) -> PhotoStoreError {
    match error {
        object_store::Error::NotFound { .. } => PhotoStoreError::Missing,
        object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. } => {
            PhotoStoreError::ReadOnly(error.into())
        }
        _ => match io_kind(&error) {
            Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => PhotoStoreError::Full(error.into()),
            Some(
                io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied | io::ErrorKind::NotADirectory,
            ) => PhotoStoreError::ReadOnly(error.into()),
            _ => PhotoStoreError::Unavailable(error.into()),
        },
    }
}

/// What the system said, somewhere below the store's own errors.
fn io_kind(error: &object_store::Error) -> Option<io::ErrorKind> {
    let mut causes = std::iter::successors(Some(error as &(dyn Error + 'static)), |&cause| cause.source());
    causes.find_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_spread_by_the_end_of_the_id() {
        let id = "0197a3c2-5b1e-7c40-9d2f-3a6b8c1d4e5f".parse().unwrap();
        let expected = "photos/5f/0197a3c2-5b1e-7c40-9d2f-3a6b8c1d4e5f/original.jpg";
        assert_eq!(key(id, Variant::Original).as_ref(), expected);
    }

    #[test]
    fn names_what_the_system_said() {
        let named = |kind: io::ErrorKind| {
            photo_store_error(object_store::Error::Generic { store: "test", source: io::Error::from(kind).into() })
        };
        assert!(matches!(named(io::ErrorKind::StorageFull), PhotoStoreError::Full(_)));
        assert!(matches!(named(io::ErrorKind::QuotaExceeded), PhotoStoreError::Full(_)));
        assert!(matches!(named(io::ErrorKind::ReadOnlyFilesystem), PhotoStoreError::ReadOnly(_)));
        assert!(matches!(named(io::ErrorKind::PermissionDenied), PhotoStoreError::ReadOnly(_)));
        assert!(matches!(named(io::ErrorKind::TimedOut), PhotoStoreError::Unavailable(_)));
    }
}
