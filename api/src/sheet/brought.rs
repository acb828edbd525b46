//! A sheet on its way in.

use domain::sheet::{Fault, Faults, Line};
use tokio::sync::Semaphore;

use super::{MAX_BYTES, Unreadable, lines};
use crate::extract::Wanted;
use crate::problem::{Code, FieldError, Problem};

pub const SHEET: Wanted = Wanted { what: "表格", most: MAX_BYTES, too_large };

/// Sheets that are unpacked at the same time: each may take some hundred megabytes for a moment.
static READING: Semaphore = Semaphore::const_new(2);

fn too_large() -> Problem {
    let detail = format!("表格超过 {} MB，不能导入；请只保留名单本身，或分成几个文件", MAX_BYTES / 1024 / 1024);
    Problem::new(Code::PayloadTooLarge, detail)
}

/// What the sheet says, read on a thread of its own: it takes a while.
pub async fn read_sheet<T: Send + 'static>(
    file: Vec<u8>,
    read: impl FnOnce(&[Line]) -> Result<T, Faults> + Send + 'static,
) -> Result<T, Problem> {
    let _reading = READING.acquire().await.map_err(Problem::internal)?;
    let read = move || read(&lines(&file)?).map_err(|faults| refused(&faults));
    // A file that confuses its reader altogether is a broken one.
    tokio::task::spawn_blocking(read)
        .await
        .unwrap_or_else(|error| Err(Problem { cause: Some(error.into()), ..Problem::from(Unreadable::Broken) }))
}

/// Each fault at its place. What a cell holds is not repeated.
pub fn refused(faults: &Faults) -> Problem {
    let (listed, all) = (faults.listed.len(), faults.count());
    let detail = match faults.more {
        0 => format!("表格里有 {all} 处需要修改，没有导入任何一行；请按下面的提示改好后重新导入"),
        more => {
            format!("表格里有 {all} 处需要修改，没有导入任何一行；下面列出前 {listed} 处，其余 {more} 处请一并检查")
        }
    };
    let error = |fault: &Fault| FieldError {
        pointer: match &fault.column {
            Some(column) => format!("/rows/{}/{column}", fault.row),
            None => format!("/rows/{}", fault.row),
        },
        detail: fault.to_string(),
    };
    Problem { errors: faults.listed.iter().map(error).collect(), ..Problem::new(Code::SheetRefused, detail) }
}

impl From<Unreadable> for Problem {
    fn from(unreadable: Unreadable) -> Self {
        let code = match unreadable {
            Unreadable::NoSheet | Unreadable::OldOrLocked => Code::SheetUnsupported,
            Unreadable::Broken
            | Unreadable::Unpacked
            | Unreadable::SeveralSheets
            | Unreadable::Encoding
            | Unreadable::TooManyRows
            | Unreadable::TooManyCells => Code::SheetRefused,
        };
        Self::new(code, unreadable.to_string())
    }
}
