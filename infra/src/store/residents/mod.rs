//! [`ResidentStore`] over the tables `persons`, `residences` and `former_selves`.

mod list;
pub(super) mod take_over;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, EntityTrait, IntoActiveModel};

use domain::ids::{CommunityId, PersonId};
use domain::people::{Area, Kept, Resident};
use domain::ports::{Answer, Commit, ResidentQuery, ResidentStore, Slice, StoreError};

use super::people::person::{Profile, empty, phone_index, profile_cell};
use super::write::{Halt, finish, insert_answer};
use super::{cell, residences};
use crate::database::{Database, store_error};
use crate::entity::person;
use crate::vault::Vault;

pub struct ResidentRows {
    db: Database,
    vault: Arc<Vault>,
}

impl ResidentRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }
}

#[async_trait]
impl ResidentStore for ResidentRows {
    async fn keep(&self, kept: &Kept, answer: Option<&Answer>) -> Result<Commit, StoreError> {
        let tx = self.db.begin_write().await?;
        let written = write(&tx, &self.vault, kept, answer).await;
        finish(tx, written).await
    }

    async fn residents(&self, query: &ResidentQuery) -> Result<Vec<Resident>, StoreError> {
        list::residents(self.db.reader(), &self.vault, query, None).await
    }

    async fn find_resident(
        &self,
        id: PersonId,
        community: CommunityId,
        area: &Area,
    ) -> Result<Option<Resident>, StoreError> {
        let slice = Slice { before: None, limit: 1 };
        let query = ResidentQuery { community, area: area.clone(), phone: None, slice };
        Ok(list::residents(self.db.reader(), &self.vault, &query, Some(id)).await?.into_iter().next())
    }

    async fn is_mergeable(&self, person: PersonId) -> Result<bool, StoreError> {
        take_over::is_possible(self.db.reader(), person).await
    }

    async fn take_over(&self, person: PersonId, name: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let tx = self.db.begin_write().await?;
        let taken = take_over::take(&tx, &self.vault, person, name, now).await?;
        // A try under a wrong name is counted.
        tx.commit().await.map_err(store_error)?;
        Ok(taken)
    }
}

async fn write(tx: &DatabaseTransaction, vault: &Vault, kept: &Kept, answer: Option<&Answer>) -> Result<(), Halt> {
    if let Some(answer) = answer {
        insert_answer(tx, vault, answer, None).await?;
    }
    let id = kept.home.person.0;
    let (nickname, phone, note) = (Some(kept.name.clone()), kept.phone.clone(), kept.note.clone());
    let row = person::Model {
        phone_index: phone.as_deref().map(|phone| phone_index(vault, phone)),
        profile: Some(cell::lock(vault, profile_cell(id), &Profile { nickname, phone, note, age_band: None })?),
        kept_by: Some(kept.by.0),
        ..empty(id, kept.at)
    };
    person::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map_err(store_error)?;
    Ok(residences::insert(tx, vault, &kept.home).await?)
}
