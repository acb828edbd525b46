//! Pictures that phones and cameras really took.

use std::path::Path;

use domain::attachment::PhotoRefusal;
use image::DynamicImage;

use crate::{assert_no_metadata, contains, develop, difference, shown};

fn photo(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/photos");
    std::fs::read(folder.join(name)).unwrap()
}

/// As it lies in the file, whatever EXIF says.
fn lying(name: &str) -> DynamicImage {
    image::load_from_memory(&photo(name)).unwrap()
}

#[tokio::test]
async fn the_place_is_told_once_and_not_kept() {
    let sent = photo("DSCN0010.jpg");
    assert!(contains(&sent, b"Exif"));
    let developed = develop(sent).await.unwrap();

    let place = developed.taken_at_place.unwrap();
    assert_eq!((place.lat(), place.lon()), (43.467_448, 11.885_127));
    assert_no_metadata(&developed);
}

#[tokio::test]
async fn a_picture_on_its_side_is_turned_upright() {
    let developed = develop(photo("portrait_6.jpg")).await.unwrap();
    let upright = shown(&developed.full);
    assert_eq!(upright.dimensions(), (450, 600));

    let source = lying("portrait_6.jpg");
    assert!(difference(&upright, &source.rotate90().into_rgb8()) < 4);
    assert!(difference(&upright, &source.rotate270().into_rgb8()) > 20);
    assert_eq!(shown(&developed.thumbnail).dimensions(), (240, 320));
    assert_no_metadata(&developed);
}

#[tokio::test]
async fn a_picture_upside_down_is_turned_upright() {
    let developed = develop(photo("landscape_3.jpg")).await.unwrap();
    let upright = shown(&developed.full);

    let source = lying("landscape_3.jpg");
    assert!(difference(&upright, &source.rotate180().into_rgb8()) < 4);
    assert!(difference(&upright, &source.into_rgb8()) > 20);
    assert_no_metadata(&developed);
}

#[tokio::test]
async fn a_phone_photo_is_made_smaller() {
    let sent = photo("HMD_Nokia_8.3_5G.jpg");
    let sent_bytes = sent.len();
    let developed = develop(sent).await.unwrap();
    assert_eq!(shown(&developed.full).dimensions(), (2048, 878));
    assert_eq!(shown(&developed.thumbnail).dimensions(), (320, 137));
    assert!(developed.full.bytes.len() < sent_bytes / 4);
    assert!(developed.thumbnail.bytes.len() < 20_000);
    assert_no_metadata(&developed);

    let reduced = lying("HMD_Nokia_8.3_5G.jpg").thumbnail_exact(2048, 878).into_rgb8();
    assert!(difference(&shown(&developed.full), &reduced) < 4);
}

#[tokio::test]
async fn heic_is_refused_with_advice() {
    let refusal = develop(photo("iphone_13_pro_max.HEIC")).await.unwrap_err();
    assert_eq!(refusal, PhotoRefusal::Heic);
    assert_eq!(refusal.code(), "photo_heic");
    assert!(refusal.advice().contains("兼容性最佳"));
}

#[tokio::test]
async fn a_photo_cut_off_anywhere_is_refused() {
    for name in ["DSCN0010.jpg", "HMD_Nokia_8.3_5G.jpg"] {
        let whole = photo(name);
        for percent in [1, 10, 25, 50, 75, 90, 99] {
            let cut = whole[..whole.len() * percent / 100].to_vec();
            assert_eq!(develop(cut).await.unwrap_err(), PhotoRefusal::Broken, "{percent} % of {name}");
        }
    }
}
