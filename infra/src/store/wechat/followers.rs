//! Who follows a service account.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};

use domain::ports::StoreError;
use domain::wechat::{Stranger, WechatAccount};

use crate::database::store_error;
use crate::entity::follower;

/// Whoever follows again is asked about again.
pub(super) async fn follow(
    tx: &DatabaseTransaction,
    account: &WechatAccount,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
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

pub(super) async fn strangers(db: &DatabaseConnection, app_id: &str, limit: u16) -> Result<Vec<Stranger>, StoreError> {
    let rows = follower::Entity::find()
        .filter(follower::Column::AppId.eq(app_id))
        .filter(follower::Column::AskedAt.is_null())
        .order_by_asc(follower::Column::Since)
        .limit(u64::from(limit))
        .all(db)
        .await
        .map_err(store_error)?;
    let stranger = |row: follower::Model| Stranger {
        account: WechatAccount { app_id: row.app_id, openid: row.openid },
        since: row.since,
    };
    Ok(rows.into_iter().map(stranger).collect())
}

pub(super) async fn introduce(
    db: &DatabaseConnection,
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
    told.exec(db).await.map(drop).map_err(store_error)
}
