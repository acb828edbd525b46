//! Pictures of every kind that must be taken.

use domain::attachment::{FULL_EDGE, THUMBNAIL_EDGE};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use crate::made::{self, BLUE, GREEN, RED, WHITE, rare};
use crate::{assert_no_metadata, develop, difference, shown};

/// Where EXIF says that the first row and the first column of the file are seen (CIPA DC-008, 4.6.5.1).
fn as_stored(upright: &RgbImage, orientation: u8) -> RgbImage {
    let (width, height) = upright.dimensions();
    let (right, bottom) = (width - 1, height - 1);
    let seen = |row: u32, column: u32| match orientation {
        1 => (column, row),
        2 => (right - column, row),
        3 => (right - column, bottom - row),
        4 => (column, bottom - row),
        5 => (row, column),
        6 => (right - row, column),
        7 => (right - row, bottom - column),
        8 => (row, bottom - column),
        _ => unreachable!(),
    };
    let (stored_width, stored_height) = if orientation < 5 { (width, height) } else { (height, width) };
    RgbImage::from_fn(stored_width, stored_height, |column, row| {
        let (x, y) = seen(row, column);
        *upright.get_pixel(x, y)
    })
}

#[tokio::test]
async fn every_orientation_comes_out_upright() {
    let upright = made::quarters(96, 64);
    for orientation in 1..=8 {
        let lying = as_stored(&upright, orientation);
        let exif = made::exif_orientation(orientation);
        let jpeg = made::with_exif(&made::encoded(lying.clone(), ImageFormat::Jpeg), &exif);
        let png = made::with_chunk(&made::encoded(lying, ImageFormat::Png), b"eXIf", &exif);
        for file in [jpeg, png] {
            let developed = develop(file).await.unwrap();
            assert!(difference(&shown(&developed.full), &upright) < 6, "orientation {orientation}");
            assert_no_metadata(&developed);
        }
    }
}

#[tokio::test]
async fn sizes_shrink_to_the_edge_and_never_grow() {
    for (sent, full, thumbnail) in [
        ((64, 48), (64, 48), (64, 48)),
        ((640, 480), (640, 480), (320, 240)),
        ((2048, 100), (2048, 100), (320, 16)),
        ((3000, 2000), (2048, 1365), (320, 213)),
        ((1000, 5000), (410, 2048), (64, 320)),
        ((9000, 2), (2048, 1), (320, 1)),
        ((1, 1), (1, 1), (1, 1)),
    ] {
        let developed = develop(made::png(sent.0, sent.1)).await.unwrap();
        assert_eq!(shown(&developed.full).dimensions(), full, "{sent:?}");
        assert_eq!(shown(&developed.thumbnail).dimensions(), thumbnail, "{sent:?}");
        assert!(full.0.max(full.1) <= FULL_EDGE && thumbnail.0.max(thumbnail.1) <= THUMBNAIL_EDGE);
    }
}

#[tokio::test]
async fn all_three_formats_show_the_same_picture() {
    for file in [made::jpeg(300, 200), made::png(300, 200), made::webp(300, 200)] {
        let developed = develop(file).await.unwrap();
        assert!(difference(&shown(&developed.full), &made::quarters(300, 200)) < 4);
        assert_eq!(developed.taken_at_place, None);
    }
}

#[tokio::test]
async fn what_is_transparent_becomes_white() {
    let half = RgbaImage::from_fn(64, 64, |x, _| if x < 32 { Rgba([0, 0, 0, 0]) } else { Rgba([200, 0, 0, 128]) });
    let deep = DynamicImage::from(half.clone()).into_rgba16();
    let files = [
        made::encoded(half.clone(), ImageFormat::Png),
        made::encoded(half, ImageFormat::WebP),
        made::encoded(deep, ImageFormat::Png),
    ];
    for file in files {
        let picture = shown(&develop(file).await.unwrap().full);
        assert!(close(picture.get_pixel(8, 8), &WHITE));
        assert!(close(picture.get_pixel(56, 56), &Rgb([227, 127, 127])), "{:?}", picture.get_pixel(56, 56));
    }
}

#[tokio::test]
async fn rare_kinds_are_taken_too() {
    let (dark, light) = (Rgb([60; 3]), Rgb([220; 3]));
    for (hex, left, right) in [
        (rare::CMYK_JPEG, RED, RED),
        (rare::PROGRESSIVE_JPEG, dark, light),
        (rare::ANIMATED_WEBP, RED, RED),
        (rare::TRANSPARENT_LOSSY_WEBP, WHITE, WHITE),
    ] {
        let picture = shown(&develop(rare::file(hex)).await.unwrap().full);
        assert!(close(picture.get_pixel(2, 4), &left), "{:?}", picture.get_pixel(2, 4));
        assert!(close(picture.get_pixel(13, 4), &right), "{:?}", picture.get_pixel(13, 4));
    }
}

#[tokio::test]
async fn grey_and_deep_pictures_are_taken() {
    let picture = DynamicImage::from(made::quarters(80, 60));
    for variant in [picture.to_luma8().into(), picture.to_luma16().into(), picture.to_rgb16().into()] {
        let variant: DynamicImage = variant;
        let expected = variant.to_rgb8();
        let developed = develop(made::encoded(variant, ImageFormat::Png)).await.unwrap();
        assert!(difference(&shown(&developed.full), &expected) < 6);
    }
}

#[tokio::test]
async fn what_phones_append_does_not_matter() {
    let video = b"\0\0\0\x18ftypmp42 a motion photo's video".repeat(100);
    for file in [made::jpeg(60, 40), made::png(60, 40), made::webp(60, 40)] {
        assert!(develop([file, video.clone()].concat()).await.is_ok());
    }
    let gain_map = made::jpeg(30, 20);
    let picture = shown(&develop([made::jpeg(60, 40), gain_map].concat()).await.unwrap().full);
    assert_eq!(picture.dimensions(), (60, 40));
}

#[tokio::test]
async fn bad_metadata_spoils_no_good_picture() {
    let jpeg = made::jpeg(96, 64);
    for exif in
        [&b""[..], b"II*\0", b"II*\0\xFF\xFF\xFF\xFF", b"no TIFF at all", &made::exif_orientation(0), &[0xFF; 999]]
    {
        let developed = develop(made::with_exif(&jpeg, exif)).await.unwrap();
        assert!(close(shown(&developed.full).get_pixel(90, 5), &GREEN));
    }
    let extras =
        [(0xE1, &b"http://ns.adobe.com/xap/1.0/\0<x/>"[..]), (0xE2, b"ICC_PROFILE\0\x01\x01junk"), (0xFE, b"hi")];
    for (marker, body) in extras {
        let developed = develop(made::with_segment(&jpeg, marker, body)).await.unwrap();
        assert!(close(shown(&developed.full).get_pixel(5, 60), &BLUE));
        assert_no_metadata(&developed);
    }
}

fn close(one: &Rgb<u8>, other: &Rgb<u8>) -> bool {
    one.0.iter().zip(other.0).all(|(a, b)| a.abs_diff(b) < 40)
}
