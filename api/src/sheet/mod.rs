//! Cells of sheets that people open in Excel or WPS.

use std::borrow::Cow;

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
