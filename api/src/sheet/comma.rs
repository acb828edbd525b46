//! csv, as Excel and WPS write it.

use csv::{ReaderBuilder, StringRecord};
use domain::sheet::{Cell, Line, MAX_CELL, MAX_ROWS};
use encoding_rs::{Encoding, GB18030};

use super::{MOST_COLUMNS, Unreadable};

pub(super) fn lines(file: &[u8]) -> Result<Vec<Line>, Unreadable> {
    let text = text(file)?;
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let (mut lines, mut rows) = (Vec::new(), Rows { text: text.as_bytes(), at: 0, row: 1, inside: 0 });
    for record in reader.records() {
        let record = record.map_err(|_| Unreadable::Broken)?;
        let row = rows.of(&record);
        let cells: Vec<_> = (0..MOST_COLUMNS).zip(&record).filter_map(|(at, text)| Some((at, cell(text)?))).collect();
        if cells.is_empty() {
            continue;
        }
        // The head is a row too.
        if lines.len() > MAX_ROWS {
            return Err(Unreadable::TooManyRows);
        }
        lines.push(Line { row, cells });
    }
    Ok(lines)
}

/// What its mark says; without a mark UTF-8, or else GB18030, which is what Chinese programs save by default.
fn text(file: &[u8]) -> Result<String, Unreadable> {
    if let Some((encoding, mark)) = Encoding::for_bom(file) {
        let (text, had_faults) = encoding.decode_without_bom_handling(file.get(mark..).unwrap_or_default());
        return if had_faults { Err(Unreadable::Encoding) } else { Ok(text.into_owned()) };
    }
    // What is no text has such bytes in it.
    if file.contains(&0) {
        return Err(Unreadable::NoSheet);
    }
    if let Ok(text) = std::str::from_utf8(file) {
        return Ok(text.to_owned());
    }
    let (text, had_faults) = GB18030.decode_without_bom_handling(file);
    if had_faults { Err(Unreadable::Encoding) } else { Ok(text.into_owned()) }
}

/// Numbers records as programs number rows: empty lines count, and a line end inside a cell does not.
struct Rows<'a> {
    text: &'a [u8],
    /// Where the record before began, in which row, and how many line ends stand inside its cells.
    at: usize,
    row: u32,
    inside: usize,
}

impl Rows<'_> {
    fn of(&mut self, record: &StringRecord) -> u32 {
        let begin = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(self.at);
        let line_ends =
            self.text.get(begin..).unwrap_or_default().iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let begin = begin + line_ends.count();
        let lines = ends(self.text.get(self.at..begin).unwrap_or_default());
        self.row += u32::try_from(lines.saturating_sub(self.inside)).unwrap_or_default();
        self.at = begin;
        self.inside = record.iter().map(|cell| ends(cell.as_bytes())).sum();
        self.row
    }
}

fn ends(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte == b'\n').count()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_numbered_as_programs_do() {
        let rows = |file: &str| lines(file.as_bytes()).expect("lines").iter().map(|line| line.row).collect::<Vec<_>>();
        for end in ["\n", "\r\n"] {
            assert_eq!(rows(&["a", "b", "", ",,", "c", "d"].join(end)), [1, 2, 5, 6]);
            assert_eq!(rows(&["", "a", "\"b", "b\",x", "c"].join(end)), [2, 3, 4]);
            assert_eq!(rows(&["\u{feff}a", "b", ""].join(end)), [1, 2]);
        }
        assert_eq!(rows(""), [0_u32; 0]);
    }
}
