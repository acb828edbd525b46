//! 楼栋清单: addresses that somebody brings as a sheet.

use std::collections::HashMap;

use super::{Premises, building_key};
use crate::ids::PlaceId;
use crate::sheet::{Column, Faults, Layout, Line, Table, Wrong};

const LAYOUT: Layout = Layout {
    columns: &[Column::Compound, Column::Building, Column::Unit, Column::Room, Column::Grid],
    needed: &[Column::Compound, Column::Building],
};

/// A sheet without a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// One for each row.
    pub premises: Vec<Premises>,
    /// Heads of columns that are not read.
    pub ignored: Vec<String>,
}

/// The addresses of a sheet whose first row names its columns: a building, a unit or a room a row. `compound` and `grid`: which of the
/// community people call so. A row that stands twice does no harm.
pub fn read_register(
    lines: &[Line],
    compound: impl Fn(&str) -> Option<PlaceId>,
    grid: impl Fn(&str) -> Option<PlaceId>,
) -> Result<Brought, Faults> {
    let (table, rows) = Table::open(lines, &LAYOUT)?;
    let mut reader = Reader { compound, grid, table, faults: Faults::default(), grids: HashMap::new() };
    let premises = rows.iter().filter_map(|line| reader.read(line)).collect();
    if reader.faults.is_empty() { Ok(Brought { premises, ignored: reader.table.ignored }) } else { Err(reader.faults) }
}

struct Reader<C, G> {
    compound: C,
    grid: G,
    table: Table,
    faults: Faults,
    /// To which grid each building is assigned, and in which row that stands first.
    grids: HashMap<String, (PlaceId, u32)>,
}

impl<C: Fn(&str) -> Option<PlaceId>, G: Fn(&str) -> Option<PlaceId>> Reader<C, G> {
    /// `None` where something is wrong with the row, which is noted.
    fn read(&mut self, line: &Line) -> Option<Premises> {
        let before = self.faults.count();
        let mut texts = self.table.texts(line, &mut self.faults);
        let named = texts.remove(&Column::Compound);
        let compound = named.as_deref().and_then(&self.compound);
        if named.is_some() && compound.is_none() {
            self.fault(line, Column::Compound, Wrong::NoCompound);
        }
        let named = texts.remove(&Column::Grid);
        let grid = named.as_deref().and_then(&self.grid);
        if named.is_some() && grid.is_none() {
            self.fault(line, Column::Grid, Wrong::NoGrid);
        }
        let building = texts.remove(&Column::Building);
        if let (Some(compound), Some(building), Some(grid)) = (compound, &building, grid) {
            let (other, first) = *self.grids.entry(building_key(compound, building)).or_insert((grid, line.row));
            if other != grid {
                self.fault(line, Column::Grid, Wrong::OtherGrid(first));
            }
        }
        if self.faults.count() > before {
            return None;
        }
        let (unit, room) = (texts.remove(&Column::Unit), texts.remove(&Column::Room));
        Some(Premises { compound: compound?, building: building?, unit, room, grid })
    }

    fn fault(&mut self, line: &Line, column: Column, what: Wrong) {
        self.faults.add(line.row, Some(column.head().to_owned()), what);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::sheet::{Cell, Fault};

    fn id(n: u128) -> PlaceId {
        PlaceId(Uuid::from_u128(n))
    }

    fn read(rows: &[&[&str]]) -> Result<Brought, Faults> {
        let line = |(row, cells): (u32, &&[&str])| {
            let cells = (0..).zip(cells.iter()).filter(|(_, text)| !text.is_empty());
            Line { row, cells: cells.map(|(at, text)| (at, Cell::Text((*text).to_owned()))).collect() }
        };
        let lines: Vec<_> = (1..).zip(rows).map(line).collect();
        let compound = |name: &str| (name == "西苑小区").then(|| id(7));
        let grid =
            |name: &str| ["第一网格", "第二网格"].iter().zip(8..).find(|(own, _)| **own == name).map(|(_, n)| id(n));
        read_register(&lines, compound, grid)
    }

    #[test]
    fn a_row_is_a_building_a_unit_or_a_room() {
        let brought = read(&[
            &["序号", "小区", "楼号", "单元", "房号", "所属网格"],
            &["1", "西苑小区", "3-甲", "", "", "第二网格"],
            &["2", "西苑小区", "3号楼", "2单元", "", ""],
            &["3", "西苑小区", "3号楼", "2单元", "1204", "第一网格"],
            &["4", "西苑小区", "3栋", "", "101", "第一网格"],
        ]);
        let Brought { premises, ignored } = brought.expect("a register");
        assert_eq!(ignored, ["序号"]);
        let part = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let row = |building: &str, unit: &str, room: &str, grid: Option<u128>| Premises {
            compound: id(7),
            building: building.into(),
            unit: part(unit),
            room: part(room),
            grid: grid.map(id),
        };
        assert_eq!(
            premises,
            [
                row("3-甲", "", "", Some(9)),
                row("3号楼", "2单元", "", None),
                row("3号楼", "2单元", "1204", Some(8)),
                row("3栋", "", "101", Some(8)),
            ]
        );
    }

    #[test]
    fn every_fault_is_named_at_its_place() {
        let faults = read(&[
            &["小区", "楼栋", "单元", "室", "网格"],
            &["西苑小区", "3号楼", "", "", "第一网格"],
            &["东苑小区", "3号楼", "", "", ""],
            &["西苑小区", "", "2单元", "", ""],
            &["西苑小区", "４", "", "", "第九网格"],
            &["西苑小区", "3栋", "", "101", "第二网格"],
        ]);
        let told: Vec<_> = faults.expect_err("faults").listed.iter().map(Fault::to_string).collect();
        assert_eq!(
            told,
            [
                "第 3 行「小区」：不是本社区的小区，请改成本社区名单里的名称",
                "第 4 行「楼栋」：没有填写，请补上",
                "第 5 行「网格」：不是本社区的网格，请改成本社区已有的网格名称",
                "第 6 行「网格」：与第 2 行写的是同一栋楼，网格却不同，请改成一致",
            ]
        );
    }

    #[test]
    fn without_the_needed_columns_nothing_is_read() {
        let told = |rows: &[&[&str]]| read(rows).expect_err("faults").count();
        assert_eq!((told(&[]), told(&[&["小区", "姓名"], &["西苑小区", "张大爷"]])), (2, 1));
    }
}
