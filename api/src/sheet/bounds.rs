//! What an archive holds is measured before anybody unpacks it into memory.

use std::io::{self, Cursor, Read, Write, copy};

use zip::ZipArchive;

use super::Unreadable;

/// All parts together, unpacked: a list of 20,000 rows takes about 8 MiB.
const MOST_UNPACKED: u64 = 64 * 1024 * 1024;
/// A workbook has some dozens.
const MOST_PARTS: usize = 1_000;

/// What was found out while all was unpacked and nothing kept.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Measured {
    /// What begins like a tag, in all parts together: so much work they are to read.
    pub tags: u64,
    /// A sheet does not end as sheets do.
    pub breaks_off: bool,
}

/// Counts the tags of one part, and remembers its end.
#[derive(Default)]
struct Gauge {
    tags: u64,
    end: Vec<u8>,
}

/// Behind the last tag may stand some empty lines.
const END: usize = 64;

impl Write for Gauge {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.tags += bytes.iter().map(|byte| u64::from(*byte == b'<')).sum::<u64>();
        self.end.extend_from_slice(bytes.get(bytes.len().saturating_sub(END)..).unwrap_or_default());
        self.end.drain(..self.end.len().saturating_sub(END));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub(super) fn check(file: &[u8]) -> Result<Measured, Unreadable> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| Unreadable::Broken)?;
    if archive.len() > MOST_PARTS {
        return Err(Unreadable::Unpacked);
    }
    let mut declared: u64 = 0;
    for part in 0..archive.len() {
        let part = archive.by_index_raw(part).map_err(|_| Unreadable::Broken)?;
        if part.encrypted() {
            return Err(Unreadable::OldOrLocked);
        }
        declared = declared.saturating_add(part.size());
    }
    if declared > MOST_UNPACKED {
        return Err(Unreadable::Unpacked);
    }
    // What is declared may be a lie, and parts may lie over each other.
    let (mut left, mut measured) = (MOST_UNPACKED, Measured::default());
    for part in 0..archive.len() {
        let part = archive.by_index(part).map_err(|_| Unreadable::Broken)?;
        let is_sheet = part.name().is_ok_and(|name| name.starts_with("xl/worksheets/") && name.ends_with(".xml"));
        let mut gauge = Gauge::default();
        let read = copy(&mut part.take(left + 1), &mut gauge).map_err(|_| Unreadable::Broken)?;
        left = left.checked_sub(read).ok_or(Unreadable::Unpacked)?;
        measured.tags += gauge.tags;
        measured.breaks_off |= is_sheet && !gauge.end.trim_ascii_end().ends_with(b"worksheet>");
    }
    Ok(measured)
}
