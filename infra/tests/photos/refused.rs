//! Files that must be turned away, each with the right reason.

use std::time::{Duration, Instant};

use domain::attachment::{MAX_UPLOAD_BYTES, PhotoRefusal};

use crate::{assert_no_metadata, develop, made};

async fn refusal(upload: Vec<u8>) -> PhotoRefusal {
    develop(upload).await.unwrap_err()
}

#[tokio::test]
async fn what_is_no_picture_is_refused_whatever_its_name() {
    for file in [
        &b""[..],
        b"<html><script>alert(1)</script></html>",
        b"GIF89a\x01\0\x01\0",
        b"%PDF-1.7",
        b"BM\x1A\0",
        &[0; 5000],
    ] {
        assert_eq!(refusal(file.to_vec()).await, PhotoRefusal::Unsupported, "{}", file.escape_ascii());
    }
}

#[tokio::test]
async fn the_first_bytes_of_a_picture_are_not_enough() {
    let page = b"<html><script>alert(1)</script></html>".repeat(50);
    for start in
        [&b"\xFF\xD8\xFF"[..], b"\xFF\xD8\xFF\xE0\0\x10JFIF\0", b"\x89PNG\r\n\x1A\n", b"RIFF\x20\0\0\0WEBPVP8 "]
    {
        assert_eq!(refusal([start, &page].concat()).await, PhotoRefusal::Broken, "{}", start.escape_ascii());
    }
}

#[tokio::test]
async fn every_shorter_file_is_refused() {
    for whole in [made::jpeg(60, 40), made::png(60, 40), made::webp(60, 40)] {
        for end in (16..whole.len()).step_by(7).chain([whole.len() - 1]) {
            assert_eq!(refusal(whole[..end].to_vec()).await, PhotoRefusal::Broken, "{end} of {}", whole.len());
        }
    }
}

#[tokio::test]
async fn a_download_that_ends_in_zeros_is_refused() {
    let mut jpeg = made::jpeg(600, 400);
    let half = jpeg.len() / 2;
    jpeg[half..].fill(0);
    assert_eq!(refusal(jpeg).await, PhotoRefusal::Broken);
}

#[tokio::test]
async fn the_upload_has_a_limit() {
    let mut largest = made::jpeg(60, 40);
    largest.resize(MAX_UPLOAD_BYTES, 0);
    assert!(develop(largest.clone()).await.is_ok());
    largest.push(0);
    assert_eq!(refusal(largest).await, PhotoRefusal::TooLarge);
}

#[tokio::test]
async fn claims_of_size_are_refused_before_any_decoding() {
    let mut jpeg = made::jpeg(64, 48);
    let frame = jpeg.windows(2).position(|marker| marker == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xDC, 0xFF, 0xDC]);
    let mut webp = made::webp(64, 48);
    // 16384 x 16384 in the 28 bits after the signature of VP8L.
    webp[21..24].fill(0xFF);
    webp[24] |= 0x0F;

    let start = Instant::now();
    for bomb in [made::png_claiming(50_000, 50_000), made::png_claiming(u32::MAX, u32::MAX), jpeg, webp] {
        assert_eq!(refusal(bomb).await, PhotoRefusal::TooManyPixels);
    }
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert_eq!(refusal(made::png_claiming(0, 10)).await, PhotoRefusal::Broken);
    assert_eq!(refusal(made::png_claiming(1_000, 1_000)).await, PhotoRefusal::Broken);
}

/// A bomb beside a good picture is left unexploded, and the picture taken.
#[tokio::test]
async fn metadata_that_would_unfold_is_left_behind() {
    let stream = made::unfolding();
    let png = made::png(60, 40);
    let start = Instant::now();
    for (kind, name) in
        [(b"iCCP", &b"profile\0\0"[..]), (b"zTXt", b"Comment\0\0"), (b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0")]
    {
        let developed = develop(made::with_chunk(&png, kind, &[name, &stream].concat())).await.unwrap();
        assert_no_metadata(&developed);
    }
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}

#[tokio::test]
async fn directories_that_overlap_cost_nothing() {
    // 2,600 pointers to directories of 2,056 entries, each a byte after the one before: five million entries.
    let (pointers, entries) = (2_600_u32, 0x08_u8);
    let first = 8 + 2 + 12 * pointers + 4;
    let mut exif = [b"II*\0\x08\0\0\0", &pointers.to_le_bytes()[..2]].concat();
    for n in 0..pointers {
        exif.extend([0x69, 0x87, 4, 0, 1, 0, 0, 0]);
        exif.extend((first + n).to_le_bytes());
    }
    exif.extend([0; 4]);
    exif.resize(exif.len() + pointers as usize + 1, entries);
    exif.resize(exif.len() + 2_056 * 12 + 8, 0);

    let start = Instant::now();
    assert!(develop(made::with_exif(&made::jpeg(60, 40), &exif)).await.is_ok());
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}
