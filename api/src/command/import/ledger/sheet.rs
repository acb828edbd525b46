//! CSV → lines of the book.

use std::collections::HashMap;
use std::io::Read;

use anyhow::Context;
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use csv::ReaderBuilder;
use domain::deadline::start_of_day;
use domain::ids::CommunityId;
use domain::order::MAX_TITLE;
use domain::order::usecase::Letter;
use domain::place::Tree;
use domain::service::Service;
use serde::Deserialize;

use crate::extract::needed;

/// Characters of the number that the book gives, and of a result.
const MAX_REFERENCE: usize = 40;
const MAX_RESULT: usize = 500;
/// Nobody wrote down the hours: a matter came in the morning and was done by the evening.
const MORNING: TimeDelta = TimeDelta::hours(9);
const EVENING: TimeDelta = TimeDelta::hours(17);
/// Books do not say who asked.
const AUTHOR: &str = "台账";

/// What lines may speak of.
pub(super) struct Known<'a> {
    pub services: &'a [&'a Service],
    pub tree: &'a Tree,
    pub community: CommunityId,
}

#[derive(Deserialize)]
struct Row {
    reference: String,
    service_key: String,
    compound: String,
    submitted_on: String,
    resolved_on: String,
    title: String,
    result: String,
}

type Lines<'a> = Vec<(&'a str, Letter)>;

/// Lines with their services, oldest first, so that running numbers of a day follow the calendar; and what could not be read.
pub(super) fn read<'a>(
    book: impl Read,
    known: &Known<'a>,
    now: DateTime<Utc>,
) -> anyhow::Result<(Lines<'a>, Vec<(u64, String)>)> {
    let mut rows = ReaderBuilder::new().from_reader(book);
    let (mut lines, mut faults, mut seen): (Lines<'a>, _, HashMap<String, u64>) = Default::default();
    let headers = rows.headers().context("文件读不出来")?.clone();
    for row in rows.records() {
        let record = match row {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                push(&mut faults, line, "这一行读不出来：应为 UTF-8 文字，列数与表头相同".to_owned());
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let row: Row = record
            .deserialize(Some(&headers))
            .context("第一行应为列名：reference、service_key、compound、submitted_on、resolved_on、title、result")?;
        let taken = known.letter(&row, now).and_then(|taken| match seen.insert(taken.1.reference.clone(), line) {
            Some(before) => Err(format!("编号与第 {before} 行重复")),
            None => Ok(taken),
        });
        match taken {
            Ok(taken) => lines.push(taken),
            Err(reason) => push(&mut faults, line, reason),
        }
    }
    lines.sort_by(|(_, a), (_, b)| (a.created_at, &a.reference).cmp(&(b.created_at, &b.reference)));
    Ok((lines, faults))
}

fn push(faults: &mut Vec<(u64, String)>, line: u64, reason: String) {
    faults.push((line, reason));
}

impl<'a> Known<'a> {
    fn letter(&self, row: &Row, now: DateTime<Utc>) -> Result<(&'a str, Letter), String> {
        let service = self.services.iter().find(|service| service.key == row.service_key.trim());
        let service = service.ok_or_else(|| format!("本社区没有「{}」这项服务", row.service_key))?;
        let compound = match row.compound.trim() {
            "" => None,
            name => {
                let id = self.tree.compound_named(self.community, name);
                Some((name.to_owned(), id.ok_or_else(|| format!("本社区没有「{name}」这个小区"))?))
            }
        };
        let created_at = instant("来单日期", &row.submitted_on, MORNING)?;
        let resolved_at = instant("办结日期", &row.resolved_on, EVENING)?;
        if resolved_at < created_at {
            return Err("办结日期早于来单日期".to_owned());
        }
        if resolved_at > now {
            return Err("日期在将来".to_owned());
        }
        let title = filled("事项", &row.title, MAX_TITLE)?;
        let letter = Letter {
            reference: filled("编号", &row.reference, MAX_REFERENCE)?,
            author: AUTHOR.to_owned(),
            created_at,
            subject: title.clone(),
            body: title,
            replied_at: Some(resolved_at),
            result: Some(filled("办理结果", &row.result, MAX_RESULT)?),
            compound,
        };
        Ok((service.key.as_str(), letter))
    }
}

fn filled(what: &'static str, cell: &str, max: usize) -> Result<String, String> {
    needed(what, max)(cell, &()).map_err(|refusal| refusal.to_string())?;
    Ok(cell.trim().to_owned())
}

fn instant(what: &str, cell: &str, hour: TimeDelta) -> Result<DateTime<Utc>, String> {
    let day = NaiveDate::parse_from_str(cell.trim(), "%Y-%m-%d").ok();
    let day = day.filter(|day| (1990..=2100).contains(&day.year()));
    day.map(|day| start_of_day(day) + hour).ok_or_else(|| format!("{what}应写作 2020-03-12 这样，现为「{cell}」"))
}
