use std::path::PathBuf;

use anyhow::bail;
use clap::Args;

use super::serve::wait_for_signal;
use crate::config::{Environment, Settings};
use crate::demo::{Player, STORIES, Screen, Stage, describe};

#[derive(Debug, Args)]
pub struct Options {
    /// Write addresses, communities and personas as JSON as soon as both servers answer
    #[arg(long, value_name = "FILE")]
    describe: Option<PathBuf>,
    /// Play no stories; the people are there all the same
    #[arg(long)]
    no_stories: bool,
    /// End after the stories instead of serving on
    #[arg(long)]
    exit: bool,
}

pub(super) async fn demo(settings: Settings, options: &Options) -> anyhow::Result<()> {
    if settings.environment == Environment::Production {
        bail!("演示会写入虚构的人和订单，不能在正式环境（environment = production）里运行");
    }
    let stage = Stage::set(settings).await?;
    if let Some(file) = &options.describe {
        describe(&stage, file)?;
    }
    let outcome = tokio::select! {
        outcome = perform(&stage, options) => outcome,
        signal = wait_for_signal() => signal,
    };
    stage.strike().await?;
    outcome
}

/// Plays, and then serves until somebody ends it, unless it shall end by itself.
async fn perform(stage: &Stage, options: &Options) -> anyhow::Result<()> {
    let screen = Screen;
    let played = play(stage, &screen, options).await;
    if options.exit {
        screen.goodbye();
        return played;
    }
    if let Err(error) = &played {
        screen.failed(error);
    }
    screen.whats_next(stage);
    std::future::pending().await
}

async fn play(stage: &Stage, screen: &Screen, options: &Options) -> anyhow::Result<()> {
    let mut player = Player::new(stage, screen);
    screen.welcome(stage, player.count_orders().await?);
    if !options.no_stories {
        for story in STORIES {
            player.play(story).await?;
        }
        screen.published();
        player.figures().await?;
    }
    Ok(())
}
