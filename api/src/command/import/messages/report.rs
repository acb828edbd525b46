//! What became of the file, for the person who imports it.

use std::fs::File;
use std::path::Path;

use anyhow::Context;
use domain::order::usecase::Brought;

/// A row that could not be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Where it starts; the header is line 1.
    pub line: u64,
    /// The letter's id, as far as it could be read.
    pub reference: String,
    pub reason: String,
}

pub(super) struct Report {
    pub brought: Brought,
    faults: Vec<Fault>,
    errors: Option<csv::Writer<File>>,
}

impl Report {
    /// Makes the file for errors now, so that one that cannot be written is known before the import, not after.
    pub fn begin(faults: Vec<Fault>, errors: Option<&Path>) -> anyhow::Result<Self> {
        let create = |path: &Path| csv::Writer::from_path(path).with_context(|| format!("无法写入 {}", path.display()));
        Ok(Self { brought: Brought::default(), faults, errors: errors.map(create).transpose()? })
    }

    pub fn finish(&mut self) -> anyhow::Result<()> {
        for Fault { line, reference, reason } in &self.faults {
            let name = if reference.is_empty() { String::new() } else { format!("（编号 {reference}）") };
            println!("第 {line} 行{name}：{reason}");
        }
        let Brought { new, known } = self.brought;
        println!("新导入 {new} 封，此前已导入 {known} 封，未能导入 {} 行", self.faults.len());
        self.write_errors().context("错误清单无法写入")
    }

    pub fn is_clean(&self) -> bool {
        self.faults.is_empty()
    }

    fn write_errors(&mut self) -> csv::Result<()> {
        let Some(errors) = &mut self.errors else { return Ok(()) };
        errors.write_record(["line", "message_id", "reason"])?;
        for Fault { line, reference, reason } in &self.faults {
            errors.write_record([&line.to_string(), reference, reason])?;
        }
        Ok(errors.flush()?)
    }
}
