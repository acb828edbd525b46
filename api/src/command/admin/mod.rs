//! What an operator does now and then, one file each.

mod retention;

use clap::Subcommand;

use crate::config::Settings;

#[derive(Debug, Subcommand)]
pub enum What {
    /// Remove what is past its time; the worker does it daily
    Retention(retention::Options),
}

pub(super) async fn admin(settings: &Settings, what: &What) -> anyhow::Result<()> {
    match what {
        What::Retention(options) => retention::retention(settings, options).await,
    }
}
