use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use domain::ids::OrderId;
use domain::ports::{History, HistoryStore, StoreError};

use super::orders::{to_chain_row, to_order, with_dispatches};
use crate::database::{Database, store_error};
use crate::entity::{dispatch, order, order_event};
use crate::vault::Vault;

/// [`HistoryStore`] over the tables `orders` and `order_events`.
pub struct HistoryRows {
    db: Database,
    vault: Arc<Vault>,
}

impl HistoryRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }
}

#[async_trait]
impl HistoryStore for HistoryRows {
    async fn walk(&self, after: Option<OrderId>, limit: u16) -> Result<Vec<History>, StoreError> {
        // An order that moves between two statements must not look tampered with.
        let moment = self.db.begin_snapshot().await?;
        let rows = order::Entity::find()
            .apply_if(after, |rows, after| rows.filter(order::Column::Id.gt(after.0)))
            .order_by_asc(order::Column::Id)
            .limit(u64::from(limit))
            .all(&moment)
            .await
            .map_err(store_error)?;
        let mut events = events_of(&moment, &rows).await?;
        let orders = with_dispatches(&moment, rows).await?;
        moment.commit().await.map_err(store_error)?;
        let read = |(row, dispatches): (order::Model, Vec<dispatch::Model>)| {
            let (id, events) = (row.id, events.remove(&row.id).unwrap_or_default());
            let chain = events.into_iter().map(|row| to_chain_row(&self.vault, row)).collect::<Result<_, _>>();
            History {
                order: id.into(),
                read: to_order(&self.vault, row, dispatches).and_then(|order| Ok((order, chain?))),
            }
        };
        Ok(orders.into_iter().map(read).collect())
    }
}

async fn events_of(
    moment: &DatabaseTransaction,
    orders: &[order::Model],
) -> Result<HashMap<Uuid, Vec<order_event::Model>>, StoreError> {
    let rows = order_event::Entity::find()
        .filter(order_event::Column::OrderId.is_in(orders.iter().map(|order| order.id)))
        .order_by_asc(order_event::Column::OrderId)
        .order_by_asc(order_event::Column::Seq)
        .all(moment)
        .await
        .map_err(store_error)?;
    let mut by_order: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        by_order.entry(row.order_id).or_default().push(row);
    }
    Ok(by_order)
}
