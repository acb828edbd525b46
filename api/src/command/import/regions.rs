//! `import regions`: places that are missing, and what an edition of a list calls them. Asked again, it changes nothing.

use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use domain::ids::PlaceId;
use domain::place::Graft;
use domain::ports::{Clock, Directory, Ids, PlaceCode};
use infra::clock::{SystemClock, SystemIds};

use super::INCOMPLETE;
use crate::config::Settings;
use crate::regions::regions_of;
use crate::storage::Storage;

#[derive(Debug, Args)]
pub struct Options {
    /// UTF-8, one header line
    file: PathBuf,
    /// The name of the list, such as statistics-2023; its codes replace what it said before, and no other list's
    #[arg(long, value_name = "NAME")]
    edition: String,
}

pub(super) async fn import(settings: &Settings, options: &Options) -> anyhow::Result<ExitCode> {
    let file = File::open(&options.file).with_context(|| format!("打不开 {}", options.file.display()))?;
    let (lines, mut faults) = regions_of(file)?;
    let (numbers, regions): (Vec<_>, Vec<_>) = lines.into_iter().unzip();

    let Storage { database, stores, .. } = Storage::open(settings, Arc::new(SystemClock)).await?;
    let known = stores.directory.directory().await?;
    let (graft, unfit) = Graft::of(&known.tree(), &regions, |_| PlaceId(SystemIds.at(SystemClock.now())));
    faults.extend(unfit.into_iter().filter_map(|(i, fault)| Some((*numbers.get(i)?, fault.to_string()))));
    let (new, codes) = (graft.places.len(), graft.codes.len());
    stores.directory.save_directory(&Directory { places: graft.places, ..Directory::default() }).await?;
    let edition = &options.edition;
    let code = |(place, code)| PlaceCode { place, edition: edition.clone(), code };
    stores.directory.save_codes(&graft.codes.into_iter().map(code).collect::<Vec<_>>()).await?;
    database.close().await?;

    faults.sort();
    faults.iter().for_each(|(line, reason)| eprintln!("第 {line} 行：{reason}"));
    println!("新增 {new} 个地区，登记 {codes} 个编码（{edition}），{} 行有误", faults.len());
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(INCOMPLETE) })
}
