//! `import messages`: old letters of citizens become orders, resumable, each of them once.

mod report;
mod sheet;

use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;
use domain::order::usecase::{Brought, Destination, Letter};
use domain::place::Community;
use domain::ports::{Clock, Directory};
use domain::service::{Privacy, offered};
use indicatif::{ProgressBar, ProgressStyle};
use infra::Stores;
use infra::clock::SystemClock;

use self::report::Report;
use super::{INCOMPLETE, bring_over};
use crate::config::Settings;
use crate::storage::Storage;

#[derive(Debug, Args)]
pub struct Options {
    /// UTF-8, one header line
    file: PathBuf,
    /// The community whose orders they become: its id, or the letters that its numbers start with
    #[arg(long, value_name = "ID")]
    community: String,
    /// A key of the community's service list; `advice`, or else the first, where it is left out
    #[arg(long, value_name = "KEY")]
    service: Option<String>,
    /// Write the rows that could not be taken to this file as well, as CSV
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
}

/// The name of the system that the letters come from.
const SYSTEM: &str = "citizen-messages";
const USUAL_SERVICE: &str = "advice";

pub(super) async fn import(settings: &Settings, options: &Options) -> anyhow::Result<ExitCode> {
    let Storage { database, stores, .. } = Storage::open(settings, Arc::new(SystemClock)).await?;
    let to = destination(&stores.directory.directory().await?, options)?;
    let file = File::open(&options.file).with_context(|| format!("打不开 {}", options.file.display()))?;
    let (letters, faults) = sheet::read(file, SystemClock.now())?;
    let mut report = Report::begin(faults, options.errors.as_deref())?;

    report.brought = bring(&stores, &letters, &to).await?;
    report.finish()?;
    database.close().await?;
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::from(INCOMPLETE) })
}

async fn bring(stores: &Stores, letters: &[Letter], to: &Destination) -> anyhow::Result<Brought> {
    // Drawn on a terminal only.
    let bar = ProgressBar::new(letters.len() as u64).with_style(style()?);
    let sum = bring_over(stores, letters, to, |letters| bar.inc(letters as u64)).await?;
    bar.finish_and_clear();
    Ok(sum)
}

fn style() -> anyhow::Result<ProgressStyle> {
    Ok(ProgressStyle::with_template("导入 {bar:40} {pos}/{len} 封，还需 {eta}")?)
}

fn destination(directory: &Directory, options: &Options) -> anyhow::Result<Destination> {
    let community = find_community(directory, &options.community)?;
    let services = offered(&directory.services, community.id, &directory.tree());
    let find = |key: &str| services.iter().find(|service| service.key == key);
    let service = match &options.service {
        Some(key) => find(key),
        None => find(USUAL_SERVICE).or_else(|| services.first()),
    };
    let Some(service) = service else {
        let known: Vec<_> = services.iter().map(|service| service.key.as_str()).collect();
        let name = directory.tree().name(community.id.into()).to_owned();
        bail!("{name}没有这项服务，请用 --service 从它的服务清单里选择：{}", known.join("、"));
    };
    Ok(Destination {
        system: SYSTEM.to_owned(),
        community: community.id,
        prefix: community.prefix.clone(),
        service_key: service.key.clone(),
        terms: service.terms(),
        sealed: service.offer.privacy == Privacy::Sealed,
    })
}

pub(super) fn find_community<'a>(directory: &'a Directory, wanted: &str) -> anyhow::Result<&'a Community> {
    let communities = &directory.communities;
    if let Some(found) = communities.iter().find(|c| c.prefix == wanted || c.id.to_string() == wanted.to_lowercase()) {
        return Ok(found);
    }
    if communities.is_empty() {
        bail!("没有社区 {wanted}：这个数据库里还没有任何社区");
    }
    let tree = directory.tree();
    let line = |c: &Community| format!("  {}  {}  {}", c.id, c.prefix, tree.name(c.id.into()));
    let known: Vec<_> = communities.iter().map(line).collect();
    bail!("没有社区 {wanted}，请从下列社区中选择：\n{}", known.join("\n"))
}
