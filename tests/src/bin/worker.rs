//! The program's worker as a process of its own, whose clock stands still at the instant that it is given: what rings by day
//! alone is told in a test at any hour, and nothing runs out while it waits to be killed.

use std::sync::Arc;

use anyhow::Context;
use api::command::Running;
use api::config::Settings;
use api::wiring::Seams;
use infra::clock::ManualClock;

#[tokio::main(worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    let at = std::env::args().nth(1).context("an instant is missing")?.parse()?;
    let settings = Settings { listen: "127.0.0.1:0".into(), ..Settings::load()? };
    let seams = Seams { clock: Arc::new(ManualClock::new(at)), ..Seams::default() };
    let _running = Running::start(&settings, seams, true).await?;
    std::future::pending().await
}
