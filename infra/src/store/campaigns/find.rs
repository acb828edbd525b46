use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use domain::campaign::{Campaign, CampaignSight};
use domain::ids::CampaignId;
use domain::ports::{CampaignQuery, StoreError};

use super::row::whole;
use super::sight::in_sight;
use crate::database::store_error;
use crate::entity::campaign::{Column, Entity};
use crate::vault::Vault;

pub(super) async fn page(
    db: &impl ConnectionTrait,
    vault: &Vault,
    query: &CampaignQuery,
) -> Result<Vec<Campaign>, StoreError> {
    let rows = Entity::find()
        .filter(in_sight(&query.sight))
        .apply_if(query.order, |rows, order| rows.filter(Column::OrderId.eq(order.0)))
        .apply_if(query.open, |rows, open| {
            rows.filter(if open { Column::ClosedAt.is_null() } else { Column::ClosedAt.is_not_null() })
        })
        .apply_if(query.slice.before, |rows, before| rows.filter(Column::Id.lt(before.0)))
        .order_by_desc(Column::Id)
        .limit(u64::from(query.slice.limit))
        .all(db)
        .await
        .map_err(store_error)?;
    whole(db, vault, rows).await
}

pub(super) async fn one(
    db: &impl ConnectionTrait,
    vault: &Vault,
    id: CampaignId,
    sight: &CampaignSight,
) -> Result<Option<Campaign>, StoreError> {
    let row = Entity::find_by_id(id.0).filter(in_sight(sight)).one(db).await.map_err(store_error)?;
    Ok(whole(db, vault, row.into_iter().collect()).await?.pop())
}
