//! Sheets that somebody brings: what stands in them, and every fault at its place. A sheet is taken whole or not at all.

mod column;
mod fault;
mod table;

pub use column::Column;
pub use fault::{Fault, Faults, MAX_FAULTS, Wrong, known};
pub(crate) use table::{Layout, Table};

/// Rows in one sheet.
pub const MAX_ROWS: usize = 20_000;
/// Characters of one cell; nothing that belongs into a list is longer.
pub const MAX_CELL: usize = 500;
/// Columns that are named as not read.
pub const MAX_IGNORED: usize = 20;

/// What stands in one cell, as far as whoever read the file could tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    Formula,
    /// Programs make one of 「3-1」.
    Date,
    /// True, false, or an error of the program that wrote it.
    NoText,
    /// More than [`MAX_CELL`] characters.
    TooLong,
    /// One of several that were merged into one.
    Merged,
}

/// One row of the sheet that is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// As programs number it: the first row of the sheet is 1.
    pub row: u32,
    /// Cells that are not empty, by column from 0.
    pub cells: Vec<(u32, Cell)>,
}
