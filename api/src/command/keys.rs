use anyhow::bail;
use clap::Subcommand;

use crate::auth::SigningKeys;
use crate::config::Settings;

#[derive(Debug, Subcommand)]
pub enum What {
    /// Put a new key first; older ones still verify. Restart all processes afterwards
    Rotate,
}

pub(super) fn keys(settings: &Settings, what: &What) -> anyhow::Result<()> {
    let What::Rotate = what;
    if !settings.tokens.keys.is_empty() {
        bail!("the keys stand in the settings (tokens.keys): put the new one first there");
    }
    std::fs::create_dir_all(&settings.data_dir)?;
    let id = SigningKeys::rotate(&settings.signing_keys_file())?;
    println!("new signing key {id}; restart the program to use it");
    Ok(())
}
