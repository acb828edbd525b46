use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{DatabaseConnection, EntityTrait, IntoActiveModel};

use domain::ids::CommunityId;
use domain::ports::StoreError;

use crate::database::store_error;
use crate::entity::order_number::{self, Column};
use crate::store::cell;

/// One statement of its own: a number taken by a transaction that fails later is lost, not given twice, and nobody
/// waits for the end of somebody else's transaction.
pub(super) async fn reserve(
    db: &DatabaseConnection,
    community: CommunityId,
    day: NaiveDate,
    count: u32,
) -> Result<u32, StoreError> {
    let first_of_day = order_number::Model { community_id: community.0, day, last: count.into() };
    let last = Expr::col((order_number::Entity, Column::Last)).add(i64::from(count));
    let go_on = OnConflict::columns([Column::CommunityId, Column::Day]).value(Column::Last, last).to_owned();
    let row = order_number::Entity::insert(first_of_day.into_active_model())
        .on_conflict(go_on)
        .exec_with_returning(db)
        .await
        .map_err(store_error)?;
    cell::number("order number", row.last - i64::from(count) + 1)
}
