use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait, Condition, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use domain::ids::{CommunityId, DispatchId, OrderId};
use domain::order::{Event, Order};
use domain::people::Sight;
use domain::ports::StoreError;

use super::event_row::to_event;
use super::row::to_order;
use super::sight::in_sight;
use crate::database::store_error;
use crate::entity::{dispatch, order, order_event};
use crate::vault::Vault;

/// References looked up by one statement.
const REFERENCES_PER_STATEMENT: usize = 1_000;

pub(super) async fn by_id(
    db: &DatabaseConnection,
    vault: &Vault,
    id: OrderId,
    sight: &Sight,
) -> Result<Option<Order>, StoreError> {
    one(db, vault, order::Column::Id.eq(id.0).into(), sight).await
}

pub(super) async fn by_dispatch(
    db: &DatabaseConnection,
    vault: &Vault,
    id: DispatchId,
    sight: &Sight,
) -> Result<Option<Order>, StoreError> {
    let order_id = dispatch::Entity::find()
        .select_only()
        .column(dispatch::Column::OrderId)
        .filter(dispatch::Column::Id.eq(id.0))
        .into_query();
    one(db, vault, order::Column::Id.in_subquery(order_id).into(), sight).await
}

/// The order comes once for each of its dispatches: one round trip, and few dispatches to an order.
async fn one(
    db: &DatabaseConnection,
    vault: &Vault,
    which: Condition,
    sight: &Sight,
) -> Result<Option<Order>, StoreError> {
    let found = order::Entity::find()
        .filter(which)
        .filter(in_sight(sight))
        .find_with_related(dispatch::Entity)
        .order_by_asc(dispatch::Column::Position)
        .all(db)
        .await
        .map_err(store_error)?;
    found.into_iter().next().map(|(order, dispatches)| to_order(vault, order, dispatches)).transpose()
}

pub(super) async fn timeline(
    db: &DatabaseConnection,
    vault: &Vault,
    id: OrderId,
    sight: &Sight,
    after: i64,
    limit: u16,
) -> Result<Vec<Event>, StoreError> {
    let order_in_sight = Query::select()
        .expr(Expr::val(1))
        .from(order::Entity)
        .and_where(order::Column::Id.eq(id.0))
        .cond_where(in_sight(sight))
        .take();
    let rows = order_event::Entity::find()
        .filter(order_event::Column::OrderId.eq(id.0))
        .filter(order_event::Column::Seq.gt(after))
        .filter(Expr::exists(order_in_sight))
        .order_by_asc(order_event::Column::Seq)
        .limit(u64::from(limit))
        .all(db)
        .await
        .map_err(store_error)?;
    rows.iter().map(|row| to_event(vault, row)).collect()
}

pub(super) async fn known_references(
    db: &DatabaseConnection,
    community: CommunityId,
    system: &str,
    references: &[String],
) -> Result<Vec<String>, StoreError> {
    let mut known = Vec::new();
    for some in references.chunks(REFERENCES_PER_STATEMENT) {
        let found: Vec<String> = order::Entity::find()
            .select_only()
            .column(order::Column::SourceReference)
            .filter(order::Column::CommunityId.eq(community.0))
            .filter(order::Column::SourceSystem.eq(system))
            .filter(order::Column::SourceReference.is_in(some))
            .into_tuple()
            .all(db)
            .await
            .map_err(store_error)?;
        known.extend(found);
    }
    Ok(known)
}
