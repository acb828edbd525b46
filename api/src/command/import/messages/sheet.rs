//! CSV → letters. A row that cannot be taken is told with its line and never stops the others.

use std::collections::HashMap;
use std::io::Read;

use anyhow::{Context, bail};
use chrono::{DateTime, SubsecRound, Utc};
use csv::{ByteRecord, ReaderBuilder};
use domain::order::MAX_DESCRIPTION;
use domain::order::usecase::Letter;

use super::report::Fault;
use crate::extract::needed;

const COLUMNS: [&str; 6] = ["message_id", "author", "created_at", "subject", "body", "replied_at"];
/// Characters of names that other systems give.
const MAX_NAME: usize = 100;
/// The title is shortened anyway; what is longer than this is not a subject.
const MAX_SUBJECT: usize = 500;

/// Where each of [`COLUMNS`] stands, and how many a whole row has.
struct Layout {
    columns: [usize; COLUMNS.len()],
    width: usize,
}

/// The letters, oldest first, so that running numbers of a day follow the clock; and what could not be read.
pub(super) fn read(file: impl Read, now: DateTime<Utc>) -> anyhow::Result<(Vec<Letter>, Vec<Fault>)> {
    let mut rows = ReaderBuilder::new().flexible(true).from_reader(file);
    let layout = Layout::of(rows.byte_headers().context("文件读不出来")?)?;
    let (mut letters, mut faults) = (Vec::new(), Vec::new());
    let mut lines: HashMap<String, u64> = HashMap::new();
    let mut row = ByteRecord::new();
    while rows.read_byte_record(&mut row).context("文件读不出来")? {
        let line = row.position().map_or(0, csv::Position::line);
        let taken = letter(&layout, &row, now).and_then(|letter| match lines.insert(letter.reference.clone(), line) {
            Some(before) => Err(format!("编号与第 {before} 行重复")),
            None => Ok(letter),
        });
        match taken {
            Ok(letter) => letters.push(letter),
            Err(reason) => faults.push(Fault { line, reference: layout.name_of(&row), reason }),
        }
    }
    letters.sort_by(|a, b| (a.created_at, &a.reference).cmp(&(b.created_at, &b.reference)));
    Ok((letters, faults))
}

impl Layout {
    fn of(header: &ByteRecord) -> anyhow::Result<Self> {
        let position = |column: &str| header.iter().position(|name| name.trim_ascii() == column.as_bytes());
        let missing: Vec<_> = COLUMNS.into_iter().filter(|column| position(column).is_none()).collect();
        if !missing.is_empty() {
            bail!("第一行应为列名，缺少：{}", missing.join("、"));
        }
        Ok(Self { columns: COLUMNS.map(|column| position(column).unwrap_or_default()), width: header.len() })
    }

    fn cells<'a>(&self, row: &'a ByteRecord) -> [&'a [u8]; COLUMNS.len()] {
        self.columns.map(|column| row.get(column).unwrap_or_default())
    }

    /// The letter's id as far as it can be read, so that somebody can look for it.
    fn name_of(&self, row: &ByteRecord) -> String {
        let [reference, ..] = self.cells(row);
        String::from_utf8_lossy(reference).trim().chars().filter(|c| !c.is_control()).take(MAX_NAME).collect()
    }
}

/// Or why the row cannot be taken.
fn letter(layout: &Layout, row: &ByteRecord, now: DateTime<Utc>) -> Result<Letter, String> {
    if row.len() != layout.width {
        return Err(format!("应有 {} 列，实有 {} 列", layout.width, row.len()));
    }
    let [reference, author, created_at, subject, body, replied_at] = layout.cells(row);
    let letter = Letter {
        reference: filled("编号", reference, MAX_NAME)?,
        author: filled("来信人", author, MAX_NAME)?,
        created_at: instant("来信时间", created_at)?,
        subject: if is_blank(subject) { String::new() } else { filled("主题", subject, MAX_SUBJECT)? },
        body: filled("正文", body, MAX_DESCRIPTION)?,
        replied_at: if is_blank(replied_at) { None } else { Some(instant("答复时间", replied_at)?) },
        result: None,
        compound: None,
    };
    in_order(&letter, now).map(|()| letter)
}

fn in_order(letter: &Letter, now: DateTime<Utc>) -> Result<(), String> {
    let refuse = |reason: &str| Err(reason.to_owned());
    if letter.created_at.max(letter.replied_at.unwrap_or_default()) > now {
        return refuse("时间在将来");
    }
    if letter.created_at < DateTime::UNIX_EPOCH {
        return refuse("来信时间早于 1970 年");
    }
    if letter.replied_at.is_some_and(|at| at < letter.created_at) {
        return refuse("答复时间早于来信时间");
    }
    Ok(())
}

fn is_blank(cell: &[u8]) -> bool {
    cell.trim_ascii().is_empty()
}

fn text<'a>(what: &str, cell: &'a [u8]) -> Result<&'a str, String> {
    std::str::from_utf8(cell).map(str::trim).map_err(|_| format!("{what}不是 UTF-8 文字"))
}

/// A text that must say something, by the rules for what people type.
fn filled(what: &'static str, cell: &[u8], max: usize) -> Result<String, String> {
    let text = text(what, cell)?;
    needed(what, max)(text, &()).map_err(|refusal| refusal.to_string())?;
    Ok(text.to_owned())
}

/// In whole milliseconds, as every other time here.
fn instant(what: &str, cell: &[u8]) -> Result<DateTime<Utc>, String> {
    let written = text(what, cell)?;
    let at = DateTime::parse_from_rfc3339(written);
    let at = at.map_err(|_| format!("{what}应写作 2019-04-25T09:32:09+08:00 这样，现为「{written}」"))?;
    Ok(at.with_timezone(&Utc).trunc_subsecs(3))
}

#[cfg(test)]
#[path = "sheet_tests.rs"]
mod tests;
