use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};

use domain::booking::Slot;
use domain::ids::SlotId;
use domain::ports::{SlotQuery, StoreError};

use super::row::{slot_row, to_slot};
use super::{WHAT, seat};
use crate::database::store_error;
use crate::entity::slot::{Column, Entity};
use crate::store::cell;
use crate::store::write::ROWS_PER_STATEMENT;

pub(super) async fn add(tx: &DatabaseTransaction, slots: &[Slot]) -> Result<u64, StoreError> {
    let rows = slots.iter().map(slot_row).collect::<Result<Vec<_>, _>>()?;
    let mut added = 0;
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        added += Entity::insert_many(chunk.iter().cloned().map(IntoActiveModel::into_active_model))
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(tx)
            .await
            .map_err(store_error)?;
    }
    Ok(added)
}

pub(super) async fn list(db: &impl ConnectionTrait, query: &SlotQuery) -> Result<Vec<Slot>, StoreError> {
    let mut wanted = Entity::find()
        .filter(Column::CommunityId.eq(query.community.0))
        .filter(Column::StartsAt.gte(query.from))
        .filter(Column::StartsAt.lt(query.until));
    if let Some(key) = &query.service_key {
        wanted = wanted.filter(Column::ServiceKey.eq(key.as_str()));
    }
    if let Some((starts_at, id)) = query.after {
        let same_time = Condition::all().add(Column::StartsAt.eq(starts_at)).add(Column::Id.gt(id.0));
        wanted = wanted.filter(Condition::any().add(Column::StartsAt.gt(starts_at)).add(same_time));
    }
    let rows = wanted
        .order_by_asc(Column::StartsAt)
        .order_by_asc(Column::Id)
        .limit(u64::from(query.limit))
        .all(db)
        .await
        .map_err(store_error)?;
    rows.into_iter().map(to_slot).collect()
}

pub(super) async fn find(db: &impl ConnectionTrait, id: SlotId) -> Result<Option<Slot>, StoreError> {
    Entity::find_by_id(id.0).one(db).await.map_err(store_error)?.map(to_slot).transpose()
}

pub(super) async fn change(
    tx: &DatabaseTransaction,
    id: SlotId,
    capacity: u32,
    closed: bool,
    now: DateTime<Utc>,
) -> Result<Option<Slot>, StoreError> {
    let Some(slot) = seat::lock(tx, id).await? else { return Ok(None) };
    let slot = to_slot(slot)?;
    if capacity < slot.taken {
        return Ok(Some(slot));
    }
    let seats: i32 = cell::number(WHAT, capacity)?;
    Entity::update_many()
        .col_expr(Column::Capacity, Expr::val(seats))
        .col_expr(Column::Closed, Expr::val(closed))
        .filter(Column::Id.eq(id.0))
        .exec(tx)
        .await
        .map_err(store_error)?;
    if closed {
        while seat::end_queue(tx, id, now).await? > 0 {}
    } else {
        seat::move_up(tx, id, now).await?;
    }
    find(tx, id).await
}
