//! Up the ladder, where a rung did not reach somebody.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use domain::ids::PersonId;
use domain::notice::{Channel, DeliveryState, Importance, NoticeKind, Outcome, after_quiet_hours, nature};
use domain::ports::{Doors, StoreError};

use super::settle::{end, write_ends};
use super::{Errand, Reaches, Way};
use crate::clock::uuid_at;
use crate::database::store_error;
use crate::entity;
use crate::entity::delivery::{self, Column, Model};
use crate::store::{cell, outbox};

const WHAT: &str = "delivery";

/// Sets up the next rung for each of these that ended and reached nobody.
pub(super) async fn on(
    tx: &DatabaseTransaction,
    ended: &[Model],
    doors: &Doors,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut failed = Vec::new();
    for row in ended {
        if let DeliveryState::Ended(outcome) = cell::named(WHAT, &row.state)?
            && !outcome.is_reached()
        {
            failed.push(row);
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    let reaches = reaches(tx, failed.iter().copied(), doors, now).await?;
    let tried = tried(tx, &failed).await?;
    let (mut new, mut again, mut calls) = (Vec::new(), Vec::new(), Vec::new());
    for row in failed {
        let Some(next) = rung_above(row, &tried, &reaches, now)? else { continue };
        calls.extend(is_call(&next).then(|| call_for_the_desk(&next, now)));
        if tried.iter().any(|row| row.id == next.id) { again.push(next.id) } else { new.push(next) }
    }
    if !new.is_empty() {
        delivery::Entity::insert_many(new.into_iter().map(IntoActiveModel::into_active_model))
            .exec_without_returning(tx)
            .await
            .map_err(store_error)?;
    }
    call_again(tx, again, now).await?;
    outbox::insert(tx, calls).await
}

/// All rungs that were set up for the notices of these: where one was sent again, those above it may be among them.
async fn tried(tx: &DatabaseTransaction, of: &[&Model]) -> Result<Vec<Model>, StoreError> {
    let rungs = delivery::Entity::find()
        .filter(Column::NoticeId.is_in(of.iter().map(|row| row.notice_id)))
        .filter(Column::PersonId.is_in(of.iter().map(|row| row.person_id)))
        .filter(Column::Channel.ne(<&str>::from(Channel::Inbox)));
    rungs.all(tx).await.map_err(store_error)
}

/// Calls that were made in vain.
async fn call_again(tx: &DatabaseTransaction, calls: Vec<Uuid>, now: DateTime<Utc>) -> Result<(), StoreError> {
    if calls.is_empty() {
        return Ok(());
    }
    delivery::Entity::update_many()
        .col_expr(Column::State, DeliveryState::Queued.name().into())
        .col_expr(Column::QueuedAt, now.into())
        .col_expr(Column::EndedAt, Expr::val(None::<DateTime<Utc>>))
        .col_expr(Column::CalledBy, Expr::val(None::<Uuid>))
        .filter(Column::Id.is_in(calls))
        .exec(tx)
        .await
        .map(drop)
        .map_err(store_error)
}

/// Ends those of these urgent messages whose channel is closed while another one takes them, and sets that one up. Gives the
/// rest back.
pub(super) async fn past_closed(
    tx: &DatabaseTransaction,
    rows: Vec<Model>,
    code: Option<i64>,
    doors: &Doors,
    now: DateTime<Utc>,
) -> Result<Vec<Model>, StoreError> {
    if rows.is_empty() {
        return Ok(rows);
    }
    let reaches = reaches(tx, rows.iter(), doors, now).await?;
    let (mut ended, mut rest) = (Vec::new(), Vec::new());
    for row in rows {
        let (errand, after) = errand(&row)?;
        match reaches.next_open(row.person_id.into(), errand, Some(after)) {
            Some(_) => ended.push(end(row, Outcome::OperatorNeeded, code, None, now)),
            None => rest.push(row),
        }
    }
    if !ended.is_empty() {
        tracing::info!(messages = ended.len(), "urgent messages go another way than a closed channel");
    }
    write_ends(tx, &ended, now).await?;
    on(tx, &ended, doors, now).await?;
    Ok(rest)
}

async fn reaches(
    tx: &DatabaseTransaction,
    rows: impl Iterator<Item = &Model>,
    doors: &Doors,
    now: DateTime<Utc>,
) -> Result<Reaches, StoreError> {
    let persons: BTreeSet<PersonId> = rows.map(|row| row.person_id.into()).collect();
    Reaches::of(tx, &persons, doors, now).await
}

/// What the row tells, and by which channel.
fn errand(row: &Model) -> Result<(Errand, Channel), StoreError> {
    let (kind, side) = (cell::named(WHAT, &row.kind)?, cell::named(WHAT, &row.side)?);
    Ok((Errand { kind, side, importance: cell::named(WHAT, &row.importance)? }, cell::named(WHAT, &row.channel)?))
}

/// The next rung that was not tried yet, or the call once more. `None` where nothing is left, and where the person was reached
/// or may yet be reached by one above.
fn rung_above(
    row: &Model,
    tried: &[Model],
    reaches: &Reaches,
    now: DateTime<Utc>,
) -> Result<Option<Model>, StoreError> {
    let (errand, mut after) = errand(row)?;
    while let Some(way) = reaches.next(row.person_id.into(), errand, Some(after)) {
        let is_it = |other: &&Model| {
            (other.notice_id, other.person_id) == (row.notice_id, row.person_id)
                && other.channel == <&str>::from(way.channel)
        };
        let Some(before) = tried.iter().find(is_it) else { return Ok(Some(rung(row, way, errand.importance, now))) };
        match cell::named(WHAT, &before.state)? {
            DeliveryState::Ended(outcome) if !outcome.is_reached() => {}
            DeliveryState::Queued | DeliveryState::Sending | DeliveryState::Ended(_) => return Ok(None),
        }
        if way.channel == Channel::Call {
            return Ok(Some(before.clone()));
        }
        after = way.channel;
    }
    Ok(None)
}

fn rung(row: &Model, way: Way, importance: Importance, now: DateTime<Utc>) -> Model {
    Model {
        id: uuid_at(now),
        channel: way.channel.to_string(),
        app_id: way.app_id,
        state: DeliveryState::Queued.to_string(),
        queued_at: now,
        due_at: (way.channel != Channel::Call).then(|| after_quiet_hours(importance, now)),
        begun_at: None,
        attempts: 0,
        ended_at: None,
        folded_into: None,
        code: None,
        message: None,
        ..row.clone()
    }
}

fn is_call(row: &Model) -> bool {
    row.channel == <&str>::from(Channel::Call)
}

/// Tells the desk that somebody is to be called.
pub(in crate::store) fn call_for_the_desk(call: &Model, now: DateTime<Utc>) -> entity::outbox::Model {
    let kind = NoticeKind::CallNeeded;
    entity::outbox::Model {
        id: uuid_at(now),
        order_id: call.order_id,
        seq: call.seq,
        community_id: call.community_id,
        kind: kind.to_string(),
        importance: nature(kind, domain::notice::Side::Desk).importance.to_string(),
        to_person_id: None,
        to_partner_id: None,
        to_desk_id: Some(call.community_id),
        about_partner_id: None,
        dispatch_id: None::<Uuid>,
        facts: None,
        at: now,
        due_at: now,
    }
}
