//! Counts over indexes; nothing is unlocked.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use domain::campaign::{Campaign, HandedOut, Item, Totals};
use domain::ports::StoreError;

use crate::database::store_error;
use crate::entity::{campaign_visit, handed_out, household};
use crate::store::cell;

const WHAT: &str = "totals";

pub(super) async fn of(db: &impl ConnectionTrait, campaign: &Campaign) -> Result<Totals, StoreError> {
    let mut totals = Totals { households: campaign.households, ..Totals::default() };
    let now: Vec<(String, i64)> = household::Entity::find()
        .select_only()
        .column(household::Column::Outcome)
        .column_as(household::Column::Id.count(), "doors")
        .filter(household::Column::CampaignId.eq(campaign.id.0))
        .filter(household::Column::Outcome.is_not_null())
        .group_by(household::Column::Outcome)
        .into_tuple()
        .all(db)
        .await
        .map_err(store_error)?;
    for (outcome, doors) in now {
        totals.set(cell::named(WHAT, &outcome)?, cell::number(WHAT, doors)?);
    }
    let by_round: Vec<(i16, String, i64)> = campaign_visit::Entity::find()
        .select_only()
        .column(campaign_visit::Column::Round)
        .column(campaign_visit::Column::Outcome)
        .column_as(campaign_visit::Column::Id.count(), "doors")
        .filter(campaign_visit::Column::CampaignId.eq(campaign.id.0))
        .group_by(campaign_visit::Column::Round)
        .group_by(campaign_visit::Column::Outcome)
        .order_by_asc(campaign_visit::Column::Round)
        .into_tuple()
        .all(db)
        .await
        .map_err(store_error)?;
    for (round, outcome, doors) in by_round {
        totals.set_round(cell::number(WHAT, round)?, cell::named(WHAT, &outcome)?, cell::number(WHAT, doors)?);
    }
    totals.handed_out = handed_out(db, campaign).await?;
    Ok(totals)
}

async fn handed_out(db: &impl ConnectionTrait, campaign: &Campaign) -> Result<Vec<HandedOut>, StoreError> {
    use handed_out::Column;
    let sums: Vec<(i16, i64, i64)> = handed_out::Entity::find()
        .select_only()
        .column(Column::Item)
        .column_as(Expr::col(Column::Quantity).sum(), "quantity")
        // A household is let in once.
        .column_as(Expr::col(Column::VisitId).count(), "doors")
        .filter(Column::CampaignId.eq(campaign.id.0))
        .group_by(Column::Item)
        .into_tuple()
        .all(db)
        .await
        .map_err(store_error)?;
    let sums: HashMap<i16, (i64, i64)> = sums.into_iter().map(|(item, sum, doors)| (item, (sum, doors))).collect();
    let line = |(at, item): (usize, &Item)| {
        let (sum, doors) = sums.get(&cell::number(WHAT, at)?).copied().unwrap_or_default();
        let (quantity, households) = (cell::number(WHAT, sum)?, cell::number(WHAT, doors)?);
        Ok(HandedOut { item: item.name.clone(), unit: item.unit.clone(), quantity, households })
    };
    campaign.items.iter().enumerate().map(line).collect()
}
