use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use domain::booking::{Booking, BookingState};
use domain::ids::{OrderId, SlotId};
use domain::ports::{Slice, StoreError};

use super::WHAT;
use super::row::to_booking;
use crate::database::store_error;
use crate::entity::booking::{Column, Entity};
use crate::entity::{booking, slot};
use crate::store::cell;

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
    slice: Slice<u32>,
) -> Result<Vec<(u32, Booking)>, StoreError> {
    let mut found = Entity::find()
        .filter(Column::SlotId.eq(slot.0))
        .filter(Column::State.ne(BookingState::Cancelled.to_string()))
        .filter(Column::HeldUntil.is_null());
    if let Some(after) = slice.before {
        found = found.filter(Column::Arrival.gt(after));
    }
    read(db, found.order_by_asc(Column::Arrival).limit(u64::from(slice.limit))).await
}

/// With their dates and, of those who wait, how many came before: in one statement.
async fn read(db: &impl ConnectionTrait, found: sea_orm::Select<Entity>) -> Result<Vec<(u32, Booking)>, StoreError> {
    let waits = |alias: &'static str| Expr::col((alias, Column::State)).eq(Expr::val(WAITING));
    let before = Query::select()
        .expr(Expr::col(("before", Column::OrderId)).count())
        .from_as(Entity, "before")
        .and_where(Expr::col(("before", Column::SlotId)).equals((Entity, Column::SlotId)))
        .and_where(waits("before"))
        .and_where(Expr::col(("before", Column::Arrival)).lt(Expr::col((Entity, Column::Arrival))))
        .take();
    let is_waiting = Expr::col((Entity, Column::State)).eq(Expr::val(WAITING));
    let ahead: SimpleExpr = Expr::case(is_waiting, Expr::SubQuery(None, Box::new(before.into()))).finally(0).into();
    let rows: Vec<(booking::Model, Option<slot::Model>)> =
        found.clone().find_also_related(slot::Entity).all(db).await.map_err(store_error)?;
    let ahead: Vec<(Uuid, i64)> = found
        .select_only()
        .column(Column::OrderId)
        .column_as(ahead, "ahead")
        .into_tuple()
        .all(db)
        .await
        .map_err(store_error)?;
    let ahead: HashMap<_, _> = ahead.into_iter().collect();
    let read = |(row, slot): (booking::Model, Option<slot::Model>)| {
        let slot = slot.ok_or_else(|| StoreError::corrupt(WHAT, "its date is missing"))?;
        let ahead = ahead.get(&row.order_id).copied().unwrap_or_default();
        let arrival = cell::number(WHAT, row.arrival)?;
        Ok((arrival, to_booking(row, slot, cell::number(WHAT, ahead)?)?))
    };
    rows.into_iter().map(read).collect()
}

const WAITING: &str = "waiting";

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
