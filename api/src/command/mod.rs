//! The commands of the program, one file each.

mod admin;
mod demo;
mod import;
mod keys;
mod sandbox;
mod serve;
mod verify_history;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use infra::database::Database;
use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, Settings};

pub use import::ledger;
pub use serve::Running;

#[derive(Debug, Parser)]
#[command(name = "hongguanjia", version, about = "红管家：让社区按订单运转")]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API; the worker runs in the same process
    Serve {
        /// Leave the outbox to other processes
        #[arg(long)]
        no_worker: bool,
    },
    /// Send what waits in the outbox and tidy; serve nothing
    Worker,
    /// Bring the database up to date
    Migrate,
    /// Start everything embedded, play two stories among invented people, and keep serving
    Demo(demo::Options),
    /// Stand in for WeChat on this machine, with a page that shows the phones
    Sandbox,
    /// Bring over what another system knows
    Import {
        #[command(subcommand)]
        what: import::What,
    },
    /// Print the description of the API (openapi.yaml)
    Openapi,
    /// Print who may do what (docs/access.md)
    Access,
    /// Check every order's history against its chain of hashes
    VerifyHistory,
    /// What an operator does at the machine itself: people, places, organisations, services, the audit log, retention
    Admin {
        #[command(subcommand)]
        what: admin::What,
    },
    /// Keys that sign tokens and links, and keys that lock what speaks of people
    Keys {
        #[command(subcommand)]
        what: keys::What,
    },
}

/// Answers how the program ends where it did not fail.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    if matches!(cli.command, Command::Openapi) {
        print!("{}", crate::server::describe().to_yaml()?);
        return Ok(ExitCode::SUCCESS);
    }
    if matches!(cli.command, Command::Access) {
        print!("{}", domain::people::access::page());
        return Ok(ExitCode::SUCCESS);
    }
    let settings = Settings::load()?;
    let done = match cli.command {
        Command::Serve { no_worker } => {
            log_to_stderr(settings.log, NORMALLY);
            serve::serve(settings, !no_worker).await
        }
        Command::Worker => {
            log_to_stderr(settings.log, NORMALLY);
            serve::work(settings).await
        }
        Command::Demo(options) => {
            log_to_stderr(settings.log, QUIETLY);
            demo::demo(settings, &options).await
        }
        Command::Sandbox => {
            log_to_stderr(settings.log, NORMALLY);
            sandbox::sandbox(&settings).await
        }
        Command::Migrate => {
            std::fs::create_dir_all(&settings.data_dir)?;
            Ok(Database::connect(&settings.database_url()).await?.migrate().await?)
        }
        Command::Import { what } => return import::import(&settings, &what).await,
        Command::Openapi | Command::Access => Ok(()),
        Command::VerifyHistory => verify_history::verify_history(&settings).await,
        Command::Admin { what } => admin::admin(&settings, what).await,
        Command::Keys { what } => keys::keys(&settings, &what).await,
    };
    done.map(|()| ExitCode::SUCCESS)
}

/// Libraries are quiet.
const NORMALLY: &str = "info,sqlx=warn,sea_orm=warn";
/// Leaves the terminal to what is shown there.
const QUIETLY: &str = "warn";

/// `RUST_LOG` says how much, before `otherwise`.
fn log_to_stderr(format: LogFormat, otherwise: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(otherwise));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match format {
        LogFormat::Text => builder.with_target(false).with_ansi(std::io::stderr().is_terminal()).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging was set up before");
    }
}
