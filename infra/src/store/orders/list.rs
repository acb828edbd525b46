//! Pages by keyset: newest first, no count, two statements whatever the page holds.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, RelationTrait,
};
use uuid::Uuid;

use domain::order::{Dispatch, Order};
use domain::people::Desk;
use domain::ports::{DispatchQuery, OrderQuery, StoreError};

use super::dispatch_row::to_dispatch;
use super::row::to_order;
use super::sight::{in_area, is_for, is_live_at};
use crate::database::store_error;
use crate::entity::{dispatch, order};
use crate::store::content::open_orders;
use crate::vault::Vault;

pub(super) async fn orders(
    db: &DatabaseConnection,
    vault: &Vault,
    query: &OrderQuery,
) -> Result<Vec<Order>, StoreError> {
    let limit = u64::from(query.slice.limit);
    let rows = match &query.desk {
        Desk::Mine(persons) => page(query).filter(is_for(persons)).limit(limit),
        Desk::Community(area) => page(query).filter(in_area(area)).limit(limit),
        Desk::Assigned(partners) => {
            let held = dispatch::Entity::find()
                .select_only()
                .column(dispatch::Column::OrderId)
                .distinct()
                .join(JoinType::InnerJoin, dispatch::Relation::Order.def())
                .filter(is_live_at(partners))
                .filter(narrowed(query))
                .apply_if(query.slice.before, |held, before| held.filter(dispatch::Column::OrderId.lt(before.0)))
                // By the dispatch's column, whose index holds the partner's orders in this very order.
                .order_by_desc(dispatch::Column::OrderId)
                .limit(limit);
            order::Entity::find()
                .filter(order::Column::Id.in_subquery(held.into_query()))
                .order_by_desc(order::Column::Id)
        }
    };
    let rows = rows.all(db).await.map_err(store_error)?;
    read(db, vault, rows).await
}

pub(super) async fn dispatches(
    db: &DatabaseConnection,
    vault: &Vault,
    query: &DispatchQuery,
) -> Result<Vec<(Dispatch, Order)>, StoreError> {
    let rows = dispatch::Entity::find()
        .filter(dispatch::Column::PartnerId.is_in(query.partners.iter().map(|id| id.0)))
        .apply_if(query.status, |rows, status| rows.filter(dispatch::Column::Status.eq(status.to_string())))
        .apply_if(query.slice.before, |rows, before| rows.filter(dispatch::Column::Id.lt(before.0)))
        .order_by_desc(dispatch::Column::Id)
        .limit(u64::from(query.slice.limit))
        .all(db)
        .await
        .map_err(store_error)?;
    let order_ids = rows.iter().map(|row| row.order_id);
    let orders = order::Entity::find().filter(order::Column::Id.is_in(order_ids)).all(db).await.map_err(store_error)?;
    let orders = read(db, vault, orders).await?;
    let orders: HashMap<Uuid, Order> = orders.into_iter().map(|order| (order.id.0, order)).collect();
    let with_order = |row: dispatch::Model| {
        let order = orders.get(&row.order_id).cloned();
        let order = order.ok_or_else(|| StoreError::corrupt("dispatch", "its order is missing"))?;
        Ok((to_dispatch(vault, row)?, order))
    };
    rows.into_iter().map(with_order).collect()
}

pub(in crate::store) async fn read(
    db: &impl ConnectionTrait,
    vault: &Vault,
    rows: Vec<order::Model>,
) -> Result<Vec<Order>, StoreError> {
    let rows = with_dispatches(db, rows).await?;
    rows.into_iter().map(|(row, dispatches)| to_order(vault, row, dispatches)).collect()
}

/// Gives each order its dispatches, with one statement for all.
pub(in crate::store) async fn with_dispatches(
    db: &impl ConnectionTrait,
    rows: Vec<order::Model>,
) -> Result<Vec<(order::Model, Vec<dispatch::Model>)>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let all = dispatch::Entity::find()
        .filter(dispatch::Column::OrderId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(dispatch::Column::OrderId)
        .order_by_asc(dispatch::Column::Position)
        .all(db)
        .await
        .map_err(store_error)?;
    let mut by_order: HashMap<Uuid, Vec<dispatch::Model>> = HashMap::new();
    for dispatch in all {
        by_order.entry(dispatch.order_id).or_default().push(dispatch);
    }
    let with_own = |row: order::Model| {
        let dispatches = by_order.remove(&row.id).unwrap_or_default();
        (row, dispatches)
    };
    Ok(rows.into_iter().map(with_own).collect())
}

fn page(query: &OrderQuery) -> sea_orm::Select<order::Entity> {
    order::Entity::find()
        .filter(narrowed(query))
        .apply_if(query.slice.before, |rows, before| rows.filter(order::Column::Id.lt(before.0)))
        .order_by_desc(order::Column::Id)
}

/// What the reader narrowed the list down to.
fn narrowed(query: &OrderQuery) -> Condition {
    Condition::all()
        .add_option(query.status.map(|status| order::Column::Status.eq(status.to_string())))
        .add_option(query.service_key.as_ref().map(|key| order::Column::ServiceKey.eq(key)))
        .add_option(query.grid.map(|grid| order::Column::GridId.eq(grid.0)))
        .add_option(query.due_before.map(|instant| order::Column::NextDueAt.lt(instant)))
        // Bare, as in the index: a value that is bound would not lead to it.
        .add_option(query.emergency.then(|| Expr::col((order::Entity, order::Column::Emergency))))
        .add_option(query.unchecked.then(|| order::Column::Id.in_subquery(open_orders())))
        .add_option(query.text.as_deref().map(|text| mentions(searched(&query.desk), text)))
}

/// Handlers may not read title and description; a search would tell them word by word.
fn searched(desk: &Desk) -> &'static [order::Column] {
    match desk {
        Desk::Mine(_) | Desk::Community(_) => {
            &[order::Column::Number, order::Column::Title, order::Column::Description]
        }
        Desk::Assigned(_) => &[order::Column::Number],
    }
}

/// The words are looked for as they stand, in either case: `%` and `_` mean themselves.
fn mentions(columns: &[order::Column], text: &str) -> Condition {
    const ESCAPE: char = '\\';
    let mut pattern = String::from("%");
    for c in text.to_lowercase().chars() {
        if matches!(c, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(c);
    }
    pattern.push('%');
    columns.iter().fold(Condition::any(), |any, column| {
        let lower = Func::lower(Expr::col((order::Entity, *column)));
        any.add(Expr::expr(lower).like(LikeExpr::new(pattern.clone()).escape(ESCAPE)))
    })
}
