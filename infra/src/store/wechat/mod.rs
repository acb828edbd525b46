//! [`WechatStore`] over the tables `wechat_events`, `message_rights`, `followers` and `to_forget`.

mod followers;
mod forgetting;
mod rights;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use domain::ids::PersonId;
use domain::ports::{StoreError, WechatStore};
use domain::wechat::{Allowed, Forgetting, Heard, HeldRight, News, Right, RightChange, Stranger, Told, WechatAccount};

use crate::database::{Database, store_error};
use crate::entity::{follower, identity, wechat_event};
use crate::store::content::judge_photo;
use crate::store::deliveries::undelivered;
use crate::store::erasures::bury_with_roles;
use crate::vault::{Cell, Row, Vault};

pub(in crate::store) use rights::{AllowedRow, allowed};

pub struct WechatRows {
    db: Database,
    vault: Arc<Vault>,
}

impl WechatRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }

    async fn follow_from(
        &self,
        tx: &DatabaseTransaction,
        told: &Told,
        now: DateTime<Utc>,
    ) -> Result<Heard, StoreError> {
        let account = |openid: &str| WechatAccount { app_id: told.app_id.clone(), openid: openid.to_owned() };
        match &told.news {
            News::Rights { openid, changes } => {
                if let Some(whose) = person_of(tx, &account(openid)).await? {
                    for (template, change) in changes {
                        rights::change(tx, whose, &told.app_id, template, *change, now).await?;
                    }
                }
                Ok(Heard::Done)
            }
            News::PhotoJudged { trace, verdict } => {
                let is_known = judge_photo(tx, trace, *verdict, now).await?;
                Ok(if is_known { Heard::Done } else { Heard::TooEarly })
            }
            News::Undelivered { messages } => {
                let mut known = true;
                for (message, code) in messages {
                    known &= undelivered(tx, message, *code, now).await?;
                }
                Ok(if known { Heard::Done } else { Heard::TooEarly })
            }
            News::Forget { openid, items } => match person_of(tx, &account(openid)).await? {
                Some(whose) => forgetting::forget(tx, &self.vault, whose, &told.name, items, now).await,
                None => Ok(Heard::Done),
            },
            News::AccountClosed { openid } => match person_of(tx, &account(openid)).await? {
                Some(whose) => {
                    bury_with_roles(tx, whose, now).await?;
                    Ok(Heard::Erase(whose))
                }
                None => Ok(Heard::Done),
            },
            News::Followed { openid } => {
                followers::follow(tx, &account(openid), now).await?;
                Ok(Heard::Ask)
            }
            News::Unfollowed { openid } => {
                let gone = follower::Entity::delete_by_id((told.app_id.clone(), openid.clone())).exec(tx).await;
                gone.map(|_| Heard::Done).map_err(store_error)
            }
            News::Noted | News::Strange { .. } => Ok(Heard::Done),
        }
    }
}

#[async_trait]
impl WechatStore for WechatRows {
    async fn hear(&self, told: &Told, now: DateTime<Utc>) -> Result<Heard, StoreError> {
        let tx = self.db.begin_write().await?;
        if !note(&tx, &self.vault, told, now).await? {
            tx.rollback().await.map_err(store_error)?;
            return Ok(Heard::Known);
        }
        let heard = self.follow_from(&tx, told, now).await?;
        let ended = if heard == Heard::TooEarly { tx.rollback().await } else { tx.commit().await };
        ended.map_err(store_error)?;
        Ok(heard)
    }

    async fn change_right(
        &self,
        account: &WechatAccount,
        template: &str,
        change: RightChange,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let tx = self.db.begin_write().await?;
        if let Some(whose) = person_of(&tx, account).await? {
            rights::change(&tx, whose, &account.app_id, template, change, now).await?;
        }
        tx.commit().await.map_err(store_error)
    }

    async fn right(&self, account: &WechatAccount, template: &str) -> Result<Right, StoreError> {
        rights::find(self.db.reader(), account, template).await
    }

    async fn allowed(&self, person: PersonId, app_ids: &[String]) -> Result<Vec<Allowed>, StoreError> {
        let names = app_ids.iter().map(String::as_str);
        let rows = allowed(self.db.reader(), std::iter::once(person), names).await?;
        let of_app = |app_id: &String| {
            let mut own = rows.iter().filter(|row| row.app_id == *app_id).peekable();
            own.peek()?;
            let templates = own.filter_map(|row| row.template_id.clone()).collect();
            Some(Allowed { app_id: app_id.clone(), templates })
        };
        Ok(app_ids.iter().filter_map(of_app).collect())
    }

    async fn rights_of(&self, person: PersonId) -> Result<Vec<HeldRight>, StoreError> {
        rights::of(self.db.reader(), person).await
    }

    async fn accounts_of(&self, person: PersonId, app_ids: &[String]) -> Result<Vec<WechatAccount>, StoreError> {
        use identity::{Column, Entity};
        let rows = Entity::find()
            .filter(Column::PersonId.eq(person.0))
            .filter(Column::AppId.is_in(app_ids))
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        let mut accounts: Vec<_> =
            rows.into_iter().map(|row| WechatAccount { app_id: row.app_id, openid: row.openid }).collect();
        accounts.sort_by_key(|account| app_ids.iter().position(|id| *id == account.app_id));
        Ok(accounts)
    }

    async fn to_forget(&self, limit: u16) -> Result<Vec<Forgetting>, StoreError> {
        forgetting::list(self.db.reader(), limit).await
    }

    async fn forgotten(&self, what: &Forgetting) -> Result<(), StoreError> {
        forgetting::done(self.db.writer(), what).await
    }

    async fn strangers(&self, app_id: &str, limit: u16) -> Result<Vec<Stranger>, StoreError> {
        followers::strangers(self.db.reader(), app_id, limit).await
    }

    async fn introduce(
        &self,
        account: &WechatAccount,
        unionid: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        followers::introduce(self.db.writer(), account, unionid, now).await
    }

    async fn sweep_told(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let swept = wechat_event::Entity::delete_many().filter(wechat_event::Column::At.lt(before));
        swept.exec(self.db.writer()).await.map(|done| done.rows_affected).map_err(store_error)
    }
}

/// Whether it is told for the first time. A second one at the same moment waits here for the end of the first.
async fn note(tx: &DatabaseTransaction, vault: &Vault, told: &Told, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let id = event_id(told);
    let raw = match &told.news {
        News::Strange { raw } => Some(vault.lock(Cell::new("wechat_events.raw", Row::Id(id)), raw.as_bytes())?),
        _ => None,
    };
    let row = wechat_event::Model { id, app_id: told.app_id.clone(), name: told.name.clone(), at: now, raw };
    let written = wechat_event::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await
        .map_err(store_error)?;
    Ok(written == 1)
}

/// WeChat's own words for an event name people; what is stored does not.
fn event_id(told: &Told) -> Uuid {
    let digest = Sha256::new().chain_update(&told.app_id).chain_update([0]).chain_update(&told.id).finalize();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, from)| *byte = from);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

async fn person_of(tx: &DatabaseTransaction, account: &WechatAccount) -> Result<Option<PersonId>, StoreError> {
    let key = (account.app_id.clone(), account.openid.clone());
    let row = identity::Entity::find_by_id(key).one(tx).await.map_err(store_error)?;
    Ok(row.map(|row| row.person_id.into()))
}
