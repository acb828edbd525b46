//! 名单: a list of doors that somebody brings as a sheet. It is taken whole or not at all, and every fault is named at its place.

use std::collections::HashMap;

use super::{Door, Dweller};
use crate::ids::{CommunityId, PlaceId};
use crate::people::{Address, is_phone, mobile};
use crate::sheet::{Column, Faults, Layout, Line, Table, Wrong};

/// A door needs a compound and a room; a row without a name is mostly a slip.
const LAYOUT: Layout = Layout {
    columns: &[
        Column::Compound,
        Column::Building,
        Column::Unit,
        Column::Room,
        Column::Name,
        Column::Phone,
        Column::Note,
    ],
    needed: &[Column::Compound, Column::Room, Column::Name],
};

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

/// The doors of a sheet whose first row names its columns. `compound`: which compound of the community people call so.
pub fn read_roll(
    lines: &[Line],
    community: CommunityId,
    compound: impl Fn(&str) -> Option<PlaceId>,
) -> Result<Roll, Faults> {
    let (table, rows) = Table::open(lines, &LAYOUT)?;
    let mut reader = Reader { community, compound, table, faults: Faults::default(), doors: HashMap::new() };
    let entries = rows.iter().filter_map(|line| reader.read(line)).collect();
    if reader.faults.is_empty() { Ok(Roll { entries, ignored: reader.table.ignored }) } else { Err(reader.faults) }
}

struct Reader<F> {
    community: CommunityId,
    compound: F,
    table: Table,
    faults: Faults,
    /// In which row each door stands first.
    doors: HashMap<String, u32>,
}

impl<F: Fn(&str) -> Option<PlaceId>> Reader<F> {
    /// `None` where something is wrong with the row, which is noted.
    fn read(&mut self, line: &Line) -> Option<Entry> {
        let before = self.faults.count();
        let mut texts = self.table.texts(line, &mut self.faults);
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
}

#[cfg(test)]
#[path = "roll_tests.rs"]
mod tests;
