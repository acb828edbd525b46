//! [`PeopleStore`] over the tables `persons`, `identities`, `sessions`, `refresh_tokens` and `subscriptions`.

mod identity;
pub(super) mod person;
pub(in crate::store) mod session;
mod signed_in;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use domain::ids::{PersonId, SessionId};
use domain::people::{Person, Session};
use domain::ports::{
    Holder, NewSession, Newcomer, NewcomerStore, PeopleStore, ProfileChange, RefreshToken, Rotation, SignedIn, Slice,
    StoreError, TokenHash, WechatIdentity,
};

use crate::database::{Database, store_error};
use crate::vault::Vault;

pub struct PeopleRows {
    db: Database,
    vault: Arc<Vault>,
}

impl PeopleRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }
}

#[async_trait]
impl NewcomerStore for PeopleRows {
    async fn insert_missing(&self, newcomers: &[Newcomer]) -> Result<(), StoreError> {
        person::insert_missing(self.db.writer(), &self.vault, newcomers).await
    }
}

#[async_trait]
impl PeopleStore for PeopleRows {
    async fn sign_in(
        &self,
        identity: &WechatIdentity,
        new_id: PersonId,
        now: DateTime<Utc>,
    ) -> Result<Person, StoreError> {
        identity::sign_in(&self.db, &self.vault, identity, new_id, now).await
    }

    async fn find_by_session(&self, session: SessionId, now: DateTime<Utc>) -> Result<Option<SignedIn>, StoreError> {
        signed_in::find(self.db.reader(), &self.vault, session, now).await
    }

    async fn find_person(&self, person: PersonId, now: DateTime<Utc>) -> Result<Option<Person>, StoreError> {
        person::find(self.db.reader(), &self.vault, person, now).await
    }

    async fn find_by_phone(&self, phone: &str, now: DateTime<Utc>) -> Result<Vec<Person>, StoreError> {
        person::find_by_phone(self.db.reader(), &self.vault, phone, now).await
    }

    async fn nicknames(&self, people: &[PersonId]) -> Result<Vec<(PersonId, String)>, StoreError> {
        person::nicknames(self.db.reader(), &self.vault, people).await
    }

    async fn holders(&self, people: &[PersonId]) -> Result<Vec<Holder>, StoreError> {
        person::holders(self.db.reader(), &self.vault, people).await
    }

    async fn save_profile(&self, person: PersonId, change: &ProfileChange) -> Result<(), StoreError> {
        let tx = self.db.begin_write().await?;
        person::save_profile(&tx, &self.vault, person, change).await?;
        tx.commit().await.map_err(store_error)
    }

    async fn open_session(&self, opening: &NewSession) -> Result<(), StoreError> {
        let tx = self.db.begin_write().await?;
        session::open(&tx, &self.vault, opening).await?;
        tx.commit().await.map_err(store_error)
    }

    async fn note_seen(&self, session: SessionId, now: DateTime<Utc>) -> Result<(), StoreError> {
        session::note_seen(self.db.writer(), session.0, now).await
    }

    async fn sessions_of(
        &self,
        person: PersonId,
        slice: Slice<SessionId>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Session>, StoreError> {
        session::list(self.db.reader(), &self.vault, person, slice, now).await
    }

    async fn rotate(&self, old: TokenHash, next: &RefreshToken, now: DateTime<Utc>) -> Result<Rotation, StoreError> {
        let tx = self.db.begin_write().await?;
        let rotation = session::rotate(&tx, old, next, now).await?;
        tx.commit().await.map_err(store_error)?;
        Ok(rotation)
    }

    async fn close_session(
        &self,
        person: PersonId,
        session: SessionId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        session::close(self.db.writer(), person.0, session.0, now).await
    }

    async fn note_subscription(
        &self,
        person: PersonId,
        template_id: &str,
        accepted: bool,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        person::note_subscription(self.db.writer(), person, template_id, accepted, now).await
    }

    async fn sweep_tokens(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        session::sweep_tokens(self.db.writer(), before).await
    }
}
