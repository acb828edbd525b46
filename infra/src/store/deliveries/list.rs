use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use domain::ids::{DeliveryId, OrderId};
use domain::notice::{Channel, DeliveryState, Outcome};
use domain::ports::{DeliveryLine, DeliveryQuery, Requeue, Slice, StoreError, ToldLine};

use super::sent_names;
use crate::clock::uuid_at;
use crate::database::store_error;
use crate::entity::delivery::{Column, Entity, Model};
use crate::store::cell;

const WHAT: &str = "delivery";

pub(super) async fn page(
    db: &DatabaseConnection,
    query: &DeliveryQuery,
    slice: Slice<DeliveryId>,
) -> Result<Vec<DeliveryLine>, StoreError> {
    let mut wanted = Entity::find();
    if let Some(state) = query.state {
        // As words, so that the index of what failed is seen to fit.
        wanted = wanted.filter(Expr::col(Column::State).eq(Expr::cust(format!("'{state}'"))));
    }
    if let Some(channel) = query.channel {
        wanted = wanted.filter(Column::Channel.eq(channel.to_string()));
    }
    if let Some(order) = query.order {
        wanted = wanted.filter(Column::OrderId.eq(order.0));
    }
    if let Some(before) = slice.before {
        wanted = wanted.filter(Column::Id.lt(before.0));
    }
    let rows = wanted.order_by_desc(Column::Id).limit(u64::from(slice.limit)).all(db).await.map_err(store_error)?;
    rows.into_iter().map(to_line).collect()
}

pub(in crate::store) fn to_line(row: Model) -> Result<DeliveryLine, StoreError> {
    Ok(DeliveryLine {
        id: row.id.into(),
        person: row.person_id.into(),
        community: row.community_id.into(),
        order: row.order_id.map(Into::into),
        kind: cell::named(WHAT, &row.kind)?,
        side: cell::named(WHAT, &row.side)?,
        channel: cell::named(WHAT, &row.channel)?,
        app_id: Some(row.app_id).filter(|app_id| !app_id.is_empty()),
        state: cell::named(WHAT, &row.state)?,
        code: row.code,
        attempts: cell::number(WHAT, row.attempts)?,
        at: row.at,
        due_at: row.due_at,
        ended_at: row.ended_at,
    })
}

/// Only what reached nobody is sent again, and what may have arrived only where somebody names it.
pub(super) async fn requeue(db: &DatabaseConnection, what: &Requeue, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let again = Entity::update_many()
        .col_expr(Column::State, DeliveryState::Queued.name().into())
        .col_expr(Column::DueAt, now.into())
        .col_expr(Column::QueuedAt, now.into())
        .col_expr(Column::BegunAt, Expr::val(None::<DateTime<Utc>>))
        .col_expr(Column::EndedAt, Expr::val(None::<DateTime<Utc>>))
        .col_expr(Column::FoldedInto, Expr::val(None::<Uuid>))
        .col_expr(Column::Attempts, 0.into())
        .filter(Column::Channel.is_in(sent_names()));
    let again = match what {
        Requeue::One(id) => again
            .filter(Column::Id.eq(id.0))
            .filter(Column::State.is_not_in([DeliveryState::Queued, DeliveryState::Sending].map(DeliveryState::name)))
            .filter(Column::State.ne(DeliveryState::Ended(Outcome::Delivered).name())),
        Requeue::Ended { outcome, since } => again
            .filter(Column::State.eq(DeliveryState::Ended(*outcome).name()))
            .filter(Column::Id.gte(uuid_at(*since))),
    };
    again.exec(db).await.map(|done| done.rows_affected).map_err(store_error)
}

pub(super) async fn told_of(
    db: &DatabaseConnection,
    order: OrderId,
    after: i64,
    until: i64,
) -> Result<Vec<ToldLine>, StoreError> {
    let rows = Entity::find()
        .filter(Column::OrderId.eq(order.0))
        .filter(Column::Seq.gt(after))
        .filter(Column::Seq.lte(until))
        .order_by_asc(Column::Seq)
        .order_by_asc(Column::Id)
        .all(db)
        .await
        .map_err(store_error)?;
    let inbox = Channel::Inbox.to_string();
    let has_other = |row: &Model| {
        let same = |other: &&Model| other.notice_id == row.notice_id && other.person_id == row.person_id;
        rows.iter().filter(same).any(|other| other.channel != inbox)
    };
    let shown = rows.iter().filter(|row| row.channel != inbox || !has_other(row));
    shown.cloned().map(to_told).collect()
}

fn to_told(row: Model) -> Result<ToldLine, StoreError> {
    Ok(ToldLine {
        seq: row.seq.unwrap_or_default(),
        kind: cell::named(WHAT, &row.kind)?,
        side: cell::named(WHAT, &row.side)?,
        person: row.person_id.into(),
        channel: cell::named(WHAT, &row.channel)?,
        state: cell::named(WHAT, &row.state)?,
        at: row.ended_at.unwrap_or(row.at),
    })
}
