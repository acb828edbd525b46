//! What nobody will settle any more.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use domain::notice::{Channel, DeliveryState, Importance, LONGEST_WAIT, Outcome};
use domain::ports::{Doors, StoreError};

use super::settle::{end, write_ends};
use super::{climb, leaves_at, sent_names};
use crate::database::store_error;
use crate::entity::delivery::{Column, Entity, Model};

/// Rows looked at in one transaction.
const BATCH: u64 = 200;
/// So long the channel knows a repeated message again by the id that we gave it, with some minutes to spare: ten minutes at
/// the service account, half an hour at WeCom.
const REMEMBERED_BY_SERVICE_ACCOUNT: TimeDelta = TimeDelta::minutes(8);
const REMEMBERED_BY_WECOM: TimeDelta = TimeDelta::minutes(25);

pub(super) async fn stuck(tx: &DatabaseTransaction, doors: &Doors, now: DateTime<Utc>) -> Result<u64, StoreError> {
    // A message that WeChat took and could not deliver has its end, and a rung above it that nobody set up.
    let states = [DeliveryState::Sending, DeliveryState::Ended(Outcome::Undelivered)].map(DeliveryState::name);
    let stuck = Entity::find().filter(Column::State.is_in(states)).filter(Column::DueAt.lte(now));
    let stuck = locked(stuck).all(tx).await.map_err(store_error)?;
    let swept = u64::try_from(stuck.len()).unwrap_or(u64::MAX);
    let (undelivered, held): (Vec<_>, Vec<_>) =
        stuck.into_iter().partition(|row| row.state != DeliveryState::Sending.name());
    let (again, lost): (Vec<_>, Vec<_>) = held.into_iter().partition(|row| may_be_sent_again(row, now));
    queue_again(tx, &again, now).await?;
    let lost: Vec<_> = lost.into_iter().map(|row| end(row, Outcome::Unconfirmed, None, None, now)).collect();
    write_ends(tx, &lost, now).await?;
    settle_undelivered(tx, &undelivered).await?;
    climb::on(tx, &undelivered, doors, now).await?;
    Ok(swept)
}

pub(super) async fn expired(tx: &DatabaseTransaction, doors: &Doors, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let waited = Entity::find()
        .filter(Column::State.eq(DeliveryState::Queued.name()))
        .filter(Column::Channel.is_in(sent_names()))
        .filter(Column::DueAt.is_not_null())
        .filter(Column::QueuedAt.lt(now - LONGEST_WAIT));
    let waited = locked(waited).all(tx).await.map_err(store_error)?;
    let waited: Vec<_> = waited.into_iter().map(|row| end(row, Outcome::Expired, None, None, now)).collect();
    write_ends(tx, &waited, now).await?;
    climb::on(tx, &waited, doors, now).await?;
    Ok(u64::try_from(waited.len()).unwrap_or(u64::MAX))
}

fn locked(rows: sea_orm::Select<Entity>) -> sea_orm::Select<Entity> {
    rows.order_by_asc(Column::DueAt)
        .order_by_asc(Column::Id)
        .limit(BATCH)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
}

/// What the channel never heard of; what it knows again; and danger, of which to hear twice is the lesser harm.
fn may_be_sent_again(row: &Model, now: DateTime<Utc>) -> bool {
    let Some(begun) = row.begun_at else { return true };
    let remembered = if row.channel == <&str>::from(Channel::ServiceAccount) {
        REMEMBERED_BY_SERVICE_ACCOUNT
    } else if row.channel == <&str>::from(Channel::Wecom) {
        REMEMBERED_BY_WECOM
    } else {
        TimeDelta::zero()
    };
    now - begun < remembered || row.importance == <&str>::from(Importance::Urgent)
}

async fn queue_again(tx: &DatabaseTransaction, rows: &[Model], now: DateTime<Utc>) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    Entity::update_many()
        .col_expr(Column::State, DeliveryState::Queued.name().into())
        .col_expr(Column::DueAt, leaves_at(now))
        .col_expr(Column::BegunAt, Expr::val(None::<DateTime<Utc>>))
        .col_expr(Column::FoldedInto, Expr::val(None::<Uuid>))
        .filter(Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(tx)
        .await
        .map(drop)
        .map_err(store_error)
}

async fn settle_undelivered(tx: &DatabaseTransaction, rows: &[Model]) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    Entity::update_many()
        .col_expr(Column::DueAt, Expr::val(None::<DateTime<Utc>>))
        .filter(Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(tx)
        .await
        .map(drop)
        .map_err(store_error)
}
