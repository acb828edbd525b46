use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};

use domain::deadline::day_in_shanghai;
use domain::notice::{Channel, DeliveryState};
use domain::ports::{DeliveryCount, StoreError};

use crate::database::store_error;
use crate::entity::delivery::{self, Column, Entity};
use crate::entity::delivery_count;
use crate::store::cell;

/// Adds those of these rows that have an end to the counts of the day.
pub(in crate::store) async fn count_ends(
    tx: &DatabaseTransaction,
    rows: &[delivery::Model],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut ends: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.ended_at.is_some()) {
        *ends.entry((&row.channel, &row.state)).or_default() += 1;
    }
    if ends.is_empty() {
        return Ok(());
    }
    use delivery_count::Column::{Channel as Of, Day, Deliveries, State};
    let day = day_in_shanghai(now);
    let row = |((channel, state), deliveries): ((&str, &str), i64)| {
        let (channel, state) = (channel.to_owned(), state.to_owned());
        delivery_count::Model { day, channel, state, deliveries }.into_active_model()
    };
    let more = Expr::col((delivery_count::Entity, Deliveries)).add(Expr::col(("excluded", Deliveries)));
    // In the order of the keys, so that two transactions never wait for each other.
    delivery_count::Entity::insert_many(ends.into_iter().map(row))
        .on_conflict(OnConflict::columns([Day, Of, State]).value(Deliveries, more).to_owned())
        .exec_without_returning(tx)
        .await
        .map(drop)
        .map_err(store_error)
}

type Waiting = (String, String, i64, Option<DateTime<Utc>>, Option<DateTime<Utc>>);

fn by_channel_and_state() -> sea_orm::Select<Entity> {
    Entity::find()
        .select_only()
        .column(Column::Channel)
        .column(Column::State)
        .column_as(Column::Id.count(), "deliveries")
        .column_as(Column::QueuedAt.min(), "oldest")
        .column_as(Column::DueAt.min(), "due_since")
        .group_by(Column::Channel)
        .group_by(Column::State)
}

async fn counted(db: &DatabaseConnection, some: sea_orm::Select<Entity>) -> Result<Vec<DeliveryCount>, StoreError> {
    let rows: Vec<Waiting> = some.into_tuple().all(db).await.map_err(store_error)?;
    rows.into_iter().map(to_count).collect()
}

async fn unfinished(db: &DatabaseConnection) -> Result<Vec<DeliveryCount>, StoreError> {
    counted(db, by_channel_and_state().filter(Column::DueAt.is_not_null())).await
}

/// As words, so that the index is seen to fit.
async fn calls(db: &DatabaseConnection) -> Result<Vec<DeliveryCount>, StoreError> {
    let is_call = Expr::col(Column::Channel).eq(Expr::cust("'call'"));
    let is_queued = Expr::col(Column::State).eq(Expr::cust("'queued'"));
    counted(db, by_channel_and_state().filter(is_call).filter(is_queued)).await
}

fn to_count((channel, state, deliveries, oldest, due_since): Waiting) -> Result<DeliveryCount, StoreError> {
    let (channel, state): (Channel, DeliveryState) =
        (cell::named("delivery", &channel)?, cell::named("delivery", &state)?);
    Ok(DeliveryCount { channel, state, deliveries: deliveries.unsigned_abs(), oldest, due_since })
}

pub(super) async fn waiting(db: &DatabaseConnection) -> Result<(u64, Option<DateTime<Utc>>), StoreError> {
    let all = unfinished(db).await?;
    Ok((all.iter().map(|count| count.deliveries).sum(), all.iter().filter_map(|count| count.oldest).min()))
}

pub(super) async fn all(db: &DatabaseConnection, now: DateTime<Utc>) -> Result<Vec<DeliveryCount>, StoreError> {
    let today = delivery_count::Entity::find().filter(delivery_count::Column::Day.eq(day_in_shanghai(now)));
    let today = today.all(db).await.map_err(store_error)?;
    let ended = today.into_iter().map(|row| to_count((row.channel, row.state, row.deliveries, None, None)));
    let mut counts = unfinished(db).await?;
    counts.extend(calls(db).await?);
    counts.extend(ended.collect::<Result<Vec<_>, _>>()?);
    Ok(counts)
}
