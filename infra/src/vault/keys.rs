//! The database's own keys, as they lie in `data_keys`.

use std::collections::HashMap;

use aws_lc_rs::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};
use rand::RngExt;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryOrder};

use super::{MasterKeys, VaultError};
use crate::database::{Database, store_error};
use crate::entity::data_key;

const LOCK: &str = "lock";
const INDEX: &str = "index";
/// The key for blind look-up. One for good: another would find nobody.
const INDEX_KEY: i64 = 0;
const FIRST_LOCK_KEY: i64 = 1;

/// Every key, opened.
pub(super) struct Ring {
    locks: HashMap<u32, LessSafeKey>,
    current: u32,
    current_key: LessSafeKey,
    pub index: hmac::Key,
}

impl Ring {
    pub async fn load(db: &Database, masters: &MasterKeys, now: DateTime<Utc>) -> Result<Self, VaultError> {
        let rows = all(db).await?;
        let mut locks = HashMap::new();
        let (mut current, mut index) = (None, None);
        for row in &rows {
            let secret = masters.unwrap(row.id, &row.master_id, &row.wrapped)?;
            if row.purpose == INDEX {
                index = Some(hmac::Key::new(hmac::HMAC_SHA256, &secret));
                continue;
            }
            let id = u32::try_from(row.id).map_err(|_| VaultError::Crypto)?;
            locks.insert(id, cipher(&secret)?);
            if row.active_from <= now || current.is_none() {
                current = Some((id, cipher(&secret)?));
            }
        }
        let (current, current_key) = current.ok_or(VaultError::NoMaster)?;
        Ok(Self { locks, current, current_key, index: index.ok_or(VaultError::NoMaster)? })
    }

    pub fn current(&self) -> (u32, &LessSafeKey) {
        (self.current, &self.current_key)
    }

    pub fn find(&self, id: u32) -> Option<&LessSafeKey> {
        self.locks.get(&id)
    }
}

fn cipher(secret: &[u8; 32]) -> Result<LessSafeKey, VaultError> {
    UnboundKey::new(&AES_256_GCM, secret).map(LessSafeKey::new).map_err(|_| VaultError::Crypto)
}

/// By id, which is by age.
pub(super) async fn all(db: &Database) -> Result<Vec<data_key::Model>, VaultError> {
    let rows = data_key::Entity::find().order_by_asc(data_key::Column::Id).all(db.reader()).await;
    Ok(rows.map_err(store_error)?)
}

/// Processes that start together make one key of each kind: the first one's stands.
pub(super) async fn make_missing(db: &Database, masters: &MasterKeys, now: DateTime<Utc>) -> Result<(), VaultError> {
    let known = all(db).await?;
    for (id, purpose) in [(INDEX_KEY, INDEX), (FIRST_LOCK_KEY, LOCK)] {
        if !known.iter().any(|row| row.purpose == purpose) {
            insert(db, masters, id, purpose, now).await?;
        }
    }
    Ok(())
}

/// A new key that locks from `active_from` on; answers its id.
pub(super) async fn make_next(
    db: &Database,
    masters: &MasterKeys,
    active_from: DateTime<Utc>,
) -> Result<u32, VaultError> {
    let last = all(db).await?.last().map_or(INDEX_KEY, |row| row.id);
    insert(db, masters, last + 1, LOCK, active_from).await?;
    u32::try_from(last + 1).map_err(|_| VaultError::Crypto)
}

/// Locks every data key with the first master key; says how many had another.
pub(super) async fn rewrap(db: &Database, masters: &MasterKeys) -> Result<usize, VaultError> {
    let first = masters.first()?;
    let mut changed = 0;
    for row in all(db).await?.into_iter().filter(|row| row.master_id != first.id) {
        let secret = masters.unwrap(row.id, &row.master_id, &row.wrapped)?;
        let wrapped = data_key::Model { wrapped: first.wrap(row.id, &secret)?, master_id: first.id.clone(), ..row };
        let columns = ActiveModelTrait::reset_all(wrapped.into_active_model());
        data_key::Entity::update(columns).exec_without_returning(db.writer()).await.map_err(store_error)?;
        changed += 1;
    }
    Ok(changed)
}

async fn insert(
    db: &Database,
    masters: &MasterKeys,
    id: i64,
    purpose: &str,
    active_from: DateTime<Utc>,
) -> Result<(), VaultError> {
    let first = masters.first()?;
    let secret: [u8; 32] = rand::rng().random();
    let wrapped = first.wrap(id, &secret)?;
    let row = data_key::Model { id, purpose: purpose.to_owned(), master_id: first.id.clone(), wrapped, active_from };
    data_key::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::column(data_key::Column::Id).do_nothing().to_owned())
        .exec_without_returning(db.writer())
        .await
        .map_err(store_error)?;
    Ok(())
}
