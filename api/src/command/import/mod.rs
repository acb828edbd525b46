//! Brings over what others know.

pub mod ledger;
mod messages;
mod regions;

use std::process::ExitCode;

use clap::Subcommand;

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
