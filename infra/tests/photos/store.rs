//! Keeping developed photos in a folder.

use std::fs;
use std::sync::Arc;

use domain::attachment::Variant;
use domain::ids::AttachmentId;
use domain::ports::{Developed, PhotoStore, PhotoStoreError, Rendition};
use infra::photo::ObjectPhotoStore;
use object_store::memory::InMemory;
use tempfile::TempDir;
use uuid::Uuid;

const ID: AttachmentId = AttachmentId(Uuid::from_u128(0x0197_a3c2_5b1e_7c40_9d2f_3a6b_8c1d_4e5f));
const FOLDER: &str = "photos/5f/0197a3c2-5b1e-7c40-9d2f-3a6b8c1d4e5f";

fn photo() -> Developed {
    let rendition = |bytes: &[u8]| Rendition { media_type: "image/jpeg", width: 4, height: 3, bytes: bytes.to_vec() };
    Developed { full: rendition(b"large"), thumbnail: rendition(b"small"), taken_at_place: None }
}

fn in_folder() -> (TempDir, ObjectPhotoStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = ObjectPhotoStore::in_folder(folder.path()).unwrap();
    (folder, store)
}

async fn assert_nothing_kept(store: &ObjectPhotoStore) {
    for variant in [Variant::Original, Variant::Thumbnail] {
        assert!(matches!(store.open(ID, variant).await, Err(PhotoStoreError::Missing)));
    }
}

#[tokio::test]
async fn keeps_gives_and_removes() {
    let (_folder, on_disk) = in_folder();
    for store in [on_disk, ObjectPhotoStore::new(Arc::new(InMemory::new()))] {
        assert_nothing_kept(&store).await;
        for _again in 0..2 {
            store.save(ID, &photo()).await.unwrap();
        }
        assert_eq!(store.open(ID, Variant::Original).await.unwrap(), b"large");
        assert_eq!(store.open(ID, Variant::Thumbnail).await.unwrap(), b"small");
        for _again in 0..2 {
            store.delete(ID).await.unwrap();
        }
        assert_nothing_kept(&store).await;
    }
}

#[tokio::test]
async fn a_removed_photo_leaves_no_folders() {
    let (folder, store) = in_folder();
    store.save(ID, &photo()).await.unwrap();
    assert!(folder.path().join(FOLDER).is_dir());
    store.delete(ID).await.unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn half_a_photo_is_taken_back() {
    let (folder, store) = in_folder();
    // A folder stands where the second file must go.
    fs::create_dir_all(folder.path().join(FOLDER).join("original.jpg/in the way")).unwrap();
    assert!(store.save(ID, &photo()).await.is_err());
    assert!(matches!(store.open(ID, Variant::Thumbnail).await, Err(PhotoStoreError::Missing)));
}

/// Permissions do not stop root; that the folder is a file does.
#[tokio::test]
async fn a_place_that_cannot_be_written_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let store = ObjectPhotoStore::in_folder(file.path()).unwrap();
    let saved = store.save(ID, &photo()).await;
    assert!(matches!(saved, Err(PhotoStoreError::ReadOnly(_))), "{saved:?}");
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_told_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    assert!(ObjectPhotoStore::in_folder(&folder.path().join("none")).is_err());
}
