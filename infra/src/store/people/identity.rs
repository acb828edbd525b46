//! How WeChat's names lead to people.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{
    ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, IntoActiveModel, JoinType, QueryFilter,
    QuerySelect, RelationTrait,
};

use domain::ids::PersonId;
use domain::people::Person;
use domain::ports::{StoreError, WechatIdentity};

use super::person::{Whole, empty, wholes};
use crate::database::{Database, store_error};
use crate::entity::{identity, person};
use crate::vault::Vault;

/// One statement for whoever was here before. A unionid is learned when WeChat first tells it, and never unlearned.
pub(super) async fn sign_in(
    db: &Database,
    vault: &Vault,
    wechat: &WechatIdentity,
    new_id: PersonId,
    now: DateTime<Utc>,
) -> Result<Person, StoreError> {
    let known = find(db.reader(), wechat).await?;
    let whole = match known {
        Some(whole) => whole,
        None => {
            register(db, wechat, new_id, now).await?;
            let made = find(db.writer(), wechat).await?;
            made.ok_or_else(|| StoreError::corrupt("identity", "it leads to nobody"))?
        }
    };
    if whole.person.unionid.is_none()
        && let Some(unionid) = &wechat.unionid
    {
        learn(db.writer(), &whole.person, unionid).await?;
    }
    whole.into_person(vault, now)
}

/// identity ⋈ person ⟕ memberships, main home and former selves
async fn find(db: &DatabaseConnection, wechat: &WechatIdentity) -> Result<Option<Whole>, StoreError> {
    let rows = person::Entity::find()
        .join(JoinType::InnerJoin, person::Relation::Identity.def())
        .filter(identity::Column::AppId.eq(&wechat.app_id))
        .filter(identity::Column::Openid.eq(&wechat.openid));
    Ok(wholes(db, rows).await?.into_iter().next())
}

/// Of two first sign-ins at once, one makes the person; the other finds its openid taken and writes nothing.
async fn register(
    db: &Database,
    wechat: &WechatIdentity,
    new_id: PersonId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let tx = db.begin_write().await?;
    let person_id = find_or_make(&tx, wechat, new_id, now).await?;
    let row = identity::Model { app_id: wechat.app_id.clone(), openid: wechat.openid.clone(), person_id, since: now };
    let written = identity::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&tx)
        .await
        .map_err(store_error)?;
    if written == 0 {
        return tx.rollback().await.map_err(store_error);
    }
    tx.commit().await.map_err(store_error)
}

/// Somebody with this unionid is here already, under another mini-program.
async fn find_or_make(
    tx: &DatabaseTransaction,
    wechat: &WechatIdentity,
    new_id: PersonId,
    now: DateTime<Utc>,
) -> Result<uuid::Uuid, StoreError> {
    let newcomer = person::Model { unionid: wechat.unionid.clone(), ..empty(new_id.0, now) };
    let is_here = OnConflict::column(person::Column::Unionid).update_column(person::Column::Unionid).to_owned();
    let row = person::Entity::insert(newcomer.into_active_model())
        .on_conflict(is_here)
        .exec_with_returning(tx)
        .await
        .map_err(store_error)?;
    Ok(row.id)
}

/// Where somebody else has this unionid already, the openid keeps leading where it led.
async fn learn(db: &DatabaseConnection, person: &person::Model, unionid: &str) -> Result<(), StoreError> {
    let taken = Query::select()
        .expr(Expr::val(1))
        .from_as(person::Entity, "other")
        .and_where(Expr::col(("other", person::Column::Unionid)).eq(unionid))
        .take();
    person::Entity::update_many()
        .col_expr(person::Column::Unionid, unionid.into())
        .filter(person::Column::Id.eq(person.id))
        .filter(person::Column::Unionid.is_null())
        .filter(Expr::exists(taken).not())
        .exec(db)
        .await
        .map_err(store_error)?;
    Ok(())
}
