//! WebP chunks (RFC 9649, section 2).

use super::{Outline, u32_le};

/// "RIFF", the size of what follows, "WEBP".
const FILE_HEADER: usize = 12;
/// Type and size before a chunk's data.
const CHUNK_HEADER: usize = 8;
/// Position, size and duration before an animation frame's own chunks.
const FRAME_HEADER: usize = 16;

pub(super) fn outline(file: &[u8]) -> Option<Outline> {
    let length = CHUNK_HEADER.checked_add(u32_le(file, 4)? as usize)?;
    let picture = file.get(..length)?;
    let mut seen = Seen::default();
    let mut at = FILE_HEADER;
    while at + CHUNK_HEADER <= length {
        let size = u32_le(picture, at + 4)? as usize;
        let data = at + CHUNK_HEADER;
        let end = data + size;
        let kind = picture.get(at..at + 4)?;
        seen.take(kind, picture.get(data..end)?)?;
        // The chunks inside a frame are looked at too. An odd size is followed by a byte of padding.
        at = if kind == b"ANMF" { data + FRAME_HEADER } else { end + size % 2 };
    }
    seen.outline(length)
}

#[derive(Default)]
struct Seen {
    canvas: Option<(u32, u32)>,
    /// The largest edges of any bitstream.
    width: u32,
    height: u32,
    lossless: bool,
    alpha: bool,
    animated: bool,
}

impl Seen {
    /// `None` where the chunk is not as it must be.
    fn take(&mut self, kind: &[u8], data: &[u8]) -> Option<()> {
        match kind {
            b"VP8X" => {
                let flags = data.first()?;
                self.alpha |= flags & 0x10 != 0;
                self.animated |= flags & 0x02 != 0;
                self.canvas = Some((u24(data, 4)? + 1, u24(data, 7)? + 1));
            }
            // RFC 6386, section 9.1: three bytes of frame tag, a start code, 14 bits each.
            b"VP8 " => {
                let start = data.get(3..6)? == [0x9D, 0x01, 0x2A];
                let size = start.then(|| u32_le(data, 6))??;
                self.grow(size & 0x3FFF, (size >> 16) & 0x3FFF);
            }
            // RFC 9649, section 3.4: a signature, 14 bits each less one, a bit for alpha.
            b"VP8L" => {
                let size = (*data.first()? == 0x2F).then(|| u32_le(data, 1))??;
                self.grow((size & 0x3FFF) + 1, ((size >> 14) & 0x3FFF) + 1);
                self.lossless = true;
                self.alpha |= size & (1 << 28) != 0;
            }
            _ => {}
        }
        Some(())
    }

    fn grow(&mut self, width: u32, height: u32) {
        self.width = self.width.max(width);
        self.height = self.height.max(height);
    }

    fn outline(self, length: usize) -> Option<Outline> {
        let (width, height) = self.canvas.unwrap_or((self.width, self.height));
        // The decoder allocates for the bitstream before it compares, so a small canvas must not hide a huge one.
        if self.width == 0 || self.width > width || self.height > height {
            return None;
        }
        let pixels = u64::from(width) * u64::from(height);
        Some(Outline {
            width,
            height,
            bytes_per_pixel: if self.alpha { 4 } else { 3 },
            // The decoder copies what is compressed.
            scratch: pixels * self.scratch_per_pixel() + length as u64,
            length,
        })
    }

    /// Bytes that image-webp allocates for each pixel beside its output.
    fn scratch_per_pixel(&self) -> u64 {
        // Luma and halved chroma.
        let lossy = 2;
        // Alpha comes as a lossless picture of its own, of which one channel is kept.
        let alpha = 5;
        match (self.animated, self.lossless, self.alpha) {
            // The canvas and the frame.
            (true, _, _) => 8 + lossy + alpha,
            (false, true, _) => 4,
            (false, false, true) => lossy + alpha,
            (false, false, false) => lossy,
        }
    }
}

fn u24(bytes: &[u8], at: usize) -> Option<u32> {
    let [a, b, c] = *bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes([a, b, c, 0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        [kind, &u32::try_from(data.len()).unwrap().to_le_bytes()[..], data, &[0][..data.len() % 2]].concat()
    }

    fn file(chunks: &[Vec<u8>]) -> Vec<u8> {
        chunk(b"RIFF", &[b"WEBP", &chunks.concat()[..]].concat())
    }

    fn canvas(flags: u8, width: u8, height: u8) -> Vec<u8> {
        chunk(b"VP8X", &[flags, 0, 0, 0, width - 1, 0, 0, height - 1, 0, 0])
    }

    fn lossy(width: u8, height: u8) -> Vec<u8> {
        chunk(b"VP8 ", &[0, 0, 0, 0x9D, 0x01, 0x2A, width, 0, height, 0, 0xAA])
    }

    fn lossless(width: u32, height: u32) -> Vec<u8> {
        chunk(b"VP8L", &[&[0x2F][..], &((width - 1) | (height - 1) << 14).to_le_bytes()].concat())
    }

    fn size(file: &[u8]) -> Option<(u32, u32)> {
        outline(file).map(|outline| (outline.width, outline.height))
    }

    #[test]
    fn reads_the_size_of_each_kind() {
        assert_eq!(size(&file(&[lossy(40, 30)])), Some((40, 30)));
        assert_eq!(size(&file(&[lossless(16_000, 3_000)])), Some((16_000, 3_000)));
        assert_eq!(size(&file(&[canvas(0, 40, 30), chunk(b"ICCP", b"odd"), lossy(40, 30)])), Some((40, 30)));
    }

    #[test]
    fn a_bitstream_larger_than_its_canvas_is_refused() {
        assert_eq!(size(&file(&[canvas(0, 40, 30), lossless(16_000, 30)])), None);
        let frame = chunk(b"ANMF", &[&[0; FRAME_HEADER][..], &lossy(40, 31)].concat());
        assert_eq!(size(&file(&[canvas(2, 40, 30), frame])), None);
    }

    #[test]
    fn leaves_the_trailer_and_refuses_every_shorter_file() {
        let picture = file(&[canvas(0, 40, 30), lossy(40, 30)]);
        assert_eq!(outline(&[&picture[..], b"EXIF\xFF\xFF\xFF\xFF"].concat()).unwrap().length, picture.len());
        assert!((0..picture.len()).all(|end| outline(&picture[..end]).is_none()));
    }

    #[test]
    fn a_file_without_a_picture_is_refused() {
        assert_eq!(size(&file(&[canvas(0, 40, 30)])), None);
    }
}
