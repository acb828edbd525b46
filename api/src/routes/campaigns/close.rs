use actix_web::http::StatusCode;
use actix_web::post;
use actix_web::web::Data;
use domain::campaign::{Closed, close as end};
use domain::ids::CampaignId;
use domain::people::access::Operation;
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::CampaignView;
use crate::app::App;
use crate::extract::{Id, Post};
use crate::problem::{Answer, ProblemBody};

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CloseCampaign {}

/// Close it: no more households and visits, and partners see it no longer. Closed again, it stays as it was closed.
#[utoipa::path(tag = "campaigns", security(("token" = [])), request_body = CloseCampaign,
    params(("id" = Uuid, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key and body give the same answer")),
    responses((status = 200, body = CampaignView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[post("/campaigns/{id}/close")]
pub(super) async fn close(app: Data<App>, Id(id): Id<CampaignId>, Post { asking, .. }: Post<CloseCampaign>) -> Answer {
    let actor = &asking.actor;
    let mut campaign = app.campaign(actor, Operation::CampaignsClose, id).await?;
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    let now = app.clock.now();
    if let Closed::Now(closed) = end(&campaign, actor.person, now) {
        campaign = match app.stores.campaigns.close(id, actor.person, now).await? {
            true => closed,
            // Somebody else was faster.
            false => app.campaign(actor, Operation::CampaignsClose, id).await?,
        };
    }
    let view = CampaignView::new(&*app.names.book().await?, &campaign);
    app.answer_and_keep(&asking, StatusCode::OK, &view).await
}
