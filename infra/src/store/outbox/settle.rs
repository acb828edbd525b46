use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter};

use domain::ids::OutboxId;
use domain::ports::{Delivery, Outcome, Settlement, StoreError};

use crate::database::store_error;
use crate::entity::{delivery, outbox};

/// An item that is gone was finished by another worker after this one's lease ended: its deliveries stand.
pub(super) async fn record(
    tx: &DatabaseTransaction,
    id: OutboxId,
    deliveries: &[Delivery],
    settlement: &Settlement,
) -> Result<(), StoreError> {
    let Some(item) = outbox::Entity::find_by_id(id.0).one(tx).await.map_err(store_error)? else {
        return Ok(());
    };
    insert_deliveries(tx, &item, deliveries).await?;
    match settlement {
        Settlement::Finished => {
            outbox::Entity::delete_by_id(id.0).exec(tx).await.map_err(store_error)?;
        }
        Settlement::RetryAt(instant) => {
            outbox::Entity::update_many()
                .col_expr(outbox::Column::DueAt, (*instant).into())
                .filter(outbox::Column::Id.eq(id.0))
                .exec(tx)
                .await
                .map_err(store_error)?;
        }
    }
    Ok(())
}

/// The first end of a delivery stands.
async fn insert_deliveries(
    tx: &DatabaseTransaction,
    item: &outbox::Model,
    deliveries: &[Delivery],
) -> Result<(), StoreError> {
    if deliveries.is_empty() {
        return Ok(());
    }
    let rows = deliveries.iter().map(|end| row(item, end).into_active_model());
    delivery::Entity::insert_many(rows)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await
        .map_err(store_error)?;
    Ok(())
}

/// WeChat said later that a message did not arrive; whether there is such a message.
pub(in crate::store) async fn undelivered(
    tx: &DatabaseTransaction,
    message: &str,
    code: i64,
) -> Result<bool, StoreError> {
    let corrected = delivery::Entity::update_many()
        .col_expr(delivery::Column::Outcome, Outcome::Undelivered.to_string().into())
        .col_expr(delivery::Column::Code, code.into())
        .filter(delivery::Column::Message.eq(message))
        .exec(tx)
        .await
        .map_err(store_error)?;
    Ok(corrected.rows_affected > 0)
}

fn row(item: &outbox::Model, end: &Delivery) -> delivery::Model {
    delivery::Model {
        order_id: item.order_id,
        seq: item.seq,
        kind: item.kind.clone(),
        person_id: end.person.0,
        outcome: end.outcome.to_string(),
        code: end.code,
        message: end.message.clone(),
        at: end.at,
    }
}
