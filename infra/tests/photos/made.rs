//! Pictures and broken pictures, made to measure.

use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageFormat, Rgb, RgbImage};

pub const RED: Rgb<u8> = Rgb([220, 20, 20]);
pub const GREEN: Rgb<u8> = Rgb([20, 200, 20]);
pub const BLUE: Rgb<u8> = Rgb([20, 20, 220]);
pub const WHITE: Rgb<u8> = Rgb([255, 255, 255]);

/// Red, green / blue, white: no turn and no mirror leaves it as it is.
pub fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => RED,
        (false, true) => GREEN,
        (true, false) => BLUE,
        (false, false) => WHITE,
    })
}

pub fn encoded(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.into().write_to(&mut file, format).unwrap();
    file.into_inner()
}

pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    encoded(quarters(width, height), ImageFormat::Jpeg)
}

pub fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(quarters(width, height), ImageFormat::Png)
}

/// Lossless.
pub fn webp(width: u32, height: u32) -> Vec<u8> {
    encoded(quarters(width, height), ImageFormat::WebP)
}

/// EXIF with one entry.
pub fn exif_orientation(value: u8) -> Vec<u8> {
    [b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", &[value, 0, 0, 0][..], &[0; 4]].concat()
}

/// Puts a segment right after the start of the image.
pub fn with_segment(jpeg: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, marker], &length, body, &jpeg[2..]].concat()
}

pub fn with_exif(jpeg: &[u8], exif: &[u8]) -> Vec<u8> {
    with_segment(jpeg, 0xE1, &[b"Exif\0\0", exif].concat())
}

/// Puts a chunk right after the header.
pub fn with_chunk(png: &[u8], kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let header_end = 33;
    [&png[..header_end], &png_chunk(kind, data), &png[header_end..]].concat()
}

fn png_chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let checked = [kind, data].concat();
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length[..], &checked, &crc32(&checked).to_be_bytes()].concat()
}

/// Bit by bit; see the PNG specification, annex D.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 })
    })
}

/// A PNG whose header claims a size and which has next to no pixels.
pub fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 6, 0, 0, 0]);
    let chunks = [png_chunk(b"IHDR", &header), png_chunk(b"IDAT", &[0x78, 0x9C, 3, 0]), png_chunk(b"IEND", &[])];
    [b"\x89PNG\r\n\x1A\n", &chunks.concat()[..]].concat()
}

/// A zlib stream that unfolds to 64 MB of zeros: the pixels of a black PNG.
pub fn unfolding() -> Vec<u8> {
    let png = encoded(GrayImage::new(8_000, 8_000), ImageFormat::Png);
    let mut stream = Vec::new();
    let mut rest = &png[8..];
    while let [a, b, c, d, kind @ ..] = rest {
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        if kind.starts_with(b"IDAT") {
            stream.extend(&kind[4..4 + length]);
        }
        rest = &rest[12 + length..];
    }
    stream
}

/// What no encoder at hand writes, as bytes of files made with Pillow 13.
pub mod rare {
    /// 16 x 16, red: no cyan, full magenta and yellow, no black; inverted as Adobe does.
    pub const CMYK_JPEG: &str = "ffd8ffee000e41646f626500640000000000ffdb0043001b12141714111b1716171e1c1b2028422b282525\
        28513a3d3042605565645f555d5b6a7899816a7190735b5d85b586909ea3abadab6780bcc9baa6c799a8aba4ffc0001408001000100443\
        11004d11005911004b1100ffc4001500010100000000000000000000000000000006ffc400141001000000000000000000000000000000\
        00ffda000e0443004d0059004b00003f00a64ca654c000000fffd9";
    /// 16 x 8, dark left, light right.
    pub const PROGRESSIVE_JPEG: &str = "ffd8ffe000104a46494600010100000100010000ffdb0043001b12141714111b1716171e1c1b20\
        28422b28252528513a3d3042605565645f555d5b6a7899816a7190735b5d85b586909ea3abadab6780bcc9baa6c799a8aba4ffc2000b08\
        0008001001011100ffc4001500010100000000000000000000000000000405ffda00080101000000012d7fffc400141001000000000000\
        00000000000000000010ffda00080101000105023fffc40014100100000000000000000000000000000010ffda0008010100063f023fff\
        c40014100100000000000000000000000000000010ffda0008010100013f213fffda00080101000000107fffc400141001000000000000\
        00000000000000000010ffda0008010100013f103fffd9";
    /// 16 x 16, red, then blue.
    pub const ANIMATED_WEBP: &str = "524946468400000057454250565038580a000000020000000f00000f0000414e494d06000000000000\
        000000414e4d46280000000000000000000f00000f0000640000005650384c0f0000002f0fc003000710fd8ffe0722a2ff0100414e4d46\
        280000000000000000000f00000f0000640000005650384c0f0000002f0fc003000710d1fffe0722a2ff0100";
    /// 16 x 16, blue and wholly transparent.
    pub const TRANSPARENT_LOSSY_WEBP: &str = "524946465a00000057454250565038580a000000100000000f00000f0000414c50480900\
        000001071011118888fe0700565038202a0000007001009d012a1000100004006825a0027401400000fef09b43ff424fffe26cfffa4d9f\
        08a8c26923b000";

    pub fn file(hex: &str) -> Vec<u8> {
        let digit = |byte: u8| u8::try_from(char::from(byte).to_digit(16).unwrap()).unwrap();
        hex.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
    }
}
