use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use domain::ids::{DeliveryId, OrderId};
use domain::notice::{Channel, DeliveryState, Outcome};
use domain::ports::{DeliveryLine, DeliveryQuery, Requeue, Slice, StoreError, ToldLine};

use super::{leaves_at, sent_names};
use crate::database::store_error;
use crate::entity::delivery::{Column, Entity, Model};
use crate::entity::order;
use crate::store::cell;

const WHAT: &str = "delivery";

pub(super) async fn page(
    db: &DatabaseConnection,
    query: &DeliveryQuery,
    slice: Slice<DeliveryId>,
) -> Result<Vec<DeliveryLine>, StoreError> {
    let mut wanted = Entity::find();
    if let Some(state) = query.state {
        wanted = wanted.filter(is(Column::State, state));
        if is_unfinished(state) && query.channel != Some(Channel::Call) {
            // The index of what is due is small; calls are not in it.
            wanted = wanted.filter(Column::DueAt.is_not_null());
        }
    }
    if let Some(channel) = query.channel {
        wanted = wanted.filter(is(Column::Channel, channel));
    }
    if let Some(order) = query.order {
        wanted = wanted.filter(Column::OrderId.eq(order.0));
    }
    if let Some(before) = slice.before {
        wanted = wanted.filter(Column::Id.lt(before.0));
    }
    let rows = wanted.order_by_desc(Column::Id).limit(u64::from(slice.limit)).all(db).await.map_err(store_error)?;
    let sealed = sealed(db, rows.iter().filter_map(|row| row.order_id)).await?;
    let is_sealed = |row: &Model| row.order_id.is_some_and(|order| sealed.contains(&order));
    rows.into_iter()
        .map(|row| {
            let sealed = is_sealed(&row);
            to_line(row, sealed)
        })
        .collect()
}

/// Those of these orders that are sealed matters.
async fn sealed(db: &DatabaseConnection, orders: impl Iterator<Item = Uuid>) -> Result<HashSet<Uuid>, StoreError> {
    let sealed = order::Entity::find()
        .select_only()
        .column(order::Column::Id)
        .filter(order::Column::Id.is_in(orders))
        .filter(order::Column::Sealed.eq(true))
        .into_tuple::<Uuid>()
        .all(db)
        .await;
    Ok(sealed.map_err(store_error)?.into_iter().collect())
}

/// As words, so that the partial indexes are seen to fit.
fn is(column: Column, name: impl std::fmt::Display) -> SimpleExpr {
    Expr::col(column).eq(Expr::cust(format!("'{name}'")))
}

fn is_unfinished(state: DeliveryState) -> bool {
    match state {
        DeliveryState::Queued | DeliveryState::Sending => true,
        DeliveryState::Ended(_) => false,
    }
}

pub(super) async fn find(db: &DatabaseConnection, id: DeliveryId) -> Result<Option<DeliveryLine>, StoreError> {
    let row = Entity::find_by_id(id.0).one(db).await.map_err(store_error)?;
    let Some(row) = row else { return Ok(None) };
    let is_sealed = !sealed(db, row.order_id.into_iter()).await?.is_empty();
    to_line(row, is_sealed).map(Some)
}

pub(in crate::store) fn to_line(row: Model, sealed: bool) -> Result<DeliveryLine, StoreError> {
    Ok(DeliveryLine {
        id: row.id.into(),
        person: row.person_id.into(),
        sealed,
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

/// A one-time right that nobody gave names no account to send by, so that there is nothing to try again.
pub(super) async fn requeue(db: &DatabaseConnection, what: &Requeue, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let has_account = Column::AppId.ne("").or(Column::Channel.eq(Channel::Wecom.to_string()));
    let again = Entity::update_many()
        .col_expr(Column::State, DeliveryState::Queued.name().into())
        .col_expr(Column::DueAt, leaves_at(now))
        .col_expr(Column::QueuedAt, now.into())
        .col_expr(Column::BegunAt, Expr::val(None::<DateTime<Utc>>))
        .col_expr(Column::EndedAt, Expr::val(None::<DateTime<Utc>>))
        .col_expr(Column::FoldedInto, Expr::val(None::<Uuid>))
        .col_expr(Column::Attempts, 0.into())
        .filter(Column::Channel.is_in(sent_names()))
        .filter(has_account)
        .filter(Expr::exists(another_way()).not());
    let again = match what {
        Requeue::One(id) => again
            .filter(Column::Id.eq(id.0))
            .filter(Column::State.is_not_in([DeliveryState::Queued, DeliveryState::Sending].map(DeliveryState::name)))
            .filter(Column::State.ne(DeliveryState::Ended(Outcome::Delivered).name())),
        Requeue::Ended { outcome, .. } if !outcome.may_be_sent_again() => return Ok(0),
        Requeue::Ended { outcome, since } => {
            again.filter(is(Column::State, outcome)).filter(Column::EndedAt.gte(*since))
        }
    };
    again.exec(db).await.map(|done| done.rows_affected).map_err(store_error)
}

/// The same notice reached the person by another way, or still may.
fn another_way() -> SelectStatement {
    let of = |column| Expr::col(("other", column));
    let same = |column| of(column).equals((Entity, column));
    let hopeful = DeliveryState::all().filter(|state| match state {
        DeliveryState::Queued | DeliveryState::Sending => true,
        DeliveryState::Ended(outcome) => outcome.is_reached(),
    });
    Query::select()
        .expr(Expr::val(1))
        .from_as(Entity, "other")
        .and_where(same(Column::NoticeId))
        .and_where(same(Column::PersonId))
        .and_where(same(Column::Channel).not())
        .and_where(of(Column::Channel).ne(Channel::Inbox.to_string()))
        .and_where(of(Column::State).is_in(hopeful.map(DeliveryState::name)))
        .take()
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
        notice: row.notice_id.into(),
        seq: row.seq.unwrap_or_default(),
        kind: cell::named(WHAT, &row.kind)?,
        side: cell::named(WHAT, &row.side)?,
        person: row.person_id.into(),
        channel: cell::named(WHAT, &row.channel)?,
        state: cell::named(WHAT, &row.state)?,
        at: row.ended_at.unwrap_or(row.at),
    })
}
