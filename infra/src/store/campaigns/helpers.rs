//! To whom doors are given.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};

use domain::campaign::Refusal;
use domain::ids::{CampaignId, PartnerId};
use domain::ports::{StoreError, Which};

use crate::database::store_error;
use crate::entity::{campaign, campaign_partner, household};

pub(super) async fn assign(
    tx: &DatabaseTransaction,
    campaign: CampaignId,
    which: &Which,
    to: Option<PartnerId>,
) -> Result<Result<u64, Refusal>, StoreError> {
    if !stays_open(tx, campaign).await? {
        return Ok(Err(Refusal::Closed));
    }
    if let Some(partner) = to {
        let named = campaign_partner::Entity::find()
            .filter(campaign_partner::Column::CampaignId.eq(campaign.0))
            .filter(campaign_partner::Column::PartnerId.eq(partner.0));
        if named.one(tx).await.map_err(store_error)?.is_none() {
            return Ok(Err(Refusal::NotNamed));
        }
    }
    let assigned = household::Entity::update_many()
        .col_expr(household::Column::PartnerId, Expr::value(to.map(|partner| partner.0)))
        .filter(household::Column::CampaignId.eq(campaign.0))
        .filter(match which {
            Which::These(ids) => household::Column::Id.is_in(ids.iter().map(|id| id.0)),
            Which::InCompound(compound) => household::Column::CompoundId.eq(compound.0),
        });
    assigned.exec(tx).await.map(|done| Ok(done.rows_affected)).map_err(store_error)
}

pub(super) async fn dismiss(
    tx: &DatabaseTransaction,
    campaign: CampaignId,
    partner: PartnerId,
) -> Result<Result<(), Refusal>, StoreError> {
    if !stays_open(tx, campaign).await? {
        return Ok(Err(Refusal::Closed));
    }
    let gone = campaign_partner::Entity::delete_many()
        .filter(campaign_partner::Column::CampaignId.eq(campaign.0))
        .filter(campaign_partner::Column::PartnerId.eq(partner.0));
    if gone.exec(tx).await.map_err(store_error)?.rows_affected == 0 {
        return Ok(Err(Refusal::NotNamed));
    }
    household::Entity::update_many()
        .col_expr(household::Column::PartnerId, Expr::value(None::<uuid::Uuid>))
        .filter(household::Column::CampaignId.eq(campaign.0))
        .filter(household::Column::PartnerId.eq(partner.0))
        .exec(tx)
        .await
        .map_err(store_error)?;
    Ok(Ok(()))
}

/// Whether the campaign is open, and who helps in it stays as it is until the end of the transaction.
async fn stays_open(tx: &DatabaseTransaction, id: CampaignId) -> Result<bool, StoreError> {
    let row = campaign::Entity::find_by_id(id.0).lock_exclusive().one(tx).await.map_err(store_error)?;
    Ok(row.is_some_and(|row| row.closed_at.is_none()))
}
