//! The one transaction that changes orders.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{ExprTrait, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
};

use domain::ids::{AttachmentId, OrderId, PersonId};
use domain::order::{Happening, Order};
use domain::ports::{Answer, Change, Commit, StoreError};

use super::{dispatch_row, event_row, row, tally};
use crate::database::store_error;
use crate::entity::{answer, attachment, dispatch, order, order_event, outbox};
use crate::store::bookings;
use crate::store::consents;
use crate::store::constraint::ORDER_SOURCE;
use crate::store::content;
use crate::store::figures;
use crate::store::mediations;
use crate::store::outbox::of_change;
use crate::store::write::{Halt, ROWS_PER_STATEMENT, insert_answer};
use crate::vault::Vault;

/// Writes everything or says why not; the caller commits or rolls back.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    vault: &Vault,
    changes: &[Change],
    answer: Option<&Answer>,
) -> Result<(), Halt> {
    if let Some(answer) = answer {
        insert_answer(tx, vault, answer, changes.first().map(|change| change.next.id)).await?;
    }
    // Every transaction takes its orders by id, so that two of them never wait for each other.
    let mut changes: Vec<&Change> = changes.iter().collect();
    changes.sort_unstable_by_key(|change| (change.next.id, change.next.version));
    let steps = changes.chunk_by(|a, b| a.next.id == b.next.id).map(Step::of).collect::<Result<Vec<_>, _>>()?;
    let (new, moved): (Vec<_>, Vec<_>) = steps.into_iter().partition(|step| step.from == 0);

    insert_orders(tx, vault, &new).await?;
    for step in moved {
        update_order(tx, vault, &step).await?;
    }
    for change in &changes {
        attach_photos(tx, change).await?;
    }
    insert_events(tx, vault, &changes).await?;
    upsert_dispatches(tx, vault, &changes).await?;
    bookings::follow(tx, &changes).await?;
    tally::write(tx, &changes).await?;
    figures::count(tx, &changes).await?;
    consents::follow(tx, &changes).await?;
    content::mark(tx, vault, &changes).await?;
    for change in &changes {
        mediate(tx, vault, change, answer).await?;
    }
    insert_notices(tx, &changes).await
}

/// The case goes with the event; and whoever had an answer that shows the order's words may not read them any more.
async fn mediate(tx: &DatabaseTransaction, vault: &Vault, change: &Change, kept: Option<&Answer>) -> Result<(), Halt> {
    if let Some(case) = &change.case {
        mediations::write(tx, vault, case).await?;
    }
    if !matches!(change.chained.event.what, Happening::Mediated { .. }) {
        return Ok(());
    }
    let mut shown = Condition::all()
        .add(answer::Column::OrderId.eq(change.next.id.0))
        // The requester's own words; and a phone that asks again shall not place the order twice.
        .add(answer::Column::PersonId.ne(change.next.requester.0));
    if let Some(kept) = kept {
        shown = shown.add(answer::Column::Key.ne(&kept.key).or(answer::Column::PersonId.ne(kept.person.0)));
    }
    answer::Entity::delete_many().filter(shown).exec(tx).await.map_err(store_error)?;
    Ok(())
}

/// What one order's row goes through: from the version before its first change to the order after its last. Mostly
/// that is one change; a history that is brought over has several, and its row is written once all the same.
struct Step<'a> {
    from: i64,
    to: &'a Order,
    /// When the last of them was made.
    at: DateTime<Utc>,
}

