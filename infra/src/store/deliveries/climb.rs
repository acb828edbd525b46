//! Up the ladder, where a rung did not reach somebody.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseTransaction, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use domain::ids::PersonId;
use domain::notice::{Channel, DeliveryState, NoticeKind, after_quiet_hours, nature, next_rung, template};
use domain::ports::{Doors, StoreError};

use super::Reaches;
use crate::clock::uuid_at;
use crate::database::store_error;
use crate::entity::delivery::Model;
use crate::entity::{self, delivery};
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
    let persons: BTreeSet<PersonId> = failed.iter().map(|row| row.person_id.into()).collect();
    let reaches = Reaches::of(tx, &persons, doors).await?;
    let mut next = Vec::new();
    for row in failed {
        next.extend(rung_above(row, &reaches, now)?);
    }
    let calls: Vec<_> = next.iter().filter(|row| is_call(row)).map(|row| call_for_the_desk(row, now)).collect();
    if !next.is_empty() {
        delivery::Entity::insert_many(next.into_iter().map(IntoActiveModel::into_active_model))
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(tx)
            .await
            .map_err(store_error)?;
    }
    outbox::insert(tx, calls).await
}

/// Whether another message can be sent where this one cannot.
pub(super) async fn has_other_way(
    tx: &DatabaseTransaction,
    row: &Model,
    doors: &Doors,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let reaches = Reaches::of(tx, &BTreeSet::from([row.person_id.into()]), doors).await?;
    Ok(rung_above(row, &reaches, now)?.is_some_and(|above| !is_call(&above)))
}

fn rung_above(row: &Model, reaches: &Reaches, now: DateTime<Utc>) -> Result<Option<Model>, StoreError> {
    let (kind, side) = (cell::named(WHAT, &row.kind)?, cell::named(WHAT, &row.side)?);
    let (channel, importance) = (cell::named(WHAT, &row.channel)?, cell::named(WHAT, &row.importance)?);
    let reach = reaches.reach(row.person_id.into(), template(kind, side));
    let Some(next) = next_rung(Some(channel), nature(kind, side), importance, &reach) else { return Ok(None) };
    Ok(Some(Model {
        id: uuid_at(now),
        channel: next.to_string(),
        app_id: reaches.app_id(next, &reach),
        state: DeliveryState::Queued.to_string(),
        queued_at: now,
        due_at: (next != Channel::Call).then(|| after_quiet_hours(importance, now)),
        begun_at: None,
        attempts: 0,
        ended_at: None,
        folded_into: None,
        code: None,
        message: None,
        ..row.clone()
    }))
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
