//! `import ledger`: a book that was kept on paper before there was this system (台账). Each line becomes an order that was
//! resolved then, once, and counts in the figures of its day.

mod sheet;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::Args;
use domain::order::usecase::{Brought, Destination, Letter};
use domain::place::Community;
use domain::ports::{Clock, Directory};
use domain::service::{Privacy, Service, offered};
use infra::Stores;
use infra::clock::SystemClock;

use super::messages::find_community;
use super::{INCOMPLETE, bring_over};
use crate::config::Settings;
use crate::storage::Storage;

#[derive(Debug, Args)]
pub struct Options {
    /// UTF-8, one header line
    file: PathBuf,
    /// The community whose book it is: its id, or the letters that its numbers start with
    #[arg(long, value_name = "ID")]
    community: String,
}

/// The name under which lines are known, so that none comes twice.
const SYSTEM: &str = "ledger";

pub(super) async fn import(settings: &Settings, options: &Options) -> anyhow::Result<ExitCode> {
    let Storage { database, stores, .. } = Storage::open(settings, Arc::new(SystemClock)).await?;
    let directory = stores.directory.directory().await?;
    let community = find_community(&directory, &options.community)?;
    let file = File::open(&options.file).with_context(|| format!("打不开 {}", options.file.display()))?;
    let Outcome { brought, faults } = bring(&stores, &directory, community, file, SystemClock.now()).await?;
    database.close().await?;

    faults.iter().for_each(|(line, reason)| println!("第 {line} 行：{reason}"));
    let Brought { new, known } = brought;
    println!("新导入 {new} 件，此前已导入 {known} 件，未能导入 {} 行", faults.len());
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(INCOMPLETE) })
}

pub struct Outcome {
    pub brought: Brought,
    /// Line and reason, by line.
    pub faults: Vec<(u64, String)>,
}

/// Takes what can be taken; a line with a fault stops no other.
pub async fn bring(
    stores: &Stores,
    directory: &Directory,
    community: &Community,
    book: impl Read,
    now: DateTime<Utc>,
) -> anyhow::Result<Outcome> {
    let tree = directory.tree();
    let services = offered(&directory.services, community.id, &tree);
    let known = sheet::Known { services: &services, tree: &tree, community: community.id };
    let (lines, faults) = sheet::read(book, &known, now)?;
    let mut by_service: BTreeMap<&str, Vec<Letter>> = BTreeMap::new();
    for (key, letter) in lines {
        by_service.entry(key).or_default().push(letter);
    }
    let mut brought = Brought::default();
    for service in &services {
        let letters = by_service.remove(service.key.as_str()).unwrap_or_default();
        brought += bring_over(stores, &letters, &destination(community, service), |_| ()).await?;
    }
    Ok(Outcome { brought, faults })
}

fn destination(community: &Community, service: &Service) -> Destination {
    Destination {
        system: SYSTEM.to_owned(),
        community: community.id,
        prefix: community.prefix.clone(),
        service_key: service.key.clone(),
        terms: service.terms(),
        sealed: service.offer.privacy == Privacy::Sealed,
    }
}
