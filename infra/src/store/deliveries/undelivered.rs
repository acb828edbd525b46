use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use domain::notice::{DeliveryState, Outcome};
use domain::ports::StoreError;

use crate::database::store_error;
use crate::entity::delivery::{Column, Entity};

/// WeChat said later that a message did not arrive; whether there is such a message. The sweep sets up the next rung.
pub(in crate::store) async fn undelivered(
    tx: &DatabaseTransaction,
    message: &str,
    code: i64,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let corrected = Entity::update_many()
        .col_expr(Column::State, DeliveryState::Ended(Outcome::Undelivered).name().into())
        .col_expr(Column::Code, code.into())
        .col_expr(Column::DueAt, now.into())
        .filter(Column::Message.eq(message))
        .exec(tx)
        .await
        .map_err(store_error)?;
    Ok(corrected.rows_affected > 0)
}
