use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition};

use domain::campaign::{CampaignSight, Share};

use crate::entity::{campaign, campaign_partner, household};

/// The part of a WHERE that keeps a campaign from those who may not see it.
pub(super) fn in_sight(sight: &CampaignSight) -> Condition {
    let communities = sight.desks.iter().map(|(community, _)| community.0).chain(sight.grids.iter().map(|id| id.0));
    // `IN ()` is false, as it should be.
    let mut any = Condition::any().add(campaign::Column::CommunityId.is_in(communities));
    if !sight.partners.is_empty() {
        let named = Query::select()
            .expr(Expr::val(1))
            .from(campaign_partner::Entity)
            .and_where(
                Expr::col((campaign_partner::Entity, campaign_partner::Column::CampaignId))
                    .equals((campaign::Entity, campaign::Column::Id)),
            )
            .and_where(campaign_partner::Column::PartnerId.is_in(sight.partners.iter().map(|id| id.0)))
            .take();
        any = any.add(Condition::all().add(campaign::Column::ClosedAt.is_null()).add(Expr::exists(named)));
    }
    any
}

/// The households of a campaign that is in sight.
pub(super) fn in_share(share: &Share) -> Condition {
    match share {
        Share::All => Condition::all(),
        Share::Some { compounds, partners } => Condition::any()
            .add(household::Column::CompoundId.is_in(compounds.iter().map(|id| id.0)))
            .add(household::Column::PartnerId.is_in(partners.iter().map(|id| id.0))),
    }
}
