//! csv, as Excel and WPS write it.

use csv::{ReaderBuilder, StringRecord};
use domain::campaign::{Cell, Line, MAX_CELL, MAX_ROWS};
use encoding_rs::{Encoding, GB18030};

use super::Unreadable;

pub(super) fn lines(file: &[u8]) -> Result<Vec<Line>, Unreadable> {
    let text = text(file)?;
    // What is no text has such bytes in it.
    if text.contains('\0') {
        return Err(Unreadable::NoSheet);
    }
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| Unreadable::Broken)?;
        let cells: Vec<_> = (0..).zip(&record).filter_map(|(at, text)| Some((at, cell(text)?))).collect();
        if cells.is_empty() {
            continue;
        }
        // The head is a row too.
        if lines.len() > MAX_ROWS {
            return Err(Unreadable::TooManyRows);
        }
        lines.push(Line { row: row(&record), cells });
    }
    Ok(lines)
}

/// What its mark says; without a mark UTF-8, or else GB18030, which is what Chinese programs save by default.
fn text(file: &[u8]) -> Result<String, Unreadable> {
    if let Some((encoding, mark)) = Encoding::for_bom(file) {
        let (text, had_faults) = encoding.decode_without_bom_handling(file.get(mark..).unwrap_or_default());
        return if had_faults { Err(Unreadable::Encoding) } else { Ok(text.into_owned()) };
    }
    if let Ok(text) = std::str::from_utf8(file) {
        return Ok(text.to_owned());
    }
    let (text, had_faults) = GB18030.decode_without_bom_handling(file);
    if had_faults { Err(Unreadable::Encoding) } else { Ok(text.into_owned()) }
}

fn row(record: &StringRecord) -> u32 {
    record.position().and_then(|position| u32::try_from(position.line()).ok()).unwrap_or_default()
}

fn cell(text: &str) -> Option<Cell> {
    let text = text.trim();
    if text.is_empty() {
        None
    } else if text.starts_with(['=', '@']) {
        Some(Cell::Formula)
    } else if text.chars().count() > MAX_CELL {
        Some(Cell::TooLong)
    } else {
        Some(Cell::Text(text.to_owned()))
    }
}
