//! xlsx, cell by cell: a sheet says itself how large it is, and may lie.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{DataRef, Reader, SheetType, Xlsx, XlsxError};
use domain::sheet::{Cell, Line, MAX_CELL, MAX_ROWS};

use super::bounds::Measured;
use super::{MOST_COLUMNS, Unreadable};

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;
/// Cells of all sheets together, empty ones too: a full list, every column that is looked at.
const MOST_CELLS: usize = (MAX_ROWS + 1) * MOST_COLUMNS as usize;
/// Tags, each counted once for every sheet: several may be written in one part. A full list has a million.
const MOST_TAGS: u64 = 6_000_000;

/// By row and column, both from 0.
type Cells = BTreeMap<u32, BTreeMap<u32, Cell>>;

pub(super) fn lines(file: &[u8], measured: Measured) -> Result<Vec<Line>, Unreadable> {
    let mut book: Book<'_> = Xlsx::new(Cursor::new(file)).map_err(unreadable)?;
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let names: Vec<String> = sheets.map(|sheet| sheet.name.clone()).collect();
    if measured.breaks_off {
        return Err(Unreadable::Broken);
    }
    if measured.tags.saturating_mul(names.len() as u64) > MOST_TAGS {
        return Err(Unreadable::TooManyCells);
    }
    let (mut found, mut left) = (None::<Cells>, MOST_CELLS);
    for name in names {
        let cells = cells_of(&mut book, &name, &mut left)?;
        if cells.is_empty() {
            continue;
        }
        if found.replace(cells).is_some() {
            return Err(Unreadable::SeveralSheets);
        }
    }
    let line = |(row, cells): (u32, BTreeMap<u32, Cell>)| Line { row: row + 1, cells: cells.into_iter().collect() };
    Ok(found.unwrap_or_default().into_iter().map(line).collect())
}

/// `left`: how many cells may still be looked at.
fn cells_of(book: &mut Book<'_>, name: &str, left: &mut usize) -> Result<Cells, Unreadable> {
    let mut cells = Cells::new();
    let mut reader = book.worksheet_cells_reader(name).map_err(unreadable)?;
    while let Some(found) = reader.next_cell_with_formula_metadata().map_err(unreadable)? {
        *left = left.checked_sub(1).ok_or(Unreadable::TooManyCells)?;
        let cell = if found.formula.is_some() { Some(Cell::Formula) } else { cell(&found.value) };
        let Some(cell) = cell else { continue };
        let (row, column) = found.pos;
        if column >= MOST_COLUMNS {
            continue;
        }
        cells.entry(row).or_default().insert(column, cell);
        // The head is a row too.
        if cells.len() > MAX_ROWS + 1 {
            return Err(Unreadable::TooManyRows);
        }
    }
    drop(reader);
    for merged in book.merge_cells_by_sheet_name(name).map_err(unreadable)? {
        let (row, column) = merged.start;
        if column >= MOST_COLUMNS {
            continue;
        }
        cells.entry(row).or_default().insert(column, Cell::Merged);
        if cells.len() > MAX_ROWS + 1 {
            return Err(Unreadable::TooManyRows);
        }
    }
    Ok(cells)
}

/// `None` for an empty one. A text is copied only where it may belong into a list: thousands of cells may share a long one.
fn cell(value: &DataRef<'_>) -> Option<Cell> {
    let text = |text: &str| {
        if text.trim().is_empty() {
            None
        } else if text.len() > MAX_CELL * 4 || text.chars().count() > MAX_CELL {
            Some(Cell::TooLong)
        } else {
            Some(Cell::Text(text.to_owned()))
        }
    };
    match value {
        DataRef::Empty => None,
        DataRef::String(own) => text(own),
        DataRef::SharedString(shared) => text(shared),
        DataRef::Int(number) => Some(Cell::Text(number.to_string())),
        DataRef::Float(number) => Some(Cell::Text(digits(*number))),
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => Some(Cell::Date),
        DataRef::Bool(_) | DataRef::Error(_) => Some(Cell::NoText),
    }
}

/// Programs keep every number as a fraction: 1204.0 is a room, 13800000001.0 a phone.
fn digits(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 { format!("{number:.0}") } else { number.to_string() }
}

fn unreadable(error: XlsxError) -> Unreadable {
    match error {
        XlsxError::Password => Unreadable::OldOrLocked,
        // An archive, but none that holds a workbook.
        XlsxError::FileNotFound(_) => Unreadable::NoSheet,
        _ => Unreadable::Broken,
    }
}
