use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use domain::ids::PersonId;
use domain::ports::{StoreError, WechatStore};
use domain::wechat::{Forgetting, Heard, Item, News, Right, RightChange, Stranger, Told, WechatAccount};

use super::cell;
use super::content::judge_photo;
use super::erasures::bury_with_roles;
use super::people::person::{profile_cell, to_profile};
use crate::database::{Database, store_error};
use crate::entity::{follower, identity, message_right, person, to_forget, wechat_event};
use crate::vault::{Cell, Row, Vault};

/// [`WechatStore`] over the tables `wechat_events`, `message_rights`, `followers` and `to_forget`.
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
                        write_right(tx, whose, &told.app_id, template, *change, now).await?;
                    }
                }
                Ok(Heard::Done)
            }
            News::PhotoJudged { trace, verdict } => {
                let is_known = judge_photo(tx, trace, *verdict, now).await?;
                Ok(if is_known { Heard::Done } else { Heard::TooEarly })
            }
            News::Forget { openid, items } => match person_of(tx, &account(openid)).await? {
                Some(whose) => self.forget(tx, whose, &told.name, items, now).await,
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
                follow(tx, &account(openid), now).await?;
                Ok(Heard::Ask)
            }
            News::Unfollowed { openid } => {
                let gone = follower::Entity::delete_by_id((told.app_id.clone(), openid.clone())).exec(tx).await;
                gone.map(|_| Heard::Done).map_err(store_error)
            }
            News::Noted | News::Strange { .. } => Ok(Heard::Done),
        }
    }

    /// What stands in the person's own row goes at once, what stands elsewhere is noted to go.
    async fn forget(
        &self,
        tx: &DatabaseTransaction,
        whose: PersonId,
        told: &str,
        items: &[Item],
        now: DateTime<Utc>,
    ) -> Result<Heard, StoreError> {
        let row = person::Entity::find_by_id(whose.0).lock_exclusive().one(tx).await.map_err(store_error)?;
        let Some(row) = row.filter(|row| row.erased_at.is_none()) else { return Ok(Heard::Done) };
        let mut profile = to_profile(&self.vault, &row)?;
        let mut columns = person::ActiveModel { id: Unchanged(whose.0), ..Default::default() };
        for item in items {
            match item {
                Item::Phone => {
                    profile.phone = None;
                    columns.phone_index = Set(None);
                }
                Item::Nickname => profile.nickname = None,
                Item::Photos => {}
            }
        }
        columns.profile = Set(Some(cell::lock(&self.vault, profile_cell(whose.0), &profile)?));
        person::Entity::update(columns).exec_without_returning(tx).await.map_err(store_error)?;
        self.note_to_forget(tx, whose, told, items, now).await?;
        Ok(Heard::Forget(whose))
    }
}

