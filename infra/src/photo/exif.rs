//! Two facts out of EXIF: how the camera was held and where it was.
//!
//! EXIF is a TIFF structure (CIPA DC-008, TIFF 6.0) that a stranger wrote. Only the wanted entries are looked up, and
//! nothing is allocated: general readers collect all entries, and 60 KB of overlapping directories make millions.
//! What cannot be read is as if it were not there; it never spoils a photo.

use domain::place::coordinates::Wgs84;
use image::metadata::Orientation;

const ORIENTATION: u16 = 0x0112;
const GPS_DIRECTORY: u16 = 0x8825;
const GPS_LATITUDE_REF: u16 = 1;
const GPS_LATITUDE: u16 = 2;
const GPS_LONGITUDE_REF: u16 = 3;
const GPS_LONGITUDE: u16 = 4;
/// The type of a value that is two unsigned numbers of 32 bits, a fraction.
const RATIONAL: u16 = 5;

pub(super) struct Exif<'a> {
    /// Starts at the TIFF header, from which all offsets count.
    tiff: &'a [u8],
    little_endian: bool,
    /// Offset of the first directory.
    primary: usize,
}

impl<'a> Exif<'a> {
    /// Some writers of WebP put JPEG's prefix before the TIFF header.
    pub fn parse(data: &'a [u8]) -> Option<Self> {
        let tiff = data.strip_prefix(b"Exif\0\0").unwrap_or(data);
        let little_endian = match tiff.first_chunk()? {
            b"II*\0" => true,
            b"MM\0*" => false,
            _ => return None,
        };
        let start = Self { tiff, little_endian, primary: 0 };
        let primary = start.u32(4)?;
        Some(Self { primary, ..start })
    }

    pub fn orientation(&self) -> Orientation {
        let value = self.entry(self.primary, ORIENTATION).and_then(|entry| self.u16(entry + 8));
        value.and_then(|value| Orientation::from_exif(u8::try_from(value).ok()?)).unwrap_or(Orientation::NoTransforms)
    }

    /// `None` too for 0° N 0° E, which cameras write that found no satellite.
    pub fn taken_at_place(&self) -> Option<Wgs84> {
        let gps = self.u32(self.entry(self.primary, GPS_DIRECTORY)? + 8)?;
        let lat = self.angle(gps, GPS_LATITUDE, GPS_LATITUDE_REF, b'S')?;
        let lon = self.angle(gps, GPS_LONGITUDE, GPS_LONGITUDE_REF, b'W')?;
        if lat == 0.0 && lon == 0.0 {
            return None;
        }
        Wgs84::new(lat, lon).ok()
    }

    /// Degrees, from three fractions of degrees, minutes and seconds.
    fn angle(&self, directory: usize, tag: u16, reference: u16, negative: u8) -> Option<f64> {
        let entry = self.entry(directory, tag)?;
        if (self.u16(entry + 2)?, self.u32(entry + 4)?) != (RATIONAL, 3) {
            return None;
        }
        let values = self.u32(entry + 8)?;
        let [degrees, minutes, seconds] = [0, 8, 16].map(|offset| self.fraction(values.checked_add(offset)?));
        let angle = degrees? + minutes? / 60.0 + seconds.unwrap_or(0.0) / 3600.0;
        let side = *self.tiff.get(self.entry(directory, reference)? + 8)?;
        Some(if side == negative { -angle } else { angle })
    }

    fn fraction(&self, at: usize) -> Option<f64> {
        let (numerator, denominator) = (self.u32(at)?, self.u32(at.checked_add(4)?)?);
        (denominator != 0).then(|| numerator as f64 / denominator as f64)
    }

