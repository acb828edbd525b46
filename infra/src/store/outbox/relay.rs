use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use domain::ports::{Relayed, StoreError};

use super::CHANGED;
use crate::database::store_error;
use crate::entity::outbox::{self, Column};
use crate::entity::{feed, feed_position};

/// Takes what is due, the longest waiting first. On PostgreSQL a second relay skips the rows that the first has locked; on
/// SQLite it waits for the one writer.
pub(super) async fn pass_on(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    lease_until: Option<DateTime<Utc>>,
    limit: u16,
) -> Result<Relayed, StoreError> {
    let mut due = outbox::Entity::find().filter(Column::DueAt.lte(now));
    if lease_until.is_none() {
        due = due.filter(Column::Kind.eq(CHANGED));
    }
    let due = due
        .order_by_asc(Column::DueAt)
        // What happened to an order is passed on in that order, even within one millisecond.
        .order_by_asc(Column::Seq)
        .order_by_asc(Column::Id)
        .limit(u64::from(limit))
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(tx)
        .await
        .map_err(store_error)?;
    let (changes, notices): (Vec<_>, Vec<_>) = due.into_iter().partition(|row| row.kind == CHANGED);
    let notices: Vec<Uuid> = notices.iter().map(|row| row.id).collect();
    let passed = Relayed {
        changes: u64::try_from(changes.len()).unwrap_or(u64::MAX),
        notices: notices.iter().copied().map(Into::into).collect(),
    };
    if let Some(lease_until) = lease_until.filter(|_| !notices.is_empty()) {
        let lent = outbox::Entity::update_many().col_expr(Column::DueAt, lease_until.into());
        lent.filter(Column::Id.is_in(notices)).exec(tx).await.map_err(store_error)?;
    }
    into_feed(tx, changes).await?;
    Ok(passed)
}

async fn into_feed(tx: &DatabaseTransaction, changes: Vec<outbox::Model>) -> Result<(), StoreError> {
    let ids: Vec<Uuid> = changes.iter().map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let first = next_positions(tx, ids.len()).await?;
    let rows = changes.into_iter().zip(first..).filter_map(|(row, position)| to_feed(row, position));
    feed::Entity::insert_many(rows.map(IntoActiveModel::into_active_model))
        .exec_without_returning(tx)
        .await
        .map_err(store_error)?;
    outbox::Entity::delete_many().filter(Column::Id.is_in(ids)).exec(tx).await.map(drop).map_err(store_error)
}

fn to_feed(row: outbox::Model, position: i64) -> Option<feed::Model> {
    let (order_id, seq) = row.order_id.zip(row.seq)?;
    let (partner_id, dispatch_id) = (row.about_partner_id, row.dispatch_id);
    Some(feed::Model { position, order_id, seq, partner_id, dispatch_id, at: row.at })
}

/// The first of so many new positions. Until the end of this transaction nobody else is given any.
pub(in crate::store) async fn next_positions(tx: &DatabaseTransaction, count: usize) -> Result<i64, StoreError> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let given = feed_position::Entity::update_many()
        .col_expr(feed_position::Column::Last, Expr::col(feed_position::Column::Last).add(count))
        .exec_with_returning(tx)
        .await
        .map_err(store_error)?;
    let last = given.first().ok_or_else(|| StoreError::corrupt("feed", "its counter is missing"))?.last;
    Ok(last - count + 1)
}
