//! What a picture says of itself, read without decoding or allocating anything.
//!
//! The decoders forgive a missing end and trust declared sizes; a stranger's file gets neither. So each format's
//! frame of markers or chunks is walked once, from the start to the end that the format itself defines.

mod jpeg;
mod png;
mod webp;

use super::sniff::Kind;

pub(super) use png::MAX_METADATA;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outline {
    /// Pixels.
    pub width: u32,
    pub height: u32,
    /// Of the decoder's output.
    pub bytes_per_pixel: u64,
    /// Bytes that the decoder allocates beside its output, at most.
    pub scratch: u64,
    /// Bytes of the file that are the picture. Phones append videos and depth maps, which nobody decodes.
    pub length: usize,
}

impl Outline {
    /// `None` where the picture is cut off or is not what its first bytes promise.
    pub fn read(kind: Kind, file: &[u8]) -> Option<Self> {
        let outline = match kind {
            Kind::Jpeg => jpeg::outline(file),
            Kind::Png => png::outline(file),
            Kind::WebP => webp::outline(file),
        }?;
        (outline.pixels() > 0).then_some(outline)
    }

    pub fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    pub fn longest_edge(&self) -> u32 {
        self.width.max(self.height)
    }
}

fn u16_be(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_be(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_le(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
