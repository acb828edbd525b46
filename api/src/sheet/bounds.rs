//! What an archive holds is measured before anybody unpacks it into memory.

use std::io::{Cursor, Read, copy, sink};

use zip::ZipArchive;

use super::Unreadable;

/// All parts together, unpacked: a list of 20,000 rows takes about 8 MiB.
const MOST_UNPACKED: u64 = 64 * 1024 * 1024;
/// A workbook has some dozens.
const MOST_PARTS: usize = 1_000;

pub(super) fn check(file: &[u8]) -> Result<(), Unreadable> {
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
    let mut left = MOST_UNPACKED;
    for part in 0..archive.len() {
        let part = archive.by_index(part).map_err(|_| Unreadable::Broken)?;
        let read = copy(&mut part.take(left + 1), &mut sink()).map_err(|_| Unreadable::Broken)?;
        left = left.checked_sub(read).ok_or(Unreadable::Unpacked)?;
    }
    Ok(())
}
