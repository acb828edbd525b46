use std::sync::Arc;

use clap::Args;
use domain::ports::{Clock, Ids};
use domain::retention::{Periods, Run};
use infra::clock::{SystemClock, SystemIds};

use crate::config::Settings;
use crate::storage::Storage;
use crate::view::local;
use crate::wiring::{eraser, keeper, orders, photo_store};

#[derive(Debug, Args)]
pub struct Options {
    /// Count what is past its time and touch nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn retention(settings: &Settings, options: &Options) -> anyhow::Result<()> {
    let (clock, ids): (Arc<dyn Clock>, Arc<dyn Ids>) = (Arc::new(SystemClock), Arc::new(SystemIds));
    let Storage { database, stores, .. } = Storage::open(settings, clock.clone()).await?;
    let eraser = eraser(&orders(&stores, &clock, &ids), &stores, photo_store(settings)?);
    let runs = keeper(&stores, eraser, settings.retention.clone()).run(options.dry_run).await?;
    print!("{}", table(&runs, &settings.retention));
    Ok(database.close().await?)
}

fn table(runs: &[Run], periods: &Periods) -> String {
    let line = |run: &Run| {
        let fate = run.kind.rule().fate;
        let (what, days, before) = (run.kind.text(), periods.days(run.kind), local(run.before).format("%Y-%m-%d"));
        let verb = if run.is_rehearsal { "would " } else { "" };
        format!("{what:24} {days:>5} days  before {before}  {rows:>8} rows  {verb}{fate}\n", rows = run.rows)
    };
    runs.iter().map(line).collect()
}
