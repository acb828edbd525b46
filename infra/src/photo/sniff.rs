//! What a file is, by its content; names and declared media types are not looked at.

use domain::attachment::PhotoRefusal;
use image::ImageFormat;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Jpeg,
    Png,
    WebP,
}

impl From<Kind> for ImageFormat {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Jpeg => Self::Jpeg,
            Kind::Png => Self::Png,
            Kind::WebP => Self::WebP,
        }
    }
}

pub(super) fn sniff(file: &[u8]) -> Result<Kind, PhotoRefusal> {
    match image::guess_format(file) {
        Ok(ImageFormat::Jpeg) => Ok(Kind::Jpeg),
        Ok(ImageFormat::Png) => Ok(Kind::Png),
        Ok(ImageFormat::WebP) => Ok(Kind::WebP),
        _ if is_heic(file) => Err(PhotoRefusal::Heic),
        _ => Err(PhotoRefusal::Unsupported),
    }
}

/// Brands of HEIF files with HEVC pictures (ISO/IEC 23008-12, annex B); `mif1` and `msf1` say HEIF without a codec,
/// as older iPhones do.
const HEIC_BRANDS: [&[u8; 4]; 10] =
    [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"];
/// The same container with AV1, which no phone setting switches off.
const AVIF_BRANDS: [&[u8; 4]; 2] = [b"avif", b"avis"];

fn is_heic(file: &[u8]) -> bool {
    let has = |known: &[&[u8; 4]]| brands(file).any(|brand| known.iter().any(|known| brand == known.as_slice()));
    has(&HEIC_BRANDS) && !has(&AVIF_BRANDS)
}

/// The major and compatible brands of an ISO base media file (ISO/IEC 14496-12, 4.3); none for other files.
/// The minor version between them is taken along; as a number it matches no brand.
fn brands(file: &[u8]) -> impl Iterator<Item = &[u8]> {
    let size = match file.first_chunk() {
        Some(size) if file.get(4..8) == Some(b"ftyp") => u32::from_be_bytes(*size) as usize,
        _ => 0,
    };
    file.get(8..size.min(file.len())).unwrap_or_default().chunks_exact(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_three_by_their_first_bytes() {
        assert_eq!(sniff(b"\xFF\xD8\xFF\xE1rest"), Ok(Kind::Jpeg));
        assert_eq!(sniff(b"\x89PNG\r\n\x1A\nrest"), Ok(Kind::Png));
        assert_eq!(sniff(b"RIFF\x10\0\0\0WEBPVP8 "), Ok(Kind::WebP));
    }

    #[test]
    fn heic_by_major_or_compatible_brand() {
        assert_eq!(sniff(b"\0\0\0\x14ftypheic\0\0\0\0mif1"), Err(PhotoRefusal::Heic));
        assert_eq!(sniff(b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic"), Err(PhotoRefusal::Heic));
        assert_eq!(sniff(b"\0\0\0\x18ftypisom\0\0\0\0isomheic"), Err(PhotoRefusal::Heic));
    }

    #[test]
    fn everything_else_is_unsupported() {
        let others: [&[u8]; 14] = [
            b"",
            b"\xFF\xD8",
            b"GIF89a",
            b"BM\x46\0\0\0",
            b"%PDF-1.7",
            b"<!DOCTYPE html><script>alert(1)</script>",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            b"PK\x03\x04",
            b"MZ\x90\0",
            b"II*\0\x08\0\0\0",
            b"RIFF\x10\0\0\0WAVEfmt ",
            b"\0\0\0\x18ftypmp42\0\0\0\0isommp42",
            b"\0\0\0\x1Cftypmif1\0\0\0\0mif1avifmiaf",
            b"\xFF\xFF\xFF\xFFftyp",
        ];
        for file in others {
            assert_eq!(sniff(file), Err(PhotoRefusal::Unsupported), "{}", file.escape_ascii());
        }
    }
}
