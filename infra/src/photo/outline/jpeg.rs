//! JPEG markers (ITU-T T.81, annex B).

use super::{Outline, u16_be};

const START_OF_IMAGE: u8 = 0xD8;
const END_OF_IMAGE: u8 = 0xD9;
const START_OF_SCAN: u8 = 0xDA;
/// The one other marker without a body, beside the restarts.
const TEMPORARY: u8 = 0x01;

/// A 20 MB file full of metadata has some 320 segments, a progressive one some hundred more. Beyond this the file was
/// made to keep the decoder busy, whose work on extended XMP grows with the square of their number.
const MAX_SEGMENTS: usize = 2_000;

pub(super) fn outline(file: &[u8]) -> Option<Outline> {
    let mut frame = None;
    let mut scans = 0;
    let mut at = 0;
    for _ in 0..MAX_SEGMENTS {
        let (marker, body) = next_marker(file, at)?;
        at = body;
        match marker {
            END_OF_IMAGE => return frame.filter(|_| scans > 0).map(|frame: Frame| frame.outline(scans, body)),
            START_OF_IMAGE | TEMPORARY => continue,
            START_OF_SCAN => scans += 1,
            _ if is_frame(marker) => frame = Some(Frame::read(marker, file.get(body..)?)?),
            _ => {}
        }
        at += usize::from(u16_be(file, body)?);
    }
    None
}

/// The next marker at or after `at`, and where its body starts. Compressed data between markers is passed over: there
/// 0xFF is followed by a zero or a restart number.
fn next_marker(file: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        at += file.get(at..)?.iter().position(|&byte| byte == 0xFF)?;
        match *file.get(at + 1)? {
            0xFF => at += 1,
            0x00 | 0xD0..=0xD7 => at += 2,
            marker => return Some((marker, at + 2)),
        }
    }
}

/// SOF0 to SOF15; DHT, JPG and DAC have numbers between them.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

struct Frame {
    width: u16,
    height: u16,
    components: u8,
    /// Of all components' coefficients together.
    coefficient_bytes: u64,
    sequential: bool,
}

impl Frame {
    fn read(marker: u8, segment: &[u8]) -> Option<Self> {
        // Length, precision, height, width, number of components; then id, sampling and table of each.
        let (height, width, components) = (u16_be(segment, 3)?, u16_be(segment, 5)?, *segment.get(7)?);
        let sampling = segment.get(8..8 + 3 * usize::from(components))?.iter().skip(1).step_by(3);
        let (across, down) = (sampling.clone().map(|s| u64::from(s >> 4)), sampling.map(|s| u64::from(s & 0x0F)));
        let (widest, tallest) = (across.clone().max()?.max(1), down.clone().max()?.max(1));
        let blocks_in_unit: u64 = across.zip(down).map(|(across, down)| across * down).sum();
        let units = u64::from(width).div_ceil(8 * widest) * u64::from(height).div_ceil(8 * tallest);
        Some(Self {
            width,
            height,
            components,
            // 64 coefficients of 16 bits in a block.
            coefficient_bytes: units * blocks_in_unit * 64 * 2,
            sequential: matches!(marker, 0xC0 | 0xC1),
        })
    }

    fn outline(self, scans: usize, length: usize) -> Outline {
        // Where one scan brings everything, the decoder goes row by row; otherwise it collects all coefficients.
        let coefficients = if self.sequential && scans == 1 { 0 } else { self.coefficient_bytes };
        // Some rows of 8 lines for each component, as coefficients and as samples.
        let rows = u64::from(self.width) * u64::from(self.components) * 128;
        Outline {
            width: u32::from(self.width),
            height: u32::from(self.height),
            bytes_per_pixel: if self.components == 1 { 1 } else { 3 },
            // The decoder copies the file first.
            scratch: coefficients + rows + length as u64,
            length,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(marker: u8) -> Vec<u8> {
        // 16 x 8 pixels, three components, the first with twice the samples across.
        let body = [0, 17, 8, 0, 8, 0, 16, 3, 1, 0x21, 0, 2, 0x11, 1, 3, 0x11, 1];
        [&[0xFF, marker][..], &body].concat()
    }

    const SCAN: &[u8] = &[0xFF, 0xDA, 0, 3, 0, 0x12, 0xFF, 0x00, 0xFF, 0xD3, 0x34];
    const END: &[u8] = &[0xFF, 0xD9];

    fn file(parts: &[&[u8]]) -> Vec<u8> {
        [&[0xFF, 0xD8][..], &parts.concat()].concat()
    }

    #[test]
    fn reads_size_and_end_and_leaves_the_trailer() {
        let picture = file(&[&frame(0xC0), SCAN, END]);
        let outline = outline(&[&picture[..], b"ftyp video"].concat()).unwrap();
        assert_eq!((outline.width, outline.height, outline.bytes_per_pixel), (16, 8, 3));
        assert_eq!(outline.length, picture.len());
    }

    #[test]
    fn progressive_and_many_scans_keep_all_coefficients() {
        let scratch = |file: Vec<u8>| outline(&file).unwrap().scratch - file.len() as u64;
        let once = scratch(file(&[&frame(0xC0), SCAN, END]));
        let four_blocks = 4 * 64 * 2;
        assert_eq!(scratch(file(&[&frame(0xC2), SCAN, END])), once + four_blocks);
        assert_eq!(scratch(file(&[&frame(0xC0), SCAN, SCAN, END])), once + four_blocks);
    }

    #[test]
    fn an_end_inside_a_segment_does_not_count() {
        let preview = [0xFF, 0xE1, 0, 6, 0xFF, 0xD8, 0xFF, 0xD9];
        assert!(outline(&file(&[&preview, &frame(0xC0), SCAN])).is_none());
        assert!(outline(&file(&[&preview, &frame(0xC0), SCAN, END])).is_some());
    }

    #[test]
    fn every_shorter_file_is_cut_off() {
        let picture = file(&[&frame(0xC0), SCAN, END]);
        assert!((0..picture.len()).all(|end| outline(&picture[..end]).is_none()));
    }

    #[test]
    fn a_flood_of_segments_is_refused() {
        let comment: &[u8] = &[0xFF, 0xFE, 0, 2];
        let flood = comment.repeat(MAX_SEGMENTS);
        assert!(outline(&file(&[&flood, &frame(0xC0), SCAN, END])).is_none());
    }
}
