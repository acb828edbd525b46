use std::path::Path;
use std::sync::Arc;

use anyhow::bail;
use clap::Subcommand;
use infra::clock::SystemClock;
use secrecy::SecretString;

use crate::config::Settings;
use crate::keyring::KeyRing;
use crate::storage::Storage;

#[derive(Debug, Subcommand)]
pub enum What {
    /// Put a new signing key first; older ones still verify. Restart all processes afterwards
    Rotate,
    /// Make a new data key and lock everything that speaks of people with it, while others go on serving
    Relock {
        /// Only what still has an older key: goes on where an interrupted run stopped
        #[arg(long)]
        resume: bool,
    },
    /// Put a new master key first and lock the data keys with it. Restart all processes afterwards
    RotateMaster,
    /// Lock the data keys with the master key that stands first in the settings
    Rewrap,
}

pub(super) async fn keys(settings: &Settings, what: &What) -> anyhow::Result<()> {
    std::fs::create_dir_all(&settings.data_dir)?;
    match what {
        What::Rotate => {
            let id = rotate(&settings.tokens.keys, "tokens.keys", &settings.signing_keys_file())?;
            println!("new signing key {id}; restart the program to use it");
        }
        What::Relock { resume } => relock(settings, *resume).await?,
        What::RotateMaster => {
            let id = rotate(&settings.vault.keys, "vault.keys", &settings.master_keys_file())?;
            println!("new master key {id}; restart the program to use it");
            rewrap(settings).await?;
        }
        What::Rewrap => rewrap(settings).await?,
    }
    Ok(())
}

fn rotate(given: &[SecretString], setting: &str, file: &Path) -> anyhow::Result<String> {
    if !given.is_empty() {
        bail!("the keys stand in the settings ({setting}): put the new one first there");
    }
    KeyRing::rotate(file)
}

async fn relock(settings: &Settings, resume: bool) -> anyhow::Result<()> {
    let Storage { database, vault, .. } = Storage::open(settings, Arc::new(SystemClock)).await?;
    if !resume {
        let (id, pause) = vault.make_key().await?;
        println!("new data key {id}; waiting {} s until every process knows it", pause.num_seconds());
        tokio::time::sleep(pause.to_std()?).await;
    }
    println!("{} values locked anew", vault.relock().await?);
    Ok(database.close().await?)
}

async fn rewrap(settings: &Settings) -> anyhow::Result<()> {
    let Storage { database, vault, .. } = Storage::open(settings, Arc::new(SystemClock)).await?;
    println!("{} data keys locked anew", vault.rewrap().await?);
    Ok(database.close().await?)
}
