//! Whatever is sent, the darkroom answers: with a picture or with a reason, and never by a decoder's panic.

use std::sync::Arc;

use domain::attachment::PhotoRefusal;
use domain::ports::{Darkroom, DevelopError};
use infra::photo::BoundedDarkroom;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::made::{self, rare};

/// A panic is reported as `CannotReencode`, for which there is no other reason here.
async fn assert_answers(darkroom: &BoundedDarkroom, upload: Vec<u8>) {
    let what = upload.escape_ascii().to_string();
    match darkroom.develop(upload).await {
        Ok(developed) => assert!(developed.full.bytes.starts_with(b"\xFF\xD8")),
        Err(DevelopError::Refused(refusal)) => assert_ne!(refusal, PhotoRefusal::CannotReencode, "{what}"),
        Err(DevelopError::Unavailable(why)) => panic!("unavailable: {why}"),
    }
}

#[tokio::test]
async fn random_bytes_after_a_good_start() {
    let mut random = StdRng::seed_from_u64(20_261_123);
    let darkroom = BoundedDarkroom::default();
    for round in 0..300 {
        let start = [&b""[..], b"\xFF\xD8\xFF", b"\x89PNG\r\n\x1A\n", b"RIFF\xF4\x01\0\0WEBPVP8X"][round % 4];
        let mut noise = vec![0; random.random_range(0..1000)];
        random.fill(&mut noise[..]);
        assert_answers(&darkroom, [start, &noise].concat()).await;
    }
}

#[tokio::test]
async fn good_pictures_with_some_bytes_changed() {
    let mut random = StdRng::seed_from_u64(20_261_124);
    let darkroom = BoundedDarkroom::default();
    let pictures = [
        made::with_exif(&made::jpeg(60, 40), &made::exif_orientation(6)),
        rare::file(rare::PROGRESSIVE_JPEG),
        rare::file(rare::CMYK_JPEG),
        made::with_chunk(&made::png(60, 40), b"eXIf", &made::exif_orientation(6)),
        made::webp(60, 40),
        rare::file(rare::ANIMATED_WEBP),
        rare::file(rare::TRANSPARENT_LOSSY_WEBP),
    ];
    for picture in pictures {
        for _ in 0..150 {
            let mut changed = picture.clone();
            for _ in 0..random.random_range(1..6) {
                let at = random.random_range(0..changed.len());
                changed[at] = random.random();
            }
            assert_answers(&darkroom, changed).await;
        }
    }
}

#[tokio::test]
async fn a_crowd_waits_in_line() {
    let darkroom = Arc::new(BoundedDarkroom::new(40 * 1024 * 1024));
    let upload = made::jpeg(400, 300);
    let crowd: Vec<_> = (0..24)
        .map(|_| {
            tokio::spawn({
                let (darkroom, upload) = (Arc::clone(&darkroom), upload.clone());
                async move { darkroom.develop(upload).await }
            })
        })
        .collect();
    for one in crowd {
        assert!(one.await.unwrap().is_ok());
    }
}