impl<'a> Step<'a> {
    /// `changes` are of one order, by version.
    fn of(changes: &[&'a Change]) -> Result<Self, Halt> {
        let (Some(first), Some(last)) = (changes.first(), changes.last()) else {
            return Err(Halt::Failed(StoreError::corrupt("changes", "of no order")));
        };
        if changes.is_sorted_by(|one, next| next.next.version == one.next.version + 1) {
            Ok(Self { from: first.next.version - 1, to: &last.next, at: last.chained.event.at })
        } else {
            Err(Halt::Ended(Commit::Stale(first.next.id)))
        }
    }
}

async fn insert_orders(tx: &DatabaseTransaction, vault: &Vault, new: &[Step<'_>]) -> Result<(), Halt> {
    let rows = new.iter().map(|step| row::new_row(vault, step.to)).collect::<Result<Vec<_>, _>>()?;
    match insert_many::<order::Entity>(tx, rows, None).await {
        Err(error) if ORDER_SOURCE.is_violated_by(&error) => Err(Halt::Ended(Commit::ReferenceTaken)),
        outcome => outcome.map_err(|e| Halt::Failed(store_error(e))),
    }
}

/// Only the row that still carries the version before the first event, and its words, is changed.
async fn update_order(tx: &DatabaseTransaction, vault: &Vault, step: &Step<'_>) -> Result<(), Halt> {
    let next = step.to;
    let updated = order::Entity::update_many()
        .set(row::moved_columns(vault, next)?)
        .col_expr(order::Column::NextReminderAt, row::reminder(next, step.at))
        .filter(order::Column::Id.eq(next.id.0))
        .filter(order::Column::Version.eq(step.from))
        .filter(order::Column::ErasedAt.is_null())
        .exec(tx)
        .await
        .map_err(store_error)?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Halt::Ended(Commit::Stale(next.id))) }
}

async fn attach_photos(tx: &DatabaseTransaction, change: &Change) -> Result<(), Halt> {
    attach(tx, change.next.id, change.chained.event.by, &change.photos).await
}

/// A photo joins one order, once, and only by the hand that uploaded it.
pub(in crate::store) async fn attach(
    tx: &DatabaseTransaction,
    order: OrderId,
    by: PersonId,
    photos: &[AttachmentId],
) -> Result<(), Halt> {
    let photos: BTreeSet<_> = photos.iter().map(|id| id.0).collect();
    if photos.is_empty() {
        return Ok(());
    }
    let expected = photos.len();
    let attached = attachment::Entity::update_many()
        .col_expr(attachment::Column::OrderId, order.0.into())
        .filter(attachment::Column::Id.is_in(photos.iter().copied()))
        .filter(attachment::Column::UploaderId.eq(by.0))
        .filter(attachment::Column::OrderId.is_null())
        .filter(attachment::Column::VisitId.is_null())
        .exec(tx)
        .await
        .map_err(store_error)?;
    if usize::try_from(attached.rows_affected) != Ok(expected) {
        return Err(Halt::Ended(Commit::PhotoUnavailable));
    }
    Ok(content::spare(tx, order, photos.into_iter()).await?)
}

async fn insert_events(tx: &DatabaseTransaction, vault: &Vault, changes: &[&Change]) -> Result<(), StoreError> {
    let rows = changes.iter().map(|change| event_row::row(vault, &change.chained)).collect::<Result<_, _>>()?;
    insert_many::<order_event::Entity>(tx, rows, None).await.map_err(store_error)
}

async fn upsert_dispatches(tx: &DatabaseTransaction, vault: &Vault, changes: &[&Change]) -> Result<(), StoreError> {
    // One row for a dispatch that two changes touched, as the later one left it.
    let mut rows = BTreeMap::new();
    for change in changes {
        let touched = dispatch_row::touched_rows(vault, &change.next, &change.chained.event)?;
        rows.extend(touched.into_iter().map(|row| (row.id, row)));
    }
    let rows = rows.into_values().collect();
    let overwrite = dispatch_row::overwrite_state();
    insert_many::<dispatch::Entity>(tx, rows, Some(overwrite)).await.map_err(store_error)
}

async fn insert_notices(tx: &DatabaseTransaction, changes: &[&Change]) -> Result<(), Halt> {
    let rows = changes.iter().map(|change| of_change(change)).collect::<Result<Vec<_>, _>>()?.concat();
    insert_many::<outbox::Entity>(tx, rows, None).await.map_err(|e| Halt::Failed(store_error(e)))
}

/// As few statements as the databases allow; none for no rows.
async fn insert_many<E>(
    tx: &DatabaseTransaction,
    rows: Vec<E::Model>,
    on_conflict: Option<OnConflict>,
) -> Result<(), sea_orm::DbErr>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel> + Clone,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        let mut insert = E::insert_many(chunk.iter().cloned().map(IntoActiveModel::into_active_model));
        if let Some(on_conflict) = &on_conflict {
            insert = insert.on_conflict(on_conflict.clone());
        }
        insert.exec_without_returning(tx).await?;
    }
    Ok(())
}
