use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use domain::booking::{Booking, BookingState};
use domain::ids::{OrderId, SlotId};
use domain::people::Sight;
use domain::ports::{Slice, StoreError};

use super::WHAT;
use super::row::to_booking;
use crate::database::store_error;
use crate::entity::booking::{Column, Entity};
use crate::entity::{booking, order, slot};
use crate::store::cell;
use crate::store::orders::in_sight;

pub(super) async fn of_orders(db: &impl ConnectionTrait, orders: &[OrderId]) -> Result<Vec<Booking>, StoreError> {
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    let found = Entity::find().filter(Column::OrderId.is_in(orders.iter().map(|id| id.0)));
    read(db, found).await.map(|found| found.into_iter().map(|(_, booking)| booking).collect())
}

pub(super) async fn of_slot(
    db: &impl ConnectionTrait,
    slot: SlotId,
    sight: &Sight,
    slice: Slice<u32>,
) -> Result<Vec<(u32, Booking)>, StoreError> {
    let seen = Query::select()
        .expr(Expr::val(1))
        .from(order::Entity)
        .and_where(Expr::col((order::Entity, order::Column::Id)).equals((Entity, Column::OrderId)))
        .cond_where(in_sight(sight))
        .take();
    let mut found = Entity::find()
        .filter(Column::SlotId.eq(slot.0))
        .filter(Column::State.ne(BookingState::Cancelled.to_string()))
        .filter(Column::HeldUntil.is_null())
        .filter(Expr::exists(seen));
    if let Some(after) = slice.before {
        found = found.filter(Column::Arrival.gt(after));
    }
    read(db, found.order_by_asc(Column::Arrival).limit(u64::from(slice.limit))).await
}

/// With their dates; how many came before is asked only where somebody waits.
async fn read(db: &impl ConnectionTrait, found: sea_orm::Select<Entity>) -> Result<Vec<(u32, Booking)>, StoreError> {
    let rows: Vec<(booking::Model, Option<slot::Model>)> =
        found.find_also_related(slot::Entity).all(db).await.map_err(store_error)?;
    let waiting: &str = BookingState::Waiting.into();
    let who_wait: Vec<Uuid> =
        rows.iter().filter(|(row, _)| row.state == waiting).map(|(row, _)| row.order_id).collect();
    let ahead = came_before(db, &who_wait).await?;
    let read = |(row, slot): (booking::Model, Option<slot::Model>)| {
        let slot = slot.ok_or_else(|| StoreError::corrupt(WHAT, "its date is missing"))?;
        let ahead = ahead.get(&row.order_id).copied().unwrap_or_default();
        let arrival = cell::number(WHAT, row.arrival)?;
        Ok((arrival, to_booking(row, slot, cell::number(WHAT, ahead)?)?))
    };
    rows.into_iter().map(read).collect()
}

/// Of each of these who wait, how many who wait at the same date came before.
async fn came_before(db: &impl ConnectionTrait, who_wait: &[Uuid]) -> Result<HashMap<Uuid, i64>, StoreError> {
    if who_wait.is_empty() {
        return Ok(HashMap::new());
    }
    let before = |column| Expr::col(("before", column));
    let count = Query::select()
        .expr(before(Column::OrderId).count())
        .from_as(Entity, "before")
        .and_where(before(Column::SlotId).equals((Entity, Column::SlotId)))
        .and_where(before(Column::State).eq(<&str>::from(BookingState::Waiting)))
        .and_where(before(Column::Arrival).lt(Expr::col((Entity, Column::Arrival))))
        .take();
    let counted: Vec<(Uuid, i64)> = Entity::find()
        .select_only()
        .column(Column::OrderId)
        .column_as(Expr::SubQuery(None, Box::new(count.into())), "ahead")
        .filter(Column::OrderId.is_in(who_wait.iter().copied()))
        .into_tuple()
        .all(db)
        .await
        .map_err(store_error)?;
    Ok(counted.into_iter().collect())
}

/// Dates at which somebody waits although nobody moves up any more, the first to begin first.
pub(super) async fn waited_for_in_vain(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: u16,
) -> Result<Vec<SlotId>, StoreError> {
    let dates = slot::Entity::find()
        .select_only()
        .column(slot::Column::Id)
        .filter(slot::Column::Waiting.gt(0))
        .filter(Condition::any().add(slot::Column::StartsAt.lte(now)).add(slot::Column::Closed.eq(true)))
        .order_by_asc(slot::Column::StartsAt)
        .limit(u64::from(limit));
    let dates = dates.into_tuple::<Uuid>().all(db).await.map_err(store_error)?;
    Ok(dates.into_iter().map(Into::into).collect())
}

pub(super) async fn held_in_vain(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: u16,
) -> Result<Vec<OrderId>, StoreError> {
    let held = Entity::find()
        .select_only()
        .column(Column::OrderId)
        .filter(Column::HeldUntil.lte(now))
        .order_by_asc(Column::HeldUntil)
        .limit(u64::from(limit));
    let held = held.into_tuple::<Uuid>().all(db).await.map_err(store_error)?;
    Ok(held.into_iter().map(Into::into).collect())
}