impl WechatRows {
    /// What was told of the person before and is not forgotten yet stays on the list.
    async fn note_to_forget(
        &self,
        tx: &DatabaseTransaction,
        whose: PersonId,
        told: &str,
        items: &[Item],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let before = to_forget::Entity::find_by_id(whose.0).one(tx).await.map_err(store_error)?;
        let was = |of: fn(&to_forget::Model) -> bool| before.as_ref().is_some_and(of);
        let row = to_forget::Model {
            person_id: whose.0,
            told: told.to_owned(),
            phone: items.contains(&Item::Phone) || was(|row| row.phone),
            photos: items.contains(&Item::Photos) || was(|row| row.photos),
            since: now,
        };
        use to_forget::Column::{PersonId as Person, Phone, Photos, Since, Told};
        let all = OnConflict::column(Person).update_columns([Told, Phone, Photos, Since]).to_owned();
        to_forget::Entity::insert(row.into_active_model())
            .on_conflict(all)
            .exec_without_returning(tx)
            .await
            .map(drop)
            .map_err(store_error)
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
            write_right(&tx, whose, &account.app_id, template, change, now).await?;
        }
        tx.commit().await.map_err(store_error)
    }

    async fn right(&self, account: &WechatAccount, template: &str) -> Result<Right, StoreError> {
        let whose = Query::select()
            .column(identity::Column::PersonId)
            .from(identity::Entity)
            .and_where(identity::Column::AppId.eq(&account.app_id))
            .and_where(identity::Column::Openid.eq(&account.openid))
            .take();
        let row = message_right::Entity::find()
            .filter(message_right::Column::PersonId.in_subquery(whose))
            .filter(message_right::Column::AppId.eq(&account.app_id))
            .filter(message_right::Column::TemplateId.eq(template))
            .one(self.db.reader())
            .await
            .map_err(store_error)?;
        row.map_or(Ok(Right::default()), |row| to_right(&row))
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
        let rows = to_forget::Entity::find()
            .order_by_asc(to_forget::Column::Since)
            .limit(u64::from(limit))
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        let forgetting = |to_forget::Model { person_id, told, phone, photos, since }| Forgetting {
            person: person_id.into(),
            told,
            phone,
            photos,
            since,
        };
        Ok(rows.into_iter().map(forgetting).collect())
    }

    async fn forgotten(&self, what: &Forgetting) -> Result<(), StoreError> {
        use to_forget::Column;
        let gone = to_forget::Entity::delete_many()
            .filter(Column::PersonId.eq(what.person.0))
            .filter(Column::Since.eq(what.since))
            .filter(Column::Phone.eq(what.phone))
            .filter(Column::Photos.eq(what.photos));
        gone.exec(self.db.writer()).await.map(drop).map_err(store_error)
    }

    async fn strangers(&self, app_id: &str, limit: u16) -> Result<Vec<Stranger>, StoreError> {
        let rows = follower::Entity::find()
            .filter(follower::Column::AppId.eq(app_id))
            .filter(follower::Column::AskedAt.is_null())
            .order_by_asc(follower::Column::Since)
            .limit(u64::from(limit))
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        let stranger = |row: follower::Model| Stranger {
            account: WechatAccount { app_id: row.app_id, openid: row.openid },
            since: row.since,
        };
        Ok(rows.into_iter().map(stranger).collect())
    }

    async fn introduce(
        &self,
        account: &WechatAccount,
        unionid: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let row = follower::ActiveModel {
            unionid: Set(unionid.map(str::to_owned)),
            asked_at: Set(Some(now)),
            ..Default::default()
        };
        let told = follower::Entity::update_many()
            .set(row)
            .filter(follower::Column::AppId.eq(&account.app_id))
            .filter(follower::Column::Openid.eq(&account.openid));
        told.exec(self.db.writer()).await.map(drop).map_err(store_error)
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

/// The row is locked from the reading to the writing: of two changes at once, none is lost.
async fn write_right(
    tx: &DatabaseTransaction,
    person: PersonId,
    app_id: &str,
    template: &str,
    change: RightChange,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    use message_right::{Column, Entity, Model};
    let key = (person.0, app_id.to_owned(), template.to_owned());
    let (app_id, template_id) = (app_id.to_owned(), template.to_owned());
    let none = Model { person_id: person.0, app_id, template_id, left_over: 0, standing: false, at: now };
    Entity::insert(none.into_active_model())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await
        .map_err(store_error)?;
    let row = Entity::find_by_id(key).lock_exclusive().one(tx).await.map_err(store_error)?;
    let Some(row) = row else { return Ok(()) };
    let Right { left, standing } = to_right(&row)?.after(change);
    Entity::update_many()
        .col_expr(Column::LeftOver, i64::from(left).into())
        .col_expr(Column::Standing, standing.into())
        .col_expr(Column::At, now.into())
        .filter(Column::PersonId.eq(row.person_id))
        .filter(Column::AppId.eq(row.app_id))
        .filter(Column::TemplateId.eq(row.template_id))
        .exec(tx)
        .await
        .map(drop)
        .map_err(store_error)
}

/// Whoever follows again is asked about again.
async fn follow(tx: &DatabaseTransaction, account: &WechatAccount, now: DateTime<Utc>) -> Result<(), StoreError> {
    use follower::{Column, Entity, Model};
    let WechatAccount { app_id, openid } = account.clone();
    let row = Model { app_id, openid, unionid: None, asked_at: None, since: now };
    let again = OnConflict::columns([Column::AppId, Column::Openid])
        .update_columns([Column::AskedAt, Column::Since])
        .to_owned();
    Entity::insert(row.into_active_model())
        .on_conflict(again)
        .exec_without_returning(tx)
        .await
        .map(drop)
        .map_err(store_error)
}

fn to_right(row: &message_right::Model) -> Result<Right, StoreError> {
    Ok(Right { left: cell::number("message right", row.left_over)?, standing: row.standing })
}
