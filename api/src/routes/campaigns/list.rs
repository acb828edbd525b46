use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use domain::ids::{CampaignId, OrderId};
use domain::people::access::Operation;
use domain::ports::CampaignQuery;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::view::{CampaignTotalsView, CampaignView};
use crate::app::App;
use crate::extract::{Caller, Cursor, Id, Limit, Query};
use crate::problem::{Answer, ProblemBody};
use crate::view::Page;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct CampaignsQuery {
    /// Only those that grew out of this order.
    order_id: Option<Uuid>,
    /// Only those that are open, or only those that are closed.
    open: Option<bool>,
    cursor: Option<String>,
    /// 1 to 100; 20 where it is left out.
    #[param(value_type = Option<u16>)]
    limit: Option<Limit>,
}

/// Campaigns of the community, or those that name one's unit; newest first.
#[utoipa::path(tag = "campaigns", security(("token" = [])), params(CampaignsQuery),
    responses((status = 200, body = Page<CampaignView>), (status = 403, body = ProblemBody)))]
#[get("/campaigns")]
pub(super) async fn list(app: Data<App>, caller: Caller, Query(query): Query<CampaignsQuery>) -> Answer {
    let slice = Cursor::slice::<CampaignId>(query.cursor.as_deref(), query.limit)?;
    let sight = app.campaign_sight(&caller.actor, Operation::CampaignsList).await?;
    let wanted = CampaignQuery { sight, order: query.order_id.map(OrderId), open: query.open, slice };
    let campaigns = app.stores.campaigns.campaigns(&wanted).await?;
    let (campaigns, next_cursor) = Cursor::cut(slice, campaigns, |campaign| campaign.id.to_string());
    let book = app.names.book().await?;
    let items: Vec<_> = campaigns.iter().map(|campaign| CampaignView::new(&book, campaign)).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// One campaign.
#[utoipa::path(tag = "campaigns", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = CampaignView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/campaigns/{id}")]
pub(super) async fn one(app: Data<App>, caller: Caller, Id(id): Id<CampaignId>) -> Answer {
    let campaign = app.campaign(&caller.actor, Operation::CampaignsOne, id).await?;
    Ok(HttpResponse::Ok().json(CampaignView::new(&*app.names.book().await?, &campaign)))
}

/// What it has come to: doors by round and outcome, things by kind.
#[utoipa::path(tag = "campaigns", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = CampaignTotalsView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/campaigns/{id}/totals")]
pub(super) async fn totals(app: Data<App>, caller: Caller, Id(id): Id<CampaignId>) -> Answer {
    let campaign = app.campaign(&caller.actor, Operation::CampaignsTotals, id).await?;
    let totals = app.stores.campaigns.totals(&campaign).await?;
    Ok(HttpResponse::Ok().json(CampaignTotalsView::from(&totals)))
}
