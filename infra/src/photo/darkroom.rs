use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::attachment::{MAX_PIXELS, MAX_UPLOAD_BYTES, PhotoRefusal};
use domain::ports::{Darkroom, DevelopError, Developed};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinError, spawn_blocking};

use super::develop::{develop, memory_needed};
use super::outline::Outline;
use super::sniff::{Kind, sniff};

/// Bytes; enough for one picture of 50 megapixels or for some from a phone.
pub const DEFAULT_MEMORY: u64 = 384 * 1024 * 1024;

/// A phone gives up after a minute; better that it hears before.
const PATIENCE: Duration = Duration::from_secs(30);

/// Bytes of one permit: a semaphore counts to 2³² − 1 in one go.
const PERMIT: u64 = 1024;

/// Develops photos off the async threads, no more at once than fit into its memory and than there are processors.
pub struct BoundedDarkroom {
    memory: Arc<Semaphore>,
    /// Of the whole memory, in permits.
    capacity: u32,
    /// The least that a photo takes, in permits.
    share: u32,
    patience: Duration,
}

impl BoundedDarkroom {
    /// `memory` bounds what decoding takes of all photos together, in bytes.
    pub fn new(memory: u64) -> Self {
        let capacity = permits(memory).max(1);
        let processors = std::thread::available_parallelism().map_or(1, |n| u32::try_from(n.get()).unwrap_or(1));
        Self {
            memory: Arc::new(Semaphore::new(capacity as usize)),
            capacity,
            share: (capacity / processors).max(1),
            patience: PATIENCE,
        }
    }

    /// Waits in line for the memory. A photo that would never fit is refused.
    async fn reserve(&self, bytes: u64) -> Result<OwnedSemaphorePermit, DevelopError> {
        let needed = permits(bytes).max(self.share);
        if needed > self.capacity {
            return Err(PhotoRefusal::TooManyPixels.into());
        }
        match tokio::time::timeout(self.patience, Arc::clone(&self.memory).acquire_many_owned(needed)).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(closed)) => Err(DevelopError::Unavailable(closed.to_string())),
            Err(_) => Err(DevelopError::Unavailable(format!("no memory free within {:?}", self.patience))),
        }
    }
}

impl Default for BoundedDarkroom {
    fn default() -> Self {
        Self::new(DEFAULT_MEMORY)
    }
}

fn permits(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(PERMIT)).unwrap_or(u32::MAX)
}

#[async_trait]
impl Darkroom for BoundedDarkroom {
    async fn develop(&self, upload: Vec<u8>) -> Result<Developed, DevelopError> {
        let (upload, kind, outline) = spawn_blocking(move || inspect(upload)).await.map_err(failed)??;
        let memory = self.reserve(memory_needed(&outline, upload.len())).await?;
        let developed = spawn_blocking(move || {
            // The memory is in use until the work ends, even where nobody waits for it any more.
            let _memory = memory;
            develop(&upload, kind, &outline)
        });
        Ok(developed.await.map_err(failed)??)
    }
}

/// Walks through the file once; allocates nothing.
fn inspect(mut upload: Vec<u8>) -> Result<(Vec<u8>, Kind, Outline), PhotoRefusal> {
    if upload.len() > MAX_UPLOAD_BYTES {
        return Err(PhotoRefusal::TooLarge);
    }
    let kind = sniff(&upload)?;
    let outline = Outline::read(kind, &upload).ok_or(PhotoRefusal::Broken)?;
    if outline.pixels() > MAX_PIXELS {
        return Err(PhotoRefusal::TooManyPixels);
    }
    upload.truncate(outline.length);
    Ok((upload, kind, outline))
}

/// A decoder that panics met a file that nobody thought of; the file is refused, the server goes on.
fn failed(error: JoinError) -> DevelopError {
    if error.is_panic() {
        tracing::error!("a picture made its decoder panic");
        return PhotoRefusal::CannotReencode.into();
    }
    DevelopError::Unavailable(error.to_string())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{ImageFormat, RgbImage};

    use super::*;

    fn picture(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        RgbImage::new(width, height).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
        bytes.into_inner()
    }

    #[tokio::test]
    async fn a_picture_beyond_the_memory_is_refused() {
        let darkroom = BoundedDarkroom::new(48 * 1024 * 1024);
        assert!(darkroom.develop(picture(100, 100)).await.is_ok());
        let refused = darkroom.develop(picture(5000, 3000)).await;
        assert!(matches!(refused, Err(DevelopError::Refused(PhotoRefusal::TooManyPixels))), "{refused:?}");
    }

    #[tokio::test]
    async fn who_waits_too_long_is_told_to_come_again() {
        let darkroom = BoundedDarkroom { patience: Duration::from_millis(10), ..BoundedDarkroom::default() };
        let busy = Arc::clone(&darkroom.memory).acquire_many_owned(darkroom.capacity).await.unwrap();
        let waited = darkroom.develop(picture(10, 10)).await;
        assert!(matches!(waited, Err(DevelopError::Unavailable(_))), "{waited:?}");
        drop(busy);
        assert!(darkroom.develop(picture(10, 10)).await.is_ok());
    }

    #[tokio::test]
    async fn the_memory_is_given_back() {
        let darkroom = BoundedDarkroom::default();
        for upload in [picture(100, 100), b"no picture".to_vec(), picture(100, 100)[..300].to_vec()] {
            let _ = darkroom.develop(upload).await;
            assert_eq!(darkroom.memory.available_permits(), darkroom.capacity as usize);
        }
    }
}
