//! 名单: a list of doors that somebody brings as a sheet. It is taken whole or not at all, and every fault is named at its place.

use std::collections::HashMap;

use strum::{EnumIter, IntoEnumIterator};

use super::{Door, Dweller, Faults, Wrong};
use crate::ids::{CommunityId, PlaceId};
use crate::people::{Address, is_phone, mobile};

/// Households in one sheet.
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

/// The columns that we read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter)]
pub enum Column {
    Compound,
    Building,
    Unit,
    Room,
    Name,
    Phone,
    Note,
}

/// A sheet without a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roll {
    pub entries: Vec<Entry>,
    /// Heads of columns that are not read, [`MAX_IGNORED`] at most.
    pub ignored: Vec<String>,
}

/// One row of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub row: u32,
    pub compound: PlaceId,
    pub door: Door,
    pub dweller: Dweller,
}

impl Column {
    /// As it stands over the column.
    pub fn head(self) -> &'static str {
        match self {
            Self::Compound => "小区",
            Self::Building => "楼栋",
            Self::Unit => "单元",
            Self::Room => "室",
            Self::Name => "姓名",
            Self::Phone => "电话",
            Self::Note => "备注",
        }
    }

    /// Other words that people use for it.
    fn also(self) -> &'static [&'static str] {
        match self {
            Self::Compound => &["小区名称"],
            Self::Building => &["楼号", "楼栋号", "楼"],
            Self::Unit => &["单元号"],
            Self::Room => &["室号", "房号", "房间号", "门牌号"],
            Self::Name => &["户主", "住户姓名"],
            Self::Phone => &["手机", "手机号", "联系电话", "电话号码"],
            Self::Note => &["说明", "情况说明"],
        }
    }

    /// A door needs a compound and a room; a row without a name is mostly a slip.
    fn is_needed(self) -> bool {
        match self {
            Self::Compound | Self::Room | Self::Name => true,
            Self::Building | Self::Unit | Self::Phone | Self::Note => false,
        }
    }

    /// Characters.
    fn most(self) -> usize {
        match self {
            Self::Compound => 50,
            Self::Building | Self::Unit | Self::Room => 20,
            Self::Name => 30,
            Self::Phone => 20,
            Self::Note => 200,
        }
    }

    fn called(head: &str) -> Option<Self> {
        Self::iter().find(|column| column.head() == head || column.also().contains(&head))
    }
}

/// The doors of a sheet whose first row names its columns. `compound`: which compound of the community people call so.
pub fn read_roll(
    lines: &[Line],
    community: CommunityId,
    compound: impl Fn(&str) -> Option<PlaceId>,
) -> Result<Roll, Faults> {
    let mut faults = Faults::default();
    let Some((head, rows)) = lines.split_first() else {
        Column::iter().filter(|column| column.is_needed()).for_each(|c| faults.add(1, None, Wrong::NoColumn(c)));
        return Err(faults);
    };
    let (columns, ignored) = heads(head, &mut faults);
    if rows.is_empty() {
        faults.add(head.row, None, Wrong::NoRows);
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut reader = Reader { community, compound, columns, faults, doors: HashMap::new() };
    let entries = rows.iter().filter_map(|line| reader.read(line)).collect();
    if reader.faults.is_empty() { Ok(Roll { entries, ignored }) } else { Err(reader.faults) }
}

fn heads(line: &Line, faults: &mut Faults) -> (HashMap<u32, Column>, Vec<String>) {
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
        match Column::called(&head) {
            Some(column) if columns.values().any(|known| *known == column) => {
                faults.add(line.row, Some(letter(*at)), Wrong::ColumnTwice(column));
            }
            Some(column) => drop(columns.insert(*at, column)),
            None if ignored.len() < MAX_IGNORED => {
                ignored.push(head.chars().take(Column::Compound.most()).collect());
            }
            None => {}
        }
    }
    for column in Column::iter().filter(|column| column.is_needed()) {
        if !columns.values().any(|known| *known == column) {
            faults.add(line.row, None, Wrong::NoColumn(column));
        }
    }
    (columns, ignored)
}

struct Reader<F> {
    community: CommunityId,
    compound: F,
    columns: HashMap<u32, Column>,
    faults: Faults,
    /// In which row each door stands first.
    doors: HashMap<String, u32>,
}

impl<F: Fn(&str) -> Option<PlaceId>> Reader<F> {
    /// `None` where something is wrong with the row, which is noted.
    fn read(&mut self, line: &Line) -> Option<Entry> {
        let before = self.faults.count();
        let mut texts = self.texts(line);
        for column in Column::iter().filter(|column| column.is_needed() && !texts.contains_key(column)) {
            // A cell that could not be read is no empty one.
            if !line.cells.iter().any(|(at, _)| self.columns.get(at) == Some(&column)) {
                self.faults.add(line.row, Some(column.head().to_owned()), Wrong::Empty);
            }
        }
        let compound_name = texts.remove(&Column::Compound);
        let compound = compound_name.as_deref().and_then(&self.compound);
        if compound_name.is_some() && compound.is_none() {
            self.faults.add(line.row, Some(Column::Compound.head().to_owned()), Wrong::NoCompound);
        }
        if texts.get(&Column::Phone).is_some_and(|phone| !is_phone(phone)) {
            self.faults.add(line.row, Some(Column::Phone.head().to_owned()), Wrong::Phone);
        }
        if self.faults.count() > before {
            return None;
        }
        let address = Address {
            community_id: self.community,
            compound: compound_name?,
            building: texts.remove(&Column::Building),
            unit: texts.remove(&Column::Unit),
            room: texts.remove(&Column::Room),
        };
        let home = address.home()?;
        if let Some(first) = self.doors.get(&home) {
            self.faults.add(line.row, None, Wrong::TwiceInSheet(*first));
            return None;
        }
        self.doors.insert(home, line.row);
        let phone = texts.remove(&Column::Phone).map(|phone| mobile(&phone).unwrap_or(phone));
        let dweller =
            Dweller { person: None, name: texts.remove(&Column::Name), phone, note: texts.remove(&Column::Note) };
        Some(Entry { row: line.row, compound: compound?, door: Door { address, note: None }, dweller })
    }

    /// What can be read of the row; what cannot is noted.
    fn texts(&mut self, line: &Line) -> HashMap<Column, String> {
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
            self.faults.add(line.row, Some(name), what);
        }
        texts
    }
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
#[path = "roll_tests.rs"]
mod tests;
