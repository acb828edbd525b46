//! Brings over what others know.

pub mod ledger;
mod messages;
mod regions;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Subcommand;
use domain::deadline::WorkCalendar;
use domain::order::usecase::{Brought, Destination, Letter, Orders};
use infra::Stores;
use infra::clock::{SystemClock, SystemIds};

use crate::config::Settings;

#[derive(Debug, Subcommand)]
pub enum What {
    /// Letters with the time of their answer, as CSV: message_id, author, created_at, subject, body, replied_at
    Messages(messages::Options),
    /// A book that was kept on paper, as CSV: reference, service_key, compound, submitted_on, resolved_on, title, result
    Ledger(ledger::Options),
    /// Places with their codes, as CSV: path, level, code; the path from the top down, 河北省/石家庄市/新华区
    Regions(regions::Options),
}

/// Some rows could not be taken.
const INCOMPLETE: u8 = 2;

pub(super) async fn import(settings: &Settings, what: &What) -> anyhow::Result<ExitCode> {
    match what {
        What::Messages(options) => messages::import(settings, options).await,
        What::Ledger(options) => ledger::import(settings, options).await,
        What::Regions(options) => regions::import(settings, options).await,
    }
}

/// Letters of one transaction: what a crash may undo, and what others wait for on SQLite.
const BATCH: usize = 200;

/// Takes them batch by batch; `done` hears how many letters each batch had. An interruption leaves whole batches.
async fn bring_over(
    stores: &Stores,
    letters: &[Letter],
    to: &Destination,
    done: impl Fn(usize),
) -> anyhow::Result<Brought> {
    let orders = Orders {
        store: stores.orders.clone(),
        bookings: stores.bookings.clone(),
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
        calendar: Arc::new(WorkCalendar::announced()),
    };
    let mut sum = Brought::default();
    for batch in letters.chunks(BATCH) {
        let brought = orders.bring_over(stores.newcomers.as_ref(), batch, to).await;
        sum += brought.context("写入中断；已写入的都已保存，请重新运行同一命令，从中断处继续")?;
        done(batch.len());
    }
    Ok(sum)
}
