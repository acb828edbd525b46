//! What is wrong with a sheet, at its place.

use thiserror::Error;

use super::Column;

/// Faults that are named one by one; of more, only the number is said.
pub const MAX_FAULTS: usize = 100;

/// One thing that has to be changed before the sheet is taken. Says nothing of what the cell holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub row: u32,
    /// The head of the column, or the letter that programs give it; `None`: the whole row.
    pub column: Option<String>,
    pub what: Wrong,
}

/// What is wrong, as a sentence for whoever brought the sheet.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Wrong {
    #[error("缺少「{}」这一列，请补上表头", .0.head())]
    NoColumn(Column),
    #[error("「{}」这一列出现了两次，请只留一列", .0.head())]
    ColumnTwice(Column),
    #[error("表头下面没有内容，请填好后再导入")]
    NoRows,
    #[error("没有填写，请补上")]
    Empty,
    #[error("是公式，请改成填好的文字")]
    Formula,
    #[error("是合并的单元格，请取消合并，每户一行填写完整")]
    Merged,
    #[error("被存成了日期，请把单元格格式改为“文本”后重新填写")]
    Date,
    #[error("不是文字，请改成文字后再导入")]
    NoText,
    #[error("太长了，最多 {0} 个字")]
    TooLong(usize),
    #[error("有不能识别的字符，请删除后再导入")]
    Unprintable,
    #[error("不是本社区的小区，请改成本社区名单里的名称")]
    NoCompound,
    #[error("不是本社区的网格，请改成本社区已有的网格名称")]
    NoGrid,
    #[error("与第 {0} 行写的是同一栋楼，网格却不同，请改成一致")]
    OtherGrid(u32),
    #[error("电话号码不对，请填 11 位手机号，或带区号的座机号，如 0311-85551234")]
    Phone,
    #[error("与第 {0} 行是同一户，请只留一行")]
    TwiceInSheet(u32),
    #[error("这一户已经在名单里，请删去这一行")]
    Known,
}

/// All that is wrong with a sheet, as far as it is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// In the order of the rows, [`MAX_FAULTS`] at most.
    pub listed: Vec<Fault>,
    /// How many there are besides.
    pub more: usize,
}

impl Faults {
    pub(crate) fn add(&mut self, row: u32, column: Option<String>, what: Wrong) {
        if self.listed.len() < MAX_FAULTS {
            self.listed.push(Fault { row, column, what });
        } else {
            self.more += 1;
        }
    }

    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    pub fn count(&self) -> usize {
        self.listed.len() + self.more
    }
}

/// For people: 「第 3 行「电话」：电话号码不对，……」.
impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { row, column, what } = self;
        match column {
            Some(column) => write!(f, "第 {row} 行「{column}」：{what}"),
            None => write!(f, "第 {row} 行：{what}"),
        }
    }
}

/// Rows of doors that are enlisted already.
pub fn known(rows: impl Iterator<Item = u32>) -> Faults {
    let mut faults = Faults::default();
    rows.for_each(|row| faults.add(row, None, Wrong::Known));
    faults
}
