use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use domain::ids::{PersonId, SessionId};
use domain::people::{Session, SessionKind};
use domain::ports::{NewSession, RefreshToken, Rotation, Slice, StoreError, TokenHash};

use crate::database::store_error;
use crate::entity::{refresh_token, session};
use crate::store::cell;
use crate::vault::{Cell, Row, Vault};

pub(in crate::store) async fn open(
    tx: &DatabaseTransaction,
    vault: &Vault,
    opening: &NewSession,
) -> Result<(), StoreError> {
    let NewSession { person, kind, device, first } = opening;
    let id = first.session.0;
    let device = device.as_ref().map(|name| vault.lock(device_cell(id), name.as_bytes())).transpose()?;
    let row = session::Model {
        id,
        person_id: person.0,
        kind: <&str>::from(kind).to_owned(),
        device,
        opened_at: first.issued_at,
        last_seen_at: first.issued_at,
        idle_minutes: match kind {
            SessionKind::Phone => None,
            SessionKind::Desk { idle_minutes } => Some((*idle_minutes).into()),
        },
        closed_at: None,
    };
    session::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map_err(store_error)?;
    insert_token(tx, id, first).await
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
    if was_spent_now && to_kind(&session)?.is_over(session.last_seen_at, now) {
        close(tx, session.person_id, session.id, now).await?;
        return Ok(Rotation::Invalid);
    }
    if was_spent_now {
        note_seen(tx, session.id, now).await?;
        insert_token(tx, session.id, next).await?;
        return Ok(Rotation::Rotated { person: session.person_id.into(), session: session.id.into() });
    }
    if session.closed_at.is_some() || token.spent_at.is_none() {
        // Not spent, and yet it could not be: it has expired.
        return Ok(Rotation::Invalid);
    }
    close(tx, session.person_id, session.id, now).await?;
    Ok(Rotation::Reused)
}

pub(super) async fn close(
    db: &impl ConnectionTrait,
    person: Uuid,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let closed = session::Entity::update_many()
        .col_expr(session::Column::ClosedAt, now.into())
        .filter(session::Column::Id.eq(id))
        .filter(session::Column::PersonId.eq(person))
        .filter(session::Column::ClosedAt.is_null())
        .exec(db)
        .await
        .map_err(store_error)?;
    Ok(closed.rows_affected == 1)
}

pub(super) async fn note_seen(db: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
    session::Entity::update_many()
        .col_expr(session::Column::LastSeenAt, now.into())
        .filter(session::Column::Id.eq(id))
        .filter(session::Column::LastSeenAt.lt(now))
        .exec(db)
        .await
        .map_err(store_error)?;
    Ok(())
}

/// A session whose refresh tokens are spent or expired is over, though nobody closed it.
pub(super) async fn list(
    db: &DatabaseConnection,
    vault: &Vault,
    person: PersonId,
    slice: Slice<SessionId>,
    now: DateTime<Utc>,
) -> Result<Vec<Session>, StoreError> {
    use refresh_token::{Column, Entity};
    let fresh = Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(Expr::col((Entity, Column::SessionId)).eq(Expr::col((session::Entity, session::Column::Id))))
        .and_where(Column::SpentAt.is_null())
        .and_where(Column::ExpiresAt.gt(now))
        .take();
    let rows = session::Entity::find()
        .filter(session::Column::PersonId.eq(person.0))
        .filter(session::Column::ClosedAt.is_null())
        .filter(Expr::exists(fresh))
        .apply_if(slice.before, |rows, before| rows.filter(session::Column::Id.lt(before.0)))
        .order_by_desc(session::Column::Id)
        .limit(u64::from(slice.limit))
        .all(db)
        .await
        .map_err(store_error)?;
    rows.into_iter().map(|row| to_session(vault, row)).collect()
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

fn device_cell(id: Uuid) -> Cell<'static> {
    Cell::new("sessions.device", Row::Id(id))
}

fn to_kind(row: &session::Model) -> Result<SessionKind, StoreError> {
    kind_of(&row.kind, row.idle_minutes)
}

pub(super) fn kind_of(kind: &str, idle_minutes: Option<i64>) -> Result<SessionKind, StoreError> {
    match (kind, idle_minutes) {
        ("phone", None) => Ok(SessionKind::Phone),
        ("desk", Some(minutes)) => Ok(SessionKind::Desk { idle_minutes: cell::number("session", minutes)? }),
        (other, _) => Err(StoreError::corrupt("session", format!("{other:?} and its idle time do not fit"))),
    }
}

fn to_session(vault: &Vault, row: session::Model) -> Result<Session, StoreError> {
    let kind = to_kind(&row)?;
    let device = row.device.map(|locked| vault.unlock(device_cell(row.id), &locked)).transpose()?;
    let device = device.map(String::from_utf8).transpose().map_err(|e| StoreError::corrupt("session", e))?;
    Ok(Session {
        id: row.id.into(),
        person: row.person_id.into(),
        kind,
        device,
        opened_at: row.opened_at,
        last_seen_at: row.last_seen_at,
    })
}
