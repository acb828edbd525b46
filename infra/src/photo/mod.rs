//! Photos: from a file that a stranger sent to two clean pictures in a store.
//!
//! `sniff` tells what a file is, `outline` whether it is whole and how much memory it will take, `develop` decodes
//! and re-encodes it, `darkroom` keeps that off the async threads and within its memory, `store` keeps the result.

mod darkroom;
mod develop;
mod exif;
mod outline;
mod sniff;
mod store;

pub use darkroom::{BoundedDarkroom, DEFAULT_MEMORY};
pub use store::ObjectPhotoStore;
