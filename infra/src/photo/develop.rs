//! Decode, make smaller, turn upright, encode. Synchronous, and heavy on processor and memory.

use std::io::Cursor;

use domain::attachment::{FULL_EDGE, PhotoRefusal, THUMBNAIL_EDGE};
use domain::place::coordinates::Wgs84;
use domain::ports::{Developed, Rendition};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits, RgbImage, RgbaImage};

use super::exif::Exif;
use super::outline::{MAX_METADATA, Outline};
use super::sniff::Kind;

/// Of 100; small files in which nobody sees a loss.
const QUALITY: u8 = 85;

/// Bytes of both results with what their encoding needs, at most.
const RESULTS: u64 = 24 * 1024 * 1024;

/// Bytes that [`develop`] needs at its peak, the upload included.
pub(super) fn memory_needed(outline: &Outline, upload: usize) -> u64 {
    let decoded = outline.pixels() * outline.bytes_per_pixel;
    // Decoding is over before anything else starts.
    let afterwards = flattening(outline).max(shrinking(outline) + RESULTS);
    decoded + outline.scratch.max(afterwards) + upload as u64
}

/// `upload` is the picture alone, without what a phone appended.
pub(super) fn develop(upload: &[u8], kind: Kind, outline: &Outline) -> Result<Developed, PhotoRefusal> {
    let Negative { picture, orientation, taken_at_place } = decode(upload, kind, outline)?;
    let mut full = shrink(flatten(picture)?, FULL_EDGE);
    full.apply_orientation(orientation);
    let thumbnail = encode(&shrink(full.clone(), THUMBNAIL_EDGE))?;
    Ok(Developed { full: encode(&full)?, thumbnail, taken_at_place })
}

/// As the camera saw it: perhaps lying on its side.
struct Negative {
    picture: DynamicImage,
    orientation: Orientation,
    taken_at_place: Option<Wgs84>,
}

fn decode(upload: &[u8], kind: Kind, outline: &Outline) -> Result<Negative, PhotoRefusal> {
    let mut reader = ImageReader::with_format(Cursor::new(upload), kind.into());
    let mut limits = Limits::no_limits();
    // Only PNG's decoder asks, and not for its output.
    limits.max_alloc = Some(MAX_METADATA);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refusal)?;
    // Memory was set aside for what the outline said.
    if decoder.dimensions() != (outline.width, outline.height) {
        return Err(PhotoRefusal::Broken);
    }
    let exif = decoder.exif_metadata().ok().flatten().unwrap_or_default();
    let exif = Exif::parse(&exif);
    Ok(Negative {
        orientation: exif.as_ref().map_or(Orientation::NoTransforms, Exif::orientation),
        taken_at_place: exif.as_ref().and_then(Exif::taken_at_place),
        picture: DynamicImage::from_decoder(decoder).map_err(refusal)?,
    })
}

fn refusal(error: ImageError) -> PhotoRefusal {
    tracing::debug!(error = &error as &dyn std::error::Error, "picture cannot be decoded");
    match error {
        // A rare dialect, such as arithmetic coding: another picture will do.
        ImageError::Unsupported(_) => PhotoRefusal::Unsupported,
        ImageError::Decoding(_)
        | ImageError::Encoding(_)
        | ImageError::Parameter(_)
        | ImageError::Limits(_)
        | ImageError::IoError(_) => PhotoRefusal::Broken,
    }
}

/// Opaque RGB of 8 bits, what was transparent on white.
fn flatten(picture: DynamicImage) -> Result<DynamicImage, PhotoRefusal> {
    let rgb = if picture.color().has_alpha() { on_white(picture.into_rgba8()) } else { Some(picture.into_rgb8()) };
    rgb.map(DynamicImage::from).ok_or(PhotoRefusal::CannotReencode)
}

/// In place: three bytes are written where four were read.
fn on_white(picture: RgbaImage) -> Option<RgbImage> {
    let (width, height) = picture.dimensions();
    let mut bytes = picture.into_raw();
    let cells = std::cell::Cell::from_mut(bytes.as_mut_slice()).as_slice_of_cells();
    for (to, from) in cells.chunks_exact(3).zip(cells.chunks_exact(4)) {
        let [from @ .., alpha] = from else { continue };
        let alpha = u16::from(alpha.get());
        for (to, from) in to.iter().zip(from) {
            let mixed = (u16::from(from.get()) * alpha + 255 * (255 - alpha) + 127) / 255;
            to.set(u8::try_from(mixed).unwrap_or(u8::MAX));
        }
    }
    bytes.truncate(bytes.len() / 4 * 3);
    RgbImage::from_raw(width, height, bytes)
}

/// Bytes that [`flatten`] allocates: nothing for RGB and RGBA of 8 bits.
fn flattening(outline: &Outline) -> u64 {
    if matches!(outline.bytes_per_pixel, 3 | 4) { 0 } else { outline.pixels() * 4 }
}

/// From 7/4 of the wanted length on, the mean of each block of pixels looks as good as a filter and is several times
/// faster; nearer to it, blocks of one and of two pixels would leave stairs in lines. Photos of 12 megapixels (4032
/// pixels to 2048) are beyond it.
fn is_averaged(longest: u32, edge: u32) -> bool {
    u64::from(longest) * 4 >= u64::from(edge) * 7
}

/// Never makes a picture larger.
fn shrink(picture: DynamicImage, edge: u32) -> DynamicImage {
    let longest = picture.width().max(picture.height());
    if longest <= edge {
        return picture;
    }
    let scaled = |length: u32| {
        let rounded = (u64::from(length) * u64::from(edge) + u64::from(longest) / 2) / u64::from(longest);
        u32::try_from(rounded).unwrap_or(edge).max(1)
    };
    let (width, height) = (scaled(picture.width()), scaled(picture.height()));
    if is_averaged(longest, edge) {
        picture.thumbnail_exact(width, height)
    } else {
        picture.resize_exact(width, height, FilterType::CatmullRom)
    }
}

/// Bytes that [`shrink`] allocates beside its result.
fn shrinking(outline: &Outline) -> u64 {
    let longest = outline.longest_edge();
    if longest <= FULL_EDGE || is_averaged(longest, FULL_EDGE) {
        return 0;
    }
    // Columns go first, into four floats a pixel.
    u64::from(outline.width) * u64::from(FULL_EDGE) * 16
}

fn encode(picture: &DynamicImage) -> Result<Rendition, PhotoRefusal> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(picture).map_err(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "picture cannot be encoded");
        PhotoRefusal::CannotReencode
    })?;
    Ok(Rendition { media_type: "image/jpeg", width: picture.width(), height: picture.height(), bytes })
}
