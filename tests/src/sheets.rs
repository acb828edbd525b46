//! Lists of households as communities keep them.

use rust_xlsxwriter::Workbook;

pub const HEAD: [&str; 7] = ["小区", "楼栋", "单元", "室", "姓名", "电话", "备注"];

/// As many households as wanted, one a door.
pub fn long_list(rows: u32) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory().expect("a sheet");
    for (column, head) in HEAD.iter().enumerate() {
        sheet.write_string(0, column as u16, *head).expect("a cell");
    }
    for row in 1..=rows {
        sheet.write_string(row, 0, "西苑小区").expect("a cell");
        sheet.write_string(row, 1, format!("{}号楼", row / 500 + 1)).expect("a cell");
        sheet.write_string(row, 2, format!("{}单元", row / 100 % 5 + 1)).expect("a cell");
        sheet.write_number(row, 3, 100 + row % 100).expect("a cell");
        sheet.write_string(row, 4, format!("住户{row}")).expect("a cell");
        sheet.write_number(row, 5, f64::from(row) + 13_900_000_000.0).expect("a cell");
        sheet.write_string(row, 6, "独居").expect("a cell");
    }
    book.save_to_buffer().expect("a workbook")
}
