use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use domain::people::{Admission, Attempts, Guessed};
use domain::ports::{AttemptStore, StoreError};

use super::cell;
use crate::database::{Database, store_error};
use crate::entity::attempt::{self, Column, Entity};
use crate::vault::Vault;

/// [`AttemptStore`] over the table `attempts`.
pub struct AttemptRows {
    db: Database,
    vault: Arc<Vault>,
}

impl AttemptRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }

    fn key(&self, what: Guessed, subject: &str) -> (String, Vec<u8>) {
        (what.to_string(), self.vault.blind(what.into(), subject).to_vec())
    }
}

#[async_trait]
impl AttemptStore for AttemptRows {
    async fn admit(&self, what: Guessed, subject: &str, now: DateTime<Utc>) -> Result<Admission, StoreError> {
        let key = self.key(what, subject);
        let tx = self.db.begin_write().await?;
        let row = locked_row(&tx, &key, now).await?;
        // A row without failures was made for the lock.
        let earlier = row.filter(|row| row.failures > 0).map(|row| to_attempts(&row)).transpose()?;
        let admission = Attempts::admit(earlier, now);
        if let Admission::Judge(attempts) = admission {
            let counted = OnConflict::columns([Column::What, Column::Subject])
                .update_columns([Column::Failures, Column::LockedUntil, Column::At])
                .to_owned();
            insert(&tx, to_row(key, attempts), counted).await?;
        }
        tx.commit().await.map_err(store_error)?;
        Ok(admission)
    }

    async fn clear(&self, what: Guessed, subject: &str) -> Result<(), StoreError> {
        Entity::delete_by_id(self.key(what, subject)).exec(self.db.writer()).await.map_err(store_error)?;
        Ok(())
    }

    async fn sweep_attempts(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let swept = Entity::delete_many().filter(Column::At.lt(before)).exec(self.db.writer()).await;
        swept.map(|done| done.rows_affected).map_err(store_error)
    }
}

/// There must be a row to lock, or two first tries would both be the first.
async fn locked_row(
    tx: &DatabaseTransaction,
    key: &(String, Vec<u8>),
    now: DateTime<Utc>,
) -> Result<Option<attempt::Model>, StoreError> {
    let none = to_row(key.clone(), Attempts { failures: 0, locked_until: None, at: now });
    let stays = OnConflict::columns([Column::What, Column::Subject]).do_nothing().to_owned();
    insert(tx, none, stays).await?;
    Entity::find_by_id(key.clone()).lock_exclusive().one(tx).await.map_err(store_error)
}

async fn insert(tx: &DatabaseTransaction, row: attempt::Model, known: OnConflict) -> Result<(), StoreError> {
    Entity::insert(row.into_active_model()).on_conflict(known).exec_without_returning(tx).await.map_err(store_error)?;
    Ok(())
}

fn to_row((what, subject): (String, Vec<u8>), attempts: Attempts) -> attempt::Model {
    let Attempts { failures, locked_until, at } = attempts;
    attempt::Model { what, subject, failures: failures.into(), locked_until, at }
}

fn to_attempts(row: &attempt::Model) -> Result<Attempts, StoreError> {
    let failures = cell::number("attempts", row.failures)?;
    Ok(Attempts { failures, locked_until: row.locked_until, at: row.at })
}
