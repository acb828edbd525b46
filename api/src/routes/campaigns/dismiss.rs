use actix_web::http::StatusCode;
use actix_web::post;
use actix_web::web::Data;
use domain::campaign::dismiss as take_out;
use domain::ids::{CampaignId, PartnerId};
use domain::people::access::Operation;
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::CampaignView;
use crate::app::App;
use crate::extract::{Id, Post};
use crate::problem::{Answer, ProblemBody};

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DismissPartner {
    /// Of the campaign's.
    #[garde(skip)]
    partner_id: Uuid,
}

/// Take a partner out of an open campaign (退出参与单位): it sees it no longer, and its doors are given to nobody. Its visits stay.
#[utoipa::path(tag = "campaigns", security(("token" = [])), request_body = DismissPartner,
    params(("id" = Uuid, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key and body give the same answer")),
    responses((status = 200, body = CampaignView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, description = "campaign_closed", body = ProblemBody), (status = 422, body = ProblemBody)))]
#[post("/campaigns/{id}/dismiss")]
pub(super) async fn dismiss(app: Data<App>, Id(id): Id<CampaignId>, post: Post<DismissPartner>) -> Answer {
    let Post { asking, body, .. } = post;
    let campaign = app.campaign(&asking.actor, Operation::CampaignsDismiss, id).await?;
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    let partner = PartnerId(body.partner_id);
    let view = CampaignView::new(&*app.names.book().await?, &take_out(&campaign, partner)?);
    let write = async |answer: Option<&_>| Ok(app.stores.campaigns.dismiss(id, partner, answer).await??);
    app.answer_once(&asking, StatusCode::OK, &view, write).await
}
