//! Locks what speaks of people before it is stored: names, phones, rooms, words.
//!
//! AES-256-GCM with keys of the database's own (`data_keys`), which are themselves locked with master keys that never
//! lie in the database (envelope encryption). A locked cell is bound to its column and row: copied elsewhere, it does
//! not open. It reads: one byte of format, four of the key's id, twelve of nonce, the text, sixteen of tag.

mod keys;
mod master;
mod relock;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use aws_lc_rs::aead::{Aad, NONCE_LEN, Nonce};
use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};
use rand::RngExt;
use thiserror::Error;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use domain::ports::{Clock, StoreError};

use crate::database::Database;
use keys::Ring;

pub use master::{MasterKey, MasterKeys};

/// The first byte of every locked cell.
const FORMAT: u8 = 1;
/// Format and id of the key.
const HEAD: usize = 5;
/// How often the keys are read again. A new key is used only after every process has had time to learn it.
const RELOAD_EVERY: Duration = Duration::from_secs(20);

/// Everybody who reads or writes locked cells shares one.
pub struct Vault {
    db: Database,
    masters: MasterKeys,
    clock: Arc<dyn Clock>,
    ring: RwLock<Arc<Ring>>,
}

/// A data key without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFacts {
    pub id: i64,
    /// `lock` or `index`.
    pub purpose: String,
    /// Names the master key that opens it.
    pub master_id: String,
    pub active_from: DateTime<Utc>,
}

/// Where a locked value stands; elsewhere it does not open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell<'a> {
    /// `table.column`
    pub column: &'static str,
    pub row: Row<'a>,
}

/// What names a row.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Row<'a> {
    Id(Uuid),
    Numbered(Uuid, i64),
    Named(Uuid, &'a str),
}

/// Why the vault stays closed.
#[derive(Debug, Error)]
pub enum VaultError {
    #[error("a master key is needed")]
    NoMaster,
    #[error("data key {key} is locked with master key {master}, which is not configured")]
    MasterMissing { key: i64, master: String },
    /// The right name, but not the key that it was locked with.
    #[error("master key {master} does not open data key {key}")]
    MasterWrong { key: i64, master: String },
    #[error("encryption failed")]
    Crypto,
    #[error("the data keys cannot be read")]
    Store(#[from] StoreError),
}

impl Vault {
    /// Unlocks the database's keys; makes the first ones where there are none.
    pub async fn open(db: &Database, masters: MasterKeys, clock: Arc<dyn Clock>) -> Result<Arc<Self>, VaultError> {
        keys::make_missing(db, &masters, clock.now()).await?;
        let ring = Ring::load(db, &masters, clock.now()).await?;
        Ok(Arc::new(Self { db: db.clone(), masters, clock, ring: RwLock::new(Arc::new(ring)) }))
    }

    /// What may be told of the keys.
    pub async fn keys(&self) -> Result<Vec<KeyFacts>, VaultError> {
        let facts = |row: crate::entity::data_key::Model| KeyFacts {
            id: row.id,
            purpose: row.purpose,
            master_id: row.master_id,
            active_from: row.active_from,
        };
        Ok(keys::all(&self.db).await?.into_iter().map(facts).collect())
    }

    /// Reads the keys again: those that other processes made, and those whose time has come.
    pub async fn reload(&self) -> Result<(), VaultError> {
        let ring = Arc::new(Ring::load(&self.db, &self.masters, self.clock.now()).await?);
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        Ok(())
    }

    /// Keeps the keys fresh until told to stop.
    pub async fn keep_fresh(self: Arc<Self>, stop: CancellationToken) {
        while tokio::time::timeout(RELOAD_EVERY, stop.cancelled()).await.is_err() {
            if let Err(error) = self.reload().await {
                tracing::warn!(error = &error as &dyn std::error::Error, "vault.reload failed; older keys stay in use");
            }
        }
    }

    pub(crate) fn lock(&self, cell: Cell<'_>, text: &[u8]) -> Result<Vec<u8>, StoreError> {
        let ring = self.ring();
        let (id, key) = ring.current();
        let nonce: [u8; NONCE_LEN] = rand::rng().random();
        let mut locked = Vec::with_capacity(HEAD + NONCE_LEN + text.len() + key.algorithm().tag_len());
        locked.push(FORMAT);
        locked.extend(id.to_be_bytes());
        locked.extend(nonce);
        let mut body = text.to_vec();
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), cell.aad(), &mut body)
            .map_err(|_| StoreError::corrupt(cell.column, VaultError::Crypto))?;
        locked.append(&mut body);
        Ok(locked)
    }

    pub(crate) fn unlock(&self, cell: Cell<'_>, locked: &[u8]) -> Result<Vec<u8>, StoreError> {
        let opened = self.try_unlock(cell, locked);
        opened.ok_or_else(|| StoreError::corrupt(cell.column, "a locked value does not open"))
    }

    fn try_unlock(&self, cell: Cell<'_>, locked: &[u8]) -> Option<Vec<u8>> {
        let (head, rest) = locked.split_at_checked(HEAD)?;
        let (nonce, body) = rest.split_at_checked(NONCE_LEN)?;
        let (format, id) = head.split_first()?;
        let id = u32::from_be_bytes(id.try_into().ok()?);
        if *format != FORMAT {
            return None;
        }
        let ring = self.ring();
        let key = ring.find(id)?;
        let mut body = body.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let length = key.open_in_place(nonce, cell.aad(), &mut body).ok()?.len();
        body.truncate(length);
        Some(body)
    }

    /// The same for the same text, and nothing to anybody without the key: finds a phone that is stored locked.
    pub(crate) fn blind(&self, what: &str, text: &str) -> [u8; 32] {
        let mut mac = hmac::Context::with_key(&self.ring().index);
        mac.update(what.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        let mut blind = [0; 32];
        blind.copy_from_slice(mac.sign().as_ref());
        blind
    }

    fn ring(&self) -> Arc<Ring> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault")
    }
}

impl<'a> Cell<'a> {
    pub(crate) fn new(column: &'static str, row: Row<'a>) -> Self {
        Self { column, row }
    }

    fn aad(self) -> Aad<Vec<u8>> {
        let mut place = self.column.as_bytes().to_vec();
        place.push(0);
        match self.row {
            Row::Id(id) => place.extend(id.as_bytes()),
            Row::Numbered(id, seq) => {
                place.extend(id.as_bytes());
                place.extend(seq.to_be_bytes());
            }
            Row::Named(id, name) => {
                place.extend(id.as_bytes());
                place.extend(name.as_bytes());
            }
        }
        Aad::from(place)
    }
}
