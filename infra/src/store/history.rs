use std::collections::HashMap;

use async_trait::async_trait;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use domain::ids::OrderId;
use domain::order::{ChainRow, Order};
use domain::ports::{HistoryStore, StoreError};

use super::orders::{to_chain_row, with_dispatches};
use crate::database::{Database, store_error};
use crate::entity::{order, order_event};

/// [`HistoryStore`] over the tables `orders` and `order_events`.
pub struct HistoryRows {
    db: Database,
}

impl HistoryRows {
    pub fn new(db: Database) -> Self {
        Self { db }
    }
}

#[async_trait]
impl HistoryStore for HistoryRows {
    async fn walk(&self, after: Option<OrderId>, limit: u16) -> Result<Vec<(Order, Vec<ChainRow>)>, StoreError> {
        // An order that moves between two statements must not look tampered with.
        let moment = self.db.begin_snapshot().await?;
        let rows = order::Entity::find()
            .apply_if(after, |rows, after| rows.filter(order::Column::Id.gt(after.0)))
            .order_by_asc(order::Column::Id)
            .limit(u64::from(limit))
            .all(&moment)
            .await
            .map_err(store_error)?;
        let orders = with_dispatches(&moment, rows).await?;
        let mut events = events_of(&moment, &orders).await?;
        moment.commit().await.map_err(store_error)?;
        let with_events = |order: Order| {
            let events = events.remove(&order.id).unwrap_or_default();
            (order, events)
        };
        Ok(orders.into_iter().map(with_events).collect())
    }
}

async fn events_of(
    moment: &DatabaseTransaction,
    orders: &[Order],
) -> Result<HashMap<OrderId, Vec<ChainRow>>, StoreError> {
    let rows = order_event::Entity::find()
        .filter(order_event::Column::OrderId.is_in(orders.iter().map(|order| order.id.0)))
        .order_by_asc(order_event::Column::OrderId)
        .order_by_asc(order_event::Column::Seq)
        .all(moment)
        .await
        .map_err(store_error)?;
    let mut by_order: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        let row = to_chain_row(row)?;
        by_order.entry(row.event.order).or_default().push(row);
    }
    Ok(by_order)
}
