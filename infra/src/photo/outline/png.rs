//! PNG chunks (W3C PNG specification, third edition, sections 5 and 11).

use super::{Outline, u32_be};

const SIGNATURE: usize = 8;
/// Length, type and checksum around a chunk's data.
const AROUND: usize = 12;

/// Photos and screenshots have a few dozen chunks that are no pixels. Each one costs the decoder more memory than it
/// takes in the file.
const MAX_EXTRA_CHUNKS: usize = 1_000;

/// Bytes that the decoder may use for profiles and texts; compressed ones that unfold to more are refused.
pub const MAX_METADATA: u64 = 16 * 1024 * 1024;

pub(super) fn outline(file: &[u8]) -> Option<Outline> {
    let header = Header::read(file)?;
    let mut extra = 0;
    let mut at = SIGNATURE;
    loop {
        let (length, kind) = (u32_be(file, at)? as usize, file.get(at + 4..at + 8)?);
        at += AROUND + length;
        if at > file.len() {
            return None;
        }
        match kind {
            b"IEND" => return Some(header.outline(at)),
            // Pixels of the picture and of an animation's further frames.
            b"IDAT" | b"fdAT" | b"fcTL" => {}
            _ if extra == MAX_EXTRA_CHUNKS => return None,
            _ => extra += 1,
        }
    }
}

struct Header {
    width: u32,
    height: u32,
    bytes_per_pixel: u64,
}

impl Header {
    fn read(file: &[u8]) -> Option<Self> {
        let chunk = file.get(SIGNATURE..)?;
        if !chunk.starts_with(b"\0\0\0\x0DIHDR") {
            return None;
        }
        let (width, height) = (u32_be(chunk, 8)?, u32_be(chunk, 12)?);
        let (depth, colour) = (*chunk.get(16)?, *chunk.get(17)?);
        // A tRNS chunk adds an alpha channel to any of these but those that have one.
        let channels = match colour {
            0 | 4 => 2,
            2 | 3 | 6 => 4,
            _ => return None,
        };
        Some(Self { width, height, bytes_per_pixel: if depth == 16 { 2 * channels } else { channels } })
    }

    fn outline(self, length: usize) -> Outline {
        // The row before, the row itself and room for reading ahead.
        let rows = 4 * u64::from(self.width) * self.bytes_per_pixel;
        Outline {
            width: self.width,
            height: self.height,
            bytes_per_pixel: self.bytes_per_pixel,
            scratch: MAX_METADATA + rows,
            length,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        [&u32::try_from(data.len()).unwrap().to_be_bytes()[..], kind, data, &[0; 4]].concat()
    }

    fn file(depth: u8, colour: u8, between: &[u8]) -> Vec<u8> {
        let header = [0, 0, 0, 40, 0, 0, 0, 30, depth, colour, 0, 0, 0];
        [b"\x89PNG\r\n\x1A\n", &chunk(b"IHDR", &header)[..], between, &chunk(b"IDAT", &[1, 2, 3]), &chunk(b"IEND", &[])]
            .concat()
    }

    #[test]
    fn reads_size_and_end_and_leaves_the_trailer() {
        let picture = file(8, 2, &[]);
        let outline = outline(&[&picture[..], b"trailer"].concat()).unwrap();
        assert_eq!((outline.width, outline.height, outline.length), (40, 30, picture.len()));
    }

    #[test]
    fn counts_alpha_that_may_come_and_sixteen_bits() {
        let bytes_per_pixel = |depth, colour| outline(&file(depth, colour, &[])).map(|o| o.bytes_per_pixel);
        assert_eq!([0, 2, 3, 4, 6].map(|colour| bytes_per_pixel(8, colour)), [2, 4, 4, 2, 4].map(Some));
        assert_eq!(bytes_per_pixel(16, 6), Some(8));
        assert_eq!(bytes_per_pixel(8, 5), None);
    }

    #[test]
    fn every_shorter_file_is_cut_off() {
        let picture = file(8, 6, &chunk(b"tEXt", b"Comment\0hello"));
        assert!((0..picture.len()).all(|end| outline(&picture[..end]).is_none()));
    }

    #[test]
    fn a_flood_of_chunks_is_refused() {
        assert!(outline(&file(8, 6, &chunk(b"tEXt", b"a\0").repeat(MAX_EXTRA_CHUNKS + 1))).is_none());
        assert!(outline(&file(8, 6, &chunk(b"IDAT", b"a").repeat(MAX_EXTRA_CHUNKS + 1))).is_some());
    }
}
