use actix_web::post;
use actix_web::web::Data;
use domain::ids::{AttachmentId, OrderId};
use domain::people::Sight;
use domain::people::access::{Operation, permits};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::submit::at_most_nine;
use crate::app::App;
use crate::extract::{Body, Caller, Id};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::view::OrderView;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Clear {
    /// Photos of the order that nobody but the desk shall see.
    #[serde(default)]
    #[garde(custom(at_most_nine))]
    hide: Vec<Uuid>,
}

/// Say that somebody looked at the words and photos of the order, and nothing is wrong with them (内容核查).
///
/// What WeChat found risky stays hidden.
#[utoipa::path(tag = "orders", security(("token" = [])), params(("id" = Uuid, Path)), request_body = Clear,
    responses((status = 200, body = OrderView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[post("/orders/{id}/clear")]
pub(super) async fn clear(app: Data<App>, caller: Caller, Id(id): Id<OrderId>, Body(body): Body<Clear>) -> Answer {
    let order = app.stores.orders.find(id, &Sight::of(&caller.actor)).await?.ok_or_else(Problem::not_found)?;
    let may = |role| permits(Operation::OrdersClear, role);
    if !caller.actor.hats(&order).into_iter().any(|hat| hat.role().is_some_and(may)) {
        return Err(Problem::new(Code::NotPermitted, "内容核查只对本社区经办人员开放"));
    }
    let hidden: Vec<_> = body.hide.into_iter().map(AttachmentId).collect();
    app.stores.content.clear(id, order.version, &hidden).await?;
    let scene = app.scene_of(&caller.actor, std::slice::from_ref(&order)).await?;
    Ok(actix_web::HttpResponse::Ok().json(OrderView::new(&scene, &order)))
}
