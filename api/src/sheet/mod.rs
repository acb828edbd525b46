//! Sheets that people open in Excel or WPS.

mod bounds;
mod brought;
mod comma;
mod workbook;

use std::borrow::Cow;

use domain::sheet::{Line, MAX_ROWS};
use thiserror::Error;

pub use brought::{SHEET, read_sheet, refused};

/// A list has a handful; what stands further to the right is not looked at.
const MOST_COLUMNS: u32 = 50;

/// Of a file that is brought: 8 MiB.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

/// Why a file is not read. The sentence is for whoever brought it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    #[error("这个文件不是能识别的表格，请用 xlsx 或 csv 格式保存后再导入")]
    NoSheet,
    #[error("这是旧版 Excel 文件，或者设了打开密码；请去掉密码，另存为 xlsx 格式后再导入")]
    OldOrLocked,
    #[error("表格文件不完整或已损坏，请重新保存后再导入")]
    Broken,
    #[error("表格解压后太大，不能导入；请只保留名单本身，删去图片和多余的内容")]
    Unpacked,
    #[error("有多张工作表里有内容，请只保留名单这一张")]
    SeveralSheets,
    #[error("文字编码不能识别，请用 UTF-8 或 GB18030 编码保存 csv，或者改用 xlsx")]
    Encoding,
    #[error("表格超过 {MAX_ROWS} 行，请分成几个文件导入")]
    TooManyRows,
    #[error("表格里的格子太多，大多是空的；请把名单复制到一张新的表格里再导入")]
    TooManyCells,
}

/// The rows of an xlsx or csv file that are not empty, told apart by what the file begins with. Takes a while: not on a
/// thread that serves others.
pub fn lines(file: &[u8]) -> Result<Vec<Line>, Unreadable> {
    if file.starts_with(b"PK\x03\x04") {
        return workbook::lines(file, bounds::check(file)?);
    }
    // The container of the formats before 2007, and of files with a password.
    if file.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        return Err(Unreadable::OldOrLocked);
    }
    comma::lines(file)
}

/// A cell that begins like a formula is run when the sheet is opened; an apostrophe makes it a text again.
pub fn plain(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        return Cow::Owned(format!("'{cell}"));
    }
    Cow::Borrowed(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text() {
        for formula in ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1+1"] {
            assert_eq!(plain(formula), format!("'{formula}"));
        }
        for text in ["西苑社区", "1=1", "", "路灯坏了 =="] {
            assert_eq!(plain(text), text);
        }
    }
}
