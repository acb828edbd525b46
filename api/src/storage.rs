//! The database, the vault that reads what is locked in it, and the stores over both.

use std::sync::Arc;

use anyhow::Context;
use domain::ports::Clock;
use infra::database::{Database, StatementWatch};
use infra::vault::{MasterKey, MasterKeys};
use infra::{Stores, Vault};
use secrecy::ExposeSecret;

use crate::config::Settings;
use crate::keyring::{KeyRing, NamedKey};

pub struct Storage {
    pub database: Database,
    pub vault: Arc<Vault>,
    pub stores: Stores,
}

impl Storage {
    /// Opens and migrates.
    pub async fn open(settings: &Settings, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        Self::open_watched(settings, clock, None).await
    }

    /// The same, and shows every statement.
    pub async fn open_watched(
        settings: &Settings,
        clock: Arc<dyn Clock>,
        watch: Option<StatementWatch>,
    ) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&settings.data_dir)
            .with_context(|| format!("the data folder {} cannot be made", settings.data_dir.display()))?;
        let database = Database::connect_with(&settings.database_url(), settings.database_connections).await;
        let mut database = database.context("the database cannot be opened")?;
        if let Some(watch) = watch {
            database = database.watched(watch);
        }
        database.migrate().await.context("the database cannot be migrated")?;
        let vault =
            Vault::open(&database, master_keys(settings)?, clock).await.context("the vault cannot be opened")?;
        let stores = Stores::over(&database, &vault);
        Ok(Self { database, vault, stores })
    }
}

fn master_keys(settings: &Settings) -> anyhow::Result<MasterKeys> {
    let keys = if settings.vault.keys.is_empty() {
        KeyRing::open(&settings.master_keys_file())?
    } else {
        KeyRing::parse(settings.vault.keys.iter().map(ExposeSecret::expose_secret))?
    };
    Ok(MasterKeys::new(keys.all().map(master_key).collect::<Result<_, _>>()?)?)
}

fn master_key(key: &NamedKey) -> anyhow::Result<MasterKey> {
    let secret = key.secret.as_slice().try_into();
    let secret = secret.with_context(|| format!("master key {} must have exactly 32 bytes", key.id))?;
    Ok(MasterKey { id: key.id.clone(), secret })
}
