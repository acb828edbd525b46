use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use domain::ids::OrderId;
use domain::order::{Erased, Erasing, Event, Order, erase as take_out};
use domain::ports::{OrderErased, StoreError};

use crate::database::store_error;
use crate::entity::{answer, attachment, dispatch, order, order_event, volunteer_hours};
use crate::store::content::unmark;
use crate::store::mediations;
use crate::store::orders::{dispatch_rows, erased_columns, left_of, overwrite_state, to_event};
use crate::vault::Vault;

/// The order's row is locked from the reading to the writing: no move comes between.
pub(super) async fn erase(
    tx: &DatabaseTransaction,
    vault: &Vault,
    id: OrderId,
    what: Erasing,
    now: DateTime<Utc>,
) -> Result<OrderErased, StoreError> {
    let found = order::Entity::find_by_id(id.0).lock_exclusive().one(tx).await.map_err(store_error)?;
    if found.is_none() {
        return Ok(OrderErased::Gone);
    }
    if matches!(what, Erasing::Words(_)) && has_photos(tx, id).await? {
        return Ok(OrderErased::PhotosLeft);
    }
    let before = events(tx, vault, id).await?;
    let unsound = |e| StoreError::corrupt("history", e);
    let (order, after) = take_out(&before, what).map_err(unsound)?;
    write_order(tx, vault, &order, matches!(what, Erasing::Words(_)).then_some(now)).await?;
    for (event, _) in after.iter().zip(&before).filter(|(after, before)| after.what != before.what) {
        write_event(tx, vault, event, now).await?;
    }
    if matches!(what, Erasing::Words(_)) {
        unmark(tx, id.0).await?;
        forget_notes(tx, id).await?;
    }
    if matches!(what, Erasing::Words(Erased::OutOfTime)) {
        mediations::remove_of(tx, id).await?;
    }
    // Others got answers that show the order.
    let answers = answer::Entity::delete_many().filter(answer::Column::OrderId.eq(id.0));
    answers.exec(tx).await.map_err(store_error)?;
    Ok(OrderErased::Done)
}

/// What volunteers noted of it; their hours stay.
async fn forget_notes(tx: &DatabaseTransaction, id: OrderId) -> Result<(), StoreError> {
    let notes = volunteer_hours::Entity::update_many()
        .col_expr(volunteer_hours::Column::Note, Expr::val(None::<Vec<u8>>))
        .filter(volunteer_hours::Column::OrderId.eq(id.0));
    notes.exec(tx).await.map(drop).map_err(store_error)
}

async fn has_photos(tx: &DatabaseTransaction, id: OrderId) -> Result<bool, StoreError> {
    let photos = attachment::Entity::find().filter(attachment::Column::OrderId.eq(id.0)).count(tx).await;
    photos.map(|count| count > 0).map_err(store_error)
}

async fn events(tx: &DatabaseTransaction, vault: &Vault, id: OrderId) -> Result<Vec<Event>, StoreError> {
    let rows = order_event::Entity::find()
        .filter(order_event::Column::OrderId.eq(id.0))
        .order_by_asc(order_event::Column::Seq)
        .all(tx)
        .await
        .map_err(store_error)?;
    rows.iter().map(|row| to_event(vault, row)).collect()
}

/// `at`: when the words went, where they did.
async fn write_order(
    tx: &DatabaseTransaction,
    vault: &Vault,
    order: &Order,
    at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    let mut columns = erased_columns(vault, order)?;
    if at.is_some() {
        columns.erased_at = Set(at);
    }
    let row = order::Entity::update_many().set(columns).filter(order::Column::Id.eq(order.id.0));
    row.exec(tx).await.map_err(store_error)?;
    let dispatches = dispatch_rows(vault, order)?;
    if !dispatches.is_empty() {
        dispatch::Entity::insert_many(dispatches.into_iter().map(IntoActiveModel::into_active_model))
            .on_conflict(overwrite_state())
            .exec_without_returning(tx)
            .await
            .map_err(store_error)?;
    }
    Ok(())
}

/// Body and salt go together; the digest of what was written stays in the chain.
async fn write_event(
    tx: &DatabaseTransaction,
    vault: &Vault,
    event: &Event,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let columns = order_event::ActiveModel {
        body: Set(left_of(vault, event)?),
        salt: Set(None),
        erased_at: Set(Some(now)),
        ..Default::default()
    };
    let row = order_event::Entity::update_many()
        .set(columns)
        .filter(order_event::Column::OrderId.eq(event.order.0))
        .filter(order_event::Column::Seq.eq(event.seq));
    row.exec(tx).await.map(drop).map_err(store_error)
}
