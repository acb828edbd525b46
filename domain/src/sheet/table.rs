use std::collections::HashMap;

use super::{Cell, Column, Faults, Line, MAX_CELL, Wrong};

/// Which columns a kind of list has.
pub(crate) struct Layout {
    pub columns: &'static [Column],
    /// Those that every row fills.
    pub needed: &'static [Column],
}

/// Where the columns of one sheet stand, as its first row says.
pub(crate) struct Table {
    layout: &'static Layout,
    columns: HashMap<u32, Column>,
    /// Heads of columns that are not read.
    pub ignored: Vec<String>,
}

impl Table {
    /// The table and its rows; without the needed columns nothing is read.
    pub fn open<'a>(lines: &'a [Line], layout: &'static Layout) -> Result<(Self, &'a [Line]), Faults> {
        let mut faults = Faults::default();
        let Some((head, rows)) = lines.split_first() else {
            layout.needed.iter().for_each(|column| faults.add(1, None, Wrong::NoColumn(*column)));
            return Err(faults);
        };
        let (columns, ignored) = heads(head, layout, &mut faults);
        if faults.is_empty() { Ok((Self { layout, columns, ignored }, rows)) } else { Err(faults) }
    }

    /// What can be read of the row; what cannot, and what is missing, is noted.
    pub fn texts(&self, line: &Line, faults: &mut Faults) -> HashMap<Column, String> {
        let mut texts = HashMap::new();
        for (at, cell) in &line.cells {
            let column = self.columns.get(at).copied();
            let what = match (cell, column) {
                (Cell::Text(text), Some(column)) => match check(text.trim(), column) {
                    Ok("") => continue,
                    Ok(text) => {
                        texts.insert(column, text.to_owned());
                        continue;
                    }
                    Err(what) => what,
                },
                // What we do not read does no harm, but for a formula, which would be lost unsaid.
                (Cell::Text(_) | Cell::Date | Cell::NoText | Cell::TooLong, None) => continue,
                (other, _) => wrong(other),
            };
            let name = column.map_or_else(|| letter(*at), |column| column.head().to_owned());
            faults.add(line.row, Some(name), what);
        }
        for column in self.layout.needed.iter().filter(|column| !texts.contains_key(column)) {
            // A cell that could not be read is no empty one.
            if !line.cells.iter().any(|(at, _)| self.columns.get(at) == Some(column)) {
                faults.add(line.row, Some(column.head().to_owned()), Wrong::Empty);
            }
        }
        texts
    }
}

fn heads(line: &Line, layout: &Layout, faults: &mut Faults) -> (HashMap<u32, Column>, Vec<String>) {
    let (mut columns, mut ignored) = (HashMap::new(), Vec::new());
    for (at, cell) in &line.cells {
        let text = match cell {
            Cell::Text(text) => text,
            other @ (Cell::Formula | Cell::Date | Cell::NoText | Cell::TooLong | Cell::Merged) => {
                faults.add(line.row, Some(letter(*at)), wrong(other));
                continue;
            }
        };
        let head: String = text.chars().filter(|c| !c.is_whitespace() && *c != '\u{feff}').collect();
        match Column::called(&head).filter(|column| layout.columns.contains(column)) {
            Some(column) if columns.values().any(|known| *known == column) => {
                faults.add(line.row, Some(letter(*at)), Wrong::ColumnTwice(column));
            }
            Some(column) => drop(columns.insert(*at, column)),
            None => ignored.push(head.chars().take(Column::Compound.most()).collect()),
        }
    }
    for column in layout.needed {
        if !columns.values().any(|known| known == column) {
            faults.add(line.row, None, Wrong::NoColumn(*column));
        }
    }
    (columns, ignored)
}

fn check(text: &str, column: Column) -> Result<&str, Wrong> {
    let is_unprintable =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffd}');
    if text.chars().any(|c| is_unprintable(c) && !(column == Column::Note && matches!(c, '\n' | '\r' | '\t'))) {
        return Err(Wrong::Unprintable);
    }
    if text.chars().count() > column.most() { Err(Wrong::TooLong(column.most())) } else { Ok(text) }
}

fn wrong(cell: &Cell) -> Wrong {
    match cell {
        Cell::Text(_) | Cell::NoText => Wrong::NoText,
        Cell::Formula => Wrong::Formula,
        Cell::Date => Wrong::Date,
        Cell::TooLong => Wrong::TooLong(MAX_CELL),
        Cell::Merged => Wrong::Merged,
    }
}

/// 0 → A, 26 → AA, as programs call columns.
fn letter(column: u32) -> String {
    let (mut left, mut letters) = (u64::from(column) + 1, Vec::new());
    while left > 0 {
        let digit = u8::try_from((left - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + digit));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_called_as_programs_call_them() {
        assert_eq!([0, 25, 26, 27, 701, 702].map(letter), ["A", "Z", "AA", "AB", "ZZ", "AAA"]);
    }
}
