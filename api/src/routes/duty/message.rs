use actix_web::post;
use actix_web::web::Data;
use domain::ids::CommunityId;
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::extract::{Id, Post, needed, phone_number};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::routes::orders::{Submit, place};
use crate::view::OrderView;

/// The service under which messages to the desk are ordered.
const SERVICE: &str = "message";

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct MessageBody {
    #[garde(custom(needed("留言", 1_000)))]
    #[schema(example = "请问周末可以办理老年证吗？")]
    text: String,
    /// Where to call back; only the community's desk sees it.
    #[garde(custom(phone_number))]
    #[schema(example = "13800000000")]
    phone: Option<String>,
}

/// Leave a message for the community's desk (留言). It becomes an order like any other: see `POST /v1/orders`.
#[utoipa::path(tag = "duty", security(("token" = [])), params(("id" = Uuid, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key and body give the same answer")),
    request_body = MessageBody,
    responses((status = 201, body = OrderView), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
#[post("/communities/{id}/duty/messages")]
pub(super) async fn leave_message(app: Data<App>, Id(id): Id<CommunityId>, post: Post<MessageBody>) -> Answer {
    let Post { asking, person, body: MessageBody { text, phone } } = post;
    let book = app.names.book().await?;
    let is_offered = book.service(id, SERVICE).is_some_and(|service| !service.closed);
    is_offered.then_some(()).ok_or_else(Problem::not_found)?;
    Box::pin(place(&app, Post { asking, person, body: Submit::message(id, SERVICE, text, phone) })).await
}