    /// Offset of the 12 bytes of an entry: tag, type, count, then the value or its offset.
    fn entry(&self, directory: usize, tag: u16) -> Option<usize> {
        let count = usize::from(self.u16(directory)?);
        (0..count).map(|n| directory + 2 + 12 * n).find(|&entry| self.u16(entry) == Some(tag))
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let bytes = *self.tiff.get(at..)?.first_chunk()?;
        Some(if self.little_endian { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    }

    /// As an offset or a number; both are used as `usize`.
    fn u32(&self, at: usize) -> Option<usize> {
        let bytes = *self.tiff.get(at..)?.first_chunk()?;
        let value = if self.little_endian { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) };
        usize::try_from(value).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Little-endian entries of the first directory at 8, of the GPS directory at 100, fractions at 200 and 300.
    fn exif(primary: &[[u32; 3]], gps: &[[u32; 3]], fractions: [[u32; 6]; 2]) -> Vec<u8> {
        let mut tiff = vec![0; 400];
        tiff[..8].copy_from_slice(b"II*\0\x08\0\0\0");
        for (at, entries) in [(8, primary), (100, gps)] {
            tiff[at] = u8::try_from(entries.len()).unwrap();
            for (n, [tag_and_type, count, value]) in entries.iter().enumerate() {
                put(&mut tiff, at + 2 + 12 * n, &[*tag_and_type, *count, *value]);
            }
        }
        put(&mut tiff, 200, &fractions[0]);
        put(&mut tiff, 300, &fractions[1]);
        tiff
    }

    fn put(tiff: &mut [u8], at: usize, values: &[u32]) {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        tiff[at..at + bytes.len()].copy_from_slice(&bytes);
    }

    const fn typed(tag: u16, kind: u32) -> u32 {
        kind << 16 | tag as u32
    }

    const GPS: [u32; 3] = [typed(GPS_DIRECTORY, 4), 1, 100];

    fn gps(north_or_south: u8, east_or_west: u8) -> [[u32; 3]; 4] {
        [
            [typed(GPS_LATITUDE_REF, 2), 2, north_or_south.into()],
            [typed(GPS_LATITUDE, 5), 3, 200],
            [typed(GPS_LONGITUDE_REF, 2), 2, east_or_west.into()],
            [typed(GPS_LONGITUDE, 5), 3, 300],
        ]
    }

    const SHIJIAZHUANG: [[u32; 6]; 2] = [[38, 1, 3, 1, 0, 1], [114, 1, 28, 1, 1200, 100]];

    fn place(tiff: &[u8]) -> Option<(f64, f64)> {
        Exif::parse(tiff)?.taken_at_place().map(|place| (place.lat(), place.lon()))
    }

    #[test]
    fn reads_how_the_camera_was_held() {
        for (value, held) in
            [(1, Orientation::NoTransforms), (6, Orientation::Rotate90), (9, Orientation::NoTransforms)]
        {
            let tiff = exif(&[[typed(ORIENTATION, 3), 1, value]], &[], SHIJIAZHUANG);
            assert_eq!(Exif::parse(&tiff).unwrap().orientation(), held);
            let prefixed = [b"Exif\0\0", &tiff[..]].concat();
            assert_eq!(Exif::parse(&prefixed).unwrap().orientation(), held);
        }
    }

    #[test]
    fn reads_the_place_in_all_four_quarters() {
        let (lat, lon) = (38.05, 114.47);
        for (ns, ew, expected) in
            [(b'N', b'E', (lat, lon)), (b'S', b'E', (-lat, lon)), (b'N', b'W', (lat, -lon)), (b'S', b'W', (-lat, -lon))]
        {
            assert_eq!(place(&exif(&[GPS], &gps(ns, ew), SHIJIAZHUANG)), Some(expected));
        }
    }

    #[test]
    fn no_fix_is_no_place() {
        assert_eq!(place(&exif(&[GPS], &gps(b'N', b'E'), [[0, 1, 0, 1, 0, 1]; 2])), None);
        assert_eq!(place(&exif(&[GPS], &gps(b'N', b'E'), [[0; 6]; 2])), None);
        assert_eq!(place(&exif(&[GPS], &gps(b'N', b'E'), [[91, 1, 0, 1, 0, 1]; 2])), None);
        assert_eq!(place(&exif(&[GPS], &[], SHIJIAZHUANG)), None);
        assert_eq!(place(&exif(&[], &[], SHIJIAZHUANG)), None);
    }

    #[test]
    fn survives_every_cut_and_every_flipped_byte() {
        let whole = exif(&[[typed(ORIENTATION, 3), 1, 6], GPS], &gps(b'N', b'E'), SHIJIAZHUANG);
        let look = |tiff: &[u8]| Exif::parse(tiff).map(|exif| (exif.orientation(), exif.taken_at_place()));
        for at in 0..whole.len() {
            look(&whole[..at]);
            let mut flipped = whole.clone();
            flipped[at] ^= 0xFF;
            look(&flipped);
        }
    }
}
