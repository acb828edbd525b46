//! 红管家: one program, several commands.

use api::command::{Cli, run};
use clap::Parser;

#[tokio::main]
async fn main() -> std::process::ExitCode {
    match run(Cli::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("hongguanjia: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
