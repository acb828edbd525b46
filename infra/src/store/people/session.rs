use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use domain::ids::PersonId;
use domain::ports::{RefreshToken, Rotation, StoreError, TokenHash};

use crate::database::store_error;
use crate::entity::{refresh_token, session};

pub(super) async fn open(tx: &DatabaseTransaction, person: PersonId, first: &RefreshToken) -> Result<(), StoreError> {
    let row = session::Model { id: first.session.0, person_id: person.0, opened_at: first.issued_at, closed_at: None };
    session::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map_err(store_error)?;
    insert_token(tx, first.session.0, first).await
}

/// Of two rotations of one token at once, the database lets one spend it; the other finds it spent.
pub(super) async fn rotate(
    tx: &DatabaseTransaction,
    old: TokenHash,
    next: &RefreshToken,
    now: DateTime<Utc>,
) -> Result<Rotation, StoreError> {
    let was_spent_now = spend(tx, old, now).await?;
    let shown = refresh_token::Entity::find_by_id(old.to_vec()).find_also_related(session::Entity);
    let Some((token, Some(session))) = shown.one(tx).await.map_err(store_error)? else {
        return Ok(Rotation::Invalid);
    };
    if was_spent_now {
        insert_token(tx, session.id, next).await?;
        return Ok(Rotation::Rotated { person: session.person_id.into(), session: session.id.into() });
    }
    if session.closed_at.is_some() || token.spent_at.is_none() {
        // Not spent, and yet it could not be: it has expired.
        return Ok(Rotation::Invalid);
    }
    close(tx, session.id, now).await?;
    Ok(Rotation::Reused)
}

pub(super) async fn close(db: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
    session::Entity::update_many()
        .col_expr(session::Column::ClosedAt, now.into())
        .filter(session::Column::Id.eq(id))
        .filter(session::Column::ClosedAt.is_null())
        .exec(db)
        .await
        .map_err(store_error)?;
    Ok(())
}

pub(super) async fn sweep_tokens(db: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<u64, StoreError> {
    let swept = refresh_token::Entity::delete_many().filter(refresh_token::Column::ExpiresAt.lt(before)).exec(db).await;
    swept.map(|done| done.rows_affected).map_err(store_error)
}

/// Closes all sessions of the person.
pub(in crate::store) async fn close_all(
    db: &impl ConnectionTrait,
    person: Uuid,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    session::Entity::update_many()
        .col_expr(session::Column::ClosedAt, now.into())
        .filter(session::Column::PersonId.eq(person))
        .filter(session::Column::ClosedAt.is_null())
        .exec(db)
        .await
        .map_err(store_error)?;
    Ok(())
}

/// Whether this call took the token's only use: it was unspent, not expired, and its session open.
async fn spend(tx: &DatabaseTransaction, hash: TokenHash, now: DateTime<Utc>) -> Result<bool, StoreError> {
    use refresh_token::{Column, Entity};
    let open_session = Query::select()
        .expr(Expr::val(1))
        .from(session::Entity)
        .and_where(Expr::col((session::Entity, session::Column::Id)).eq(Expr::col((Entity, Column::SessionId))))
        .and_where(session::Column::ClosedAt.is_null())
        .take();
    let spent = Entity::update_many()
        .col_expr(Column::SpentAt, now.into())
        .filter(Column::Hash.eq(hash.to_vec()))
        .filter(Column::SpentAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .filter(Expr::exists(open_session))
        .exec(tx)
        .await
        .map_err(store_error)?;
    Ok(spent.rows_affected == 1)
}

async fn insert_token(tx: &DatabaseTransaction, session: Uuid, token: &RefreshToken) -> Result<(), StoreError> {
    let row = refresh_token::Model {
        hash: token.hash.to_vec(),
        session_id: session,
        issued_at: token.issued_at,
        expires_at: token.expires_at,
        spent_at: None,
    };
    refresh_token::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map_err(store_error)?;
    Ok(())
}
