//! Measures the server against the same statements issued raw, and prints a table in Markdown.
//!
//! `FSYNC=on tests/servers run cargo run --release -p tests --bin bench`, after
//! `cargo build --release --bin hongguanjia`; docs/performance.md tells what is compared with what.

mod browsing;
mod line;
mod load;
mod reading;
mod recipe;
mod report;
mod site;
mod writing;

use std::time::Duration;

use anyhow::ensure;
use clap::Parser;
use tests::Backend;

use crate::report::Report;
use crate::site::Site;

#[derive(Debug, Parser)]
struct Options {
    /// How long each measurement takes
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// How often each is repeated, in turns with what it is compared to; the median counts
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Orders in the small community
    #[arg(long, default_value_t = 1_000)]
    small: usize,
    /// Orders in the large community
    #[arg(long, default_value_t = 100_000)]
    large: usize,
    /// Only what everybody looks at before they order
    #[arg(long)]
    browsing: bool,
}

/// Connections to the server, and to the database beside it.
const CONNECTIONS: usize = 16;
/// Starts, of which the median counts.
const STARTS: usize = 5;

#[tokio::main(worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    ensure!(!cfg!(debug_assertions), "measure with --release");
    let mut report = Report::default();
    for backend in [Backend::Sqlite, Backend::Postgres] {
        measure(backend, &options, &mut report).await?;
    }
    println!("{report}");
    Ok(())
}

async fn measure(backend: Backend, options: &Options, report: &mut Report) -> anyhow::Result<()> {
    let time = Duration::from_secs(options.seconds);
    if options.browsing {
        let mut large = Site::open(backend, options.large).await?;
        browsing::measure(&mut large, options.rounds, time, report).await?;
        large.close().await;
        return Ok(());
    }
    let small = Site::open(backend, options.small).await?;
    let mut large = Site::open(backend, options.large).await?;
    reading::compare(&small, &large, options.rounds, time, report).await?;
    small.close().await;
    writing::compare(&large, options.rounds, time, report).await?;
    report.memory(backend, large.memory()?);
    report.start(backend, large.restart(STARTS).await?);
    large.close().await;
    Ok(())
}
