use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, SimpleExpr};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use domain::notice::{Channel, DeliveryState, Outcome, template};
use domain::ports::{Doors, Fate, Settled, StoreError};

use super::{circuits, climb, count_ends};
use crate::database::store_error;
use crate::entity::delivery::{Column, Entity, Model};
use crate::entity::message_right;
use crate::store::cell;

pub(super) async fn record(
    tx: &DatabaseTransaction,
    settled: &[Settled],
    doors: &Doors,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let fates: HashMap<Uuid, &Fate> =
        settled.iter().flat_map(|one| one.deliveries.iter().map(|id| (id.0, &one.fate))).collect();
    let held = Entity::find()
        .filter(Column::Id.is_in(fates.keys().copied()))
        // What is not under way was settled by somebody else after our lease.
        .filter(Column::State.eq(DeliveryState::Sending.name()))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(tx)
        .await
        .map_err(store_error)?;
    let mut ended = Vec::new();
    for row in held {
        match fates.get(&row.id) {
            Some(Fate::Ended { outcome, code, message }) => {
                ended.push(end(row, *outcome, *code, message.clone(), now));
            }
            Some(Fate::Again { at, code, counts }) => again(tx, &row, *at, *code, *counts).await?,
            Some(Fate::Detour { at, code }) => detour(tx, row, *at, *code, doors, now).await?,
            None => {}
        }
    }
    write_ends(tx, &ended, now).await?;
    keep_ledger(tx, &ended, doors, now).await?;
    climb::on(tx, &ended, doors, now).await
}

/// The row as it shall be.
pub(super) fn end(
    row: Model,
    outcome: Outcome,
    code: Option<i64>,
    message: Option<String>,
    now: DateTime<Utc>,
) -> Model {
    let state = DeliveryState::Ended(outcome).to_string();
    Model { state, code, message, ended_at: Some(now), due_at: None, ..row }
}

/// One statement for all of them.
pub(super) async fn write_ends(
    tx: &DatabaseTransaction,
    ended: &[Model],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if ended.is_empty() {
        return Ok(());
    }
    let by_row = |value: fn(&Model) -> SimpleExpr| -> SimpleExpr {
        let each = |case: CaseStatement, row: &Model| case.case(Expr::col(Column::Id).eq(row.id), value(row));
        ended.iter().fold(CaseStatement::new(), each).into()
    };
    Entity::update_many()
        .col_expr(Column::State, by_row(|row| row.state.clone().into()))
        .col_expr(Column::Code, by_row(|row| Expr::val(row.code).cast_as("BIGINT")))
        .col_expr(Column::Message, by_row(|row| Expr::val(row.message.clone()).cast_as("TEXT")))
        .col_expr(Column::EndedAt, now.into())
        .col_expr(Column::DueAt, Expr::val(None::<DateTime<Utc>>))
        .filter(Column::Id.is_in(ended.iter().map(|row| row.id)))
        .exec(tx)
        .await
        .map_err(store_error)?;
    count_ends(tx, ended, now).await
}

/// Where no other channel is open, it waits for the first that is looked at again.
async fn detour(
    tx: &DatabaseTransaction,
    row: Model,
    at: DateTime<Utc>,
    code: Option<i64>,
    doors: &Doors,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for row in climb::past_closed(tx, vec![row], code, doors, now).await? {
        let first_look = circuits::first_look(&circuits::closed(tx, now).await?);
        again(tx, &row, first_look.filter(|first| *first < at).unwrap_or(at), code, false).await?;
    }
    Ok(())
}

async fn again(
    tx: &DatabaseTransaction,
    row: &Model,
    at: DateTime<Utc>,
    code: Option<i64>,
    counts: bool,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::State, DeliveryState::Queued.name().into())
        .col_expr(Column::DueAt, at.into())
        .col_expr(Column::BegunAt, Expr::val(None::<DateTime<Utc>>))
        .col_expr(Column::FoldedInto, Expr::val(None::<Uuid>))
        .col_expr(Column::Code, Expr::val(code))
        .col_expr(Column::Attempts, Expr::val(row.attempts - i64::from(!counts)))
        .filter(Column::Id.eq(row.id))
        .exec(tx)
        .await
        .map(drop)
        .map_err(store_error)
}

/// A message that was sent used up a right; one for which WeChat knows of no right says that there is none. A message
/// stands once in the ledger, whatever it speaks for.
async fn keep_ledger(
    tx: &DatabaseTransaction,
    ended: &[Model],
    doors: &Doors,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut less: BTreeMap<(String, String), Vec<Uuid>> = BTreeMap::new();
    let mut gone = less.clone();
    for row in ended.iter().filter(|row| row.channel == Channel::Subscribe.to_string() && row.folded_into.is_none()) {
        let wanted = template(cell::named("delivery", &row.kind)?, cell::named("delivery", &row.side)?);
        let program = doors.programs.iter().find(|program| program.app_id == row.app_id);
        let Some(id) = program.and_then(|program| program.template(wanted)) else { continue };
        let key = (row.app_id.clone(), id.to_owned());
        match cell::named("delivery", &row.state)? {
            DeliveryState::Ended(Outcome::Delivered | Outcome::Unconfirmed) => {
                less.entry(key).or_default().push(row.person_id);
            }
            DeliveryState::Ended(Outcome::NoRight) => gone.entry(key).or_default().push(row.person_id),
            DeliveryState::Queued | DeliveryState::Sending | DeliveryState::Ended(_) => {}
        }
    }
    use message_right::{Column as Right, Entity as Ledger};
    let of = |(app_id, template): &(String, String), persons: &[Uuid]| {
        Ledger::update_many()
            .col_expr(Right::At, now.into())
            .filter(Right::PersonId.is_in(persons.to_vec()))
            .filter(Right::AppId.eq(app_id))
            .filter(Right::TemplateId.eq(template))
    };
    for (key, persons) in &less {
        let one_less = of(key, persons)
            .col_expr(Right::LeftOver, Expr::col(Right::LeftOver).sub(1))
            .filter(Right::LeftOver.gt(0))
            .filter(Right::Standing.eq(false));
        one_less.exec(tx).await.map_err(store_error)?;
    }
    for (key, persons) in &gone {
        let none = of(key, persons).col_expr(Right::LeftOver, 0.into()).col_expr(Right::Standing, false.into());
        let none = none.col_expr(Right::Hinted, false.into());
        none.exec(tx).await.map_err(store_error)?;
    }
    Ok(())
}
