use actix_web::http::StatusCode;
use actix_web::post;
use actix_web::web::Data;
use domain::campaign::{Draft, open as begin};
use domain::ids::{CampaignId, OrderId, PartnerId};
use domain::notice::notices_of_campaign;
use domain::people::Sight;
use domain::people::access::Operation;

use super::body::OpenCampaign;
use super::view::CampaignView;
use crate::app::App;
use crate::extract::Post;
use crate::problem::{Answer, Problem, ProblemBody};

/// Begin a campaign out of an order (专项行动): what it is for, what is handed out, who goes along. Those who work for a partner
/// that goes along are told.
#[utoipa::path(tag = "campaigns", security(("token" = [])), request_body = OpenCampaign,
    params(("Idempotency-Key" = Option<String>, Header, description = "the same key and body give the same answer")),
    responses((status = 201, body = CampaignView), (status = 403, body = ProblemBody),
        (status = 409, description = "campaign_impossible", body = ProblemBody), (status = 422, body = ProblemBody)))]
#[post("/campaigns")]
pub(super) async fn open(app: Data<App>, Post { asking, body, .. }: Post<OpenCampaign>) -> Answer {
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    let (actor, now) = (&asking.actor, app.clock.now());
    let found = app.stores.orders.find(OrderId(body.order_id), &Sight::of(actor)).await?;
    // One's own orders elsewhere are no reason to knock at doors there.
    let order = found.filter(|order| actor.covers(Operation::CampaignsOpen, order.community));
    let order = order.ok_or_else(|| Problem::field("/order_id", "没有找到这个订单，请从本社区的订单里选择"))?;
    let book = app.names.book().await?;
    let works_here = |partner: PartnerId| {
        book.partner(partner).is_some_and(|partner| partner.works_in(order.community.into(), book.tree()))
    };
    let id = CampaignId(app.ids.at(now));
    let campaign = begin(id, &order, Draft::from(body), works_here, actor.person, now)?;
    let notices = notices_of_campaign(&campaign, &book.community_name(order.community).unwrap_or_default());
    let write = async |answer: Option<&_>| Ok(app.stores.campaigns.open(&campaign, &notices, answer).await?);
    let answer = app.answer_once(&asking, StatusCode::CREATED, &CampaignView::new(&book, &campaign), write).await;
    app.wake.notify_one();
    answer
}
