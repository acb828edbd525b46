//! Photos, made to measure or really taken.

use std::io::Cursor;
use std::path::PathBuf;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// A picture in four colours: no turn and no mirror leaves it as it is.
#[derive(Clone, Copy)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
}

impl Picture {
    pub fn jpeg(self) -> Vec<u8> {
        self.encoded(ImageFormat::Jpeg)
    }

    pub fn png(self) -> Vec<u8> {
        self.encoded(ImageFormat::Png)
    }

    pub fn webp(self) -> Vec<u8> {
        self.encoded(ImageFormat::WebP)
    }

    /// A JPEG that says in EXIF how it must be turned, 1 to 8.
    pub fn jpeg_turned(self, orientation: u8) -> Vec<u8> {
        let tiff = [b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", &[orientation, 0, 0, 0][..], &[0; 4]].concat();
        with_exif(&self.jpeg(), &tiff)
    }

    /// A JPEG that says in EXIF where it was taken: whole degrees and thousandths, north and east.
    pub fn jpeg_taken_at(self, latitude: (u32, u32), longitude: (u32, u32)) -> Vec<u8> {
        // One entry that points to the GPS directory at 26; its two coordinates lie at 80 and 104.
        let mut tiff =
            [b"II*\0\x08\0\0\0\x01\0\x25\x88\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0", &4_u16.to_le_bytes()[..]].concat();
        for (tag, kind, count, value) in [
            (1_u16, 2_u16, 2_u32, *b"N\0\0\0"),
            (2, 5, 3, [80, 0, 0, 0]),
            (3, 2, 2, *b"E\0\0\0"),
            (4, 5, 3, [104, 0, 0, 0]),
        ] {
            tiff.extend(tag.to_le_bytes());
            tiff.extend(kind.to_le_bytes());
            tiff.extend(count.to_le_bytes());
            tiff.extend(value);
        }
        tiff.extend([0; 4]);
        for (degrees, thousandths) in [latitude, longitude] {
            // A thousandth of a degree is 0.06 minutes; seconds stay zero.
            for number in [degrees, 1, thousandths * 6, 100, 0, 1] {
                tiff.extend(number.to_le_bytes());
            }
        }
        with_exif(&self.jpeg(), &tiff)
    }

    fn encoded(self, format: ImageFormat) -> Vec<u8> {
        let (width, height) = (self.width, self.height);
        let picture = RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
            (true, true) => Rgb([220, 20, 20]),
            (false, true) => Rgb([20, 200, 20]),
            (true, false) => Rgb([20, 20, 220]),
            (false, false) => Rgb([255, 255, 255]),
        });
        let mut file = Cursor::new(Vec::new());
        DynamicImage::from(picture).write_to(&mut file, format).expect("a picture");
        file.into_inner()
    }
}

/// A JPEG that cannot be made small.
pub fn noise(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let mixed = (x.wrapping_mul(0x9E37_79B9) ^ y.wrapping_mul(0x85EB_CA6B)).wrapping_mul(0xC2B2_AE35);
        Rgb([mixed >> 8, mixed >> 16, mixed >> 24].map(|part| part as u8))
    });
    let mut file = Cursor::new(Vec::new());
    DynamicImage::from(picture).write_to(&mut file, ImageFormat::Jpeg).expect("a picture");
    file.into_inner()
}

fn with_exif(jpeg: &[u8], tiff: &[u8]) -> Vec<u8> {
    let body = [b"Exif\0\0", tiff].concat();
    let length = u16::try_from(body.len() + 2).expect("a short segment").to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &body, &jpeg[2..]].concat()
}

/// The folder with real photos and real messages, beside the project; never part of it.
pub fn shared_data() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data")
}

/// A picture that a phone or a camera really took.
pub fn real_photo(name: &str) -> Vec<u8> {
    let file = shared_data().join("photos").join(name);
    std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
