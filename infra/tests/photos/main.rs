//! Photos, from the file that was sent to what is kept.

#![expect(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails loudly")]

mod accepted;
mod hostile;
mod made;
mod real;
mod refused;
mod store;

use domain::attachment::PhotoRefusal;
use domain::ports::{Darkroom, DevelopError, Developed, Rendition};
use image::{ImageFormat, RgbImage};
use infra::photo::BoundedDarkroom;

async fn develop(upload: Vec<u8>) -> Result<Developed, PhotoRefusal> {
    match BoundedDarkroom::default().develop(upload).await {
        Ok(developed) => Ok(developed),
        Err(DevelopError::Refused(refusal)) => Err(refusal),
        Err(DevelopError::Unavailable(why)) => panic!("unavailable: {why}"),
    }
}

/// What a browser would show, which must be what the rendition says of itself.
fn shown(rendition: &Rendition) -> RgbImage {
    assert_eq!(rendition.media_type, "image/jpeg");
    let picture = image::load_from_memory_with_format(&rendition.bytes, ImageFormat::Jpeg).unwrap().into_rgb8();
    assert_eq!(picture.dimensions(), (rendition.width, rendition.height));
    picture
}

fn contains(file: &[u8], words: &[u8]) -> bool {
    file.windows(words.len()).any(|window| window == words)
}

fn assert_no_metadata(developed: &Developed) {
    for file in [&developed.full.bytes, &developed.thumbnail.bytes] {
        for words in
            [&b"Exif"[..], b"GPS", b"http://ns.adobe.com", b"ICC_PROFILE", b"Photoshop", b"NIKON", b"\xFF\xFE\0"]
        {
            assert!(!contains(file, words), "{}", words.escape_ascii());
        }
    }
}

/// Mean difference of two pictures' samples, of 255.
fn difference(one: &RgbImage, other: &RgbImage) -> u64 {
    assert_eq!(one.dimensions(), other.dimensions());
    let total: u64 = one.iter().zip(other.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    total / one.len() as u64
}
