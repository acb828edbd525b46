//! Lists of regions as CSV: `path,level,code`, the path from the top down with `/` between its names.

use std::io::Read;

use anyhow::Context;
use domain::place::{Level, Region};
use serde::Deserialize;

#[derive(Deserialize)]
struct Line {
    path: String,
    level: String,
    #[serde(default)]
    code: Option<String>,
}

/// Numbers of lines beside what they say.
type Numbered<T> = Vec<(u64, T)>;

/// The regions, and why other lines cannot be read.
pub fn regions_of(file: impl Read) -> anyhow::Result<(Numbered<Region>, Numbered<String>)> {
    let mut rows = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(file);
    let header = rows.headers().context("文件读不出来")?.clone();
    for column in ["path", "level"] {
        anyhow::ensure!(header.iter().any(|name| name == column), "第一行应为列名 path,level,code，缺少 {column}");
    }
    let (mut regions, mut faults) = (Vec::new(), Vec::new());
    for row in rows.records() {
        let row = row.context("文件读不出来")?;
        let number = row.position().map_or(0, csv::Position::line);
        match row.deserialize::<Line>(Some(&header)).map_err(|_| "列数不对".to_owned()).and_then(region) {
            Ok(region) => regions.push((number, region)),
            Err(fault) => faults.push((number, fault)),
        }
    }
    Ok((regions, faults))
}

fn region(line: Line) -> Result<Region, String> {
    use strum::IntoEnumIterator;
    let level = line.level.parse().map_err(|_| {
        let known: Vec<&str> = Level::iter().map(Into::into).collect();
        format!("没有「{}」这一级，只能是：{}", line.level, known.join("、"))
    })?;
    let path = line.path.split('/').map(|name| name.trim().to_owned()).collect();
    Ok(Region { path, level, code: line.code.filter(|code| !code.is_empty()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_told_by_its_number() {
        let csv = "path,level,code\n河北省,province,13\n河北省/石家庄市,shi,1301\n河北省/石家庄市,city,\n";
        let (regions, faults) = regions_of(csv.as_bytes()).expect("a list");
        assert_eq!(
            regions.iter().map(|(line, region)| (*line, region.code.as_deref())).collect::<Vec<_>>(),
            [(2, Some("13")), (4, None)]
        );
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].0, 3);
        assert!(regions_of("name,level\n".as_bytes()).is_err());
    }
}
