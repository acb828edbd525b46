use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use domain::ports::StoreError;

use crate::database::store_error;
use crate::entity::outbox::{self, Column};

/// Takes what is due, the longest waiting first, and moves its time to the end of the lease. On PostgreSQL a second
/// worker skips the rows that the first has locked; on SQLite it waits for the one writer.
pub(super) async fn take(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    lease_until: DateTime<Utc>,
    limit: u16,
) -> Result<Vec<outbox::Model>, StoreError> {
    let mut due = outbox::Entity::find()
        .filter(Column::DueAt.lte(now))
        .order_by_asc(Column::DueAt)
        // What happened to an order is told in that order, even within one millisecond.
        .order_by_asc(Column::Seq)
        .order_by_asc(Column::Id)
        .limit(u64::from(limit))
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(tx)
        .await
        .map_err(store_error)?;
    if due.is_empty() {
        return Ok(due);
    }
    outbox::Entity::update_many()
        .col_expr(Column::DueAt, lease_until.into())
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.is_in(due.iter().map(|row| row.id)))
        .exec(tx)
        .await
        .map_err(store_error)?;
    for row in &mut due {
        row.attempts += 1;
    }
    Ok(due)
}
