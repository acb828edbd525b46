use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use domain::ids::PersonId;
use domain::ports::{Answer, AnswerStore, Commit, StoreError};

use super::cell;
use super::write::{answer_cell, finish, insert_answer};
use crate::database::{Database, store_error};
use crate::entity::answer;
use crate::vault::Vault;

/// [`AnswerStore`] over the table `answers`.
pub struct AnswerRows {
    db: Database,
    vault: Arc<Vault>,
}

impl AnswerRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }
}

#[async_trait]
impl AnswerStore for AnswerRows {
    async fn find_answer(&self, person: PersonId, key: &str) -> Result<Option<Answer>, StoreError> {
        let found = answer::Entity::find_by_id((person.0, key.to_owned())).one(self.db.reader()).await;
        found.map_err(store_error)?.map(|row| to_answer(&self.vault, row)).transpose()
    }

    async fn keep_answer(&self, answer: &Answer) -> Result<Commit, StoreError> {
        let tx = self.db.begin_write().await?;
        let written = insert_answer(&tx, &self.vault, answer, None).await;
        finish(tx, written).await
    }

    async fn sweep_answers(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let swept = answer::Entity::delete_many().filter(answer::Column::At.lt(before)).exec(self.db.writer()).await;
        swept.map(|done| done.rows_affected).map_err(store_error)
    }
}

fn to_answer(vault: &Vault, row: answer::Model) -> Result<Answer, StoreError> {
    let body = vault.unlock(answer_cell(row.person_id, &row.key), &row.body)?;
    Ok(Answer {
        person: row.person_id.into(),
        key: row.key,
        fingerprint: cell::bytes("answer", row.fingerprint)?,
        status: cell::number("answer", row.status)?,
        body: String::from_utf8(body).map_err(|e| StoreError::corrupt("answer", e))?,
        at: row.at,
    })
}
