use actix_web::http::StatusCode;
use actix_web::post;
use actix_web::web::Data;
use domain::ids::{MediationId, OrderId, PersonId};
use domain::mediation::{CaseError, Opening, Refusal};
use domain::order::{Order, Visibility};
use domain::people::{Hat, Sight};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::reply::Writer;
use super::{MediationView, step};
use crate::app::App;
use crate::extract::{Id, Post};
use crate::problem::{Answer, Problem, ProblemBody};

/// What stands for the name of somebody who never told one.
const NAMELESS: &str = "居民";

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Appoint {
    /// A grid worker, clerk, partner's worker, volunteer or another secretary of the community: see `GET /v1/memberships`. Nobody
    /// appoints themselves.
    #[garde(skip)]
    mediator_id: Uuid,
}

/// Appoint a mediator for a quarrel between neighbours (指定调解员); for the secretary.
///
/// From then on the mediator reads the order, and the secretary does not: `POST /v1/orders/{id}/reveal` shows its words for a
/// purpose, which the resident can read. The order takes no comments, dispatches and on-site records any more.
#[utoipa::path(tag = "mediations", security(("token" = [])), request_body = Appoint,
    params(("id" = Uuid, Path, description = "the order's"),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key and body give the same answer")),
    responses((status = 201, body = MediationView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, description = "not_for_mediation, wrong_state", body = ProblemBody), (status = 422, body = ProblemBody)))]
#[post("/orders/{id}/mediation")]
pub(super) async fn open(app: Data<App>, Id(id): Id<OrderId>, post: Post<Appoint>) -> Answer {
    let asking = &post.asking;
    let order = app.stores.orders.find(id, &Sight::of(&asking.actor)).await?.ok_or_else(Problem::not_found)?;
    if !asking.actor.hats(&order).contains(&Hat::Secretary) {
        return Err(CaseError::Refused(Refusal::ForTheSecretary).into());
    }
    if let Some(answer) = app.replay(asking).await? {
        return Ok(answer);
    }
    let mediator = app.candidate(PersonId(post.body.mediator_id)).await?;
    let (name, phone) = first_party(&order);
    let writer = Writer { app: &app, actor: &asking.actor, status: StatusCode::CREATED };
    let opened = app.mediations.open(asking, id, &Opening { mediator, name, phone }, &writer).await;
    app.finish_step(asking, opened).await
}

step! {
    /// Give the case to another mediator (更换调解员); for the secretary. The former one sees nothing of it from now on; those who
    /// take part are told, and read who took over in `GET /v1/me/data-access`.
    "/mediations/{id}/replace_mediator", replace_mediator(Appoint) |app, post, id| {
        let asking = &post.asking;
        let (case, _) = app.mediations.seen(asking, id).await?;
        if !domain::mediation::Sight::of(&asking.actor, app.clock.now()).offices.contains(&case.community) {
            return Err(CaseError::Refused(Refusal::ForTheSecretary).into());
        }
        if let Some(answer) = app.replay(asking).await? {
            return Ok(answer);
        }
        let mediator = app.candidate(PersonId(post.body.mediator_id)).await?;
        let writer = Writer { app: &app, actor: &asking.actor, status: StatusCode::OK };
        let replaced = app.mediations.replace(asking, id, &mediator, &writer).await;
        app.finish_step(asking, replaced).await
    }
}

/// As the order calls them, where it does so openly. Whoever gave neither name nor number there gives them in the case, if at
/// all: what stands in the account was told to nobody else.
fn first_party(order: &Order) -> (String, Option<String>) {
    let contact = order.content.contact.as_ref().filter(|_| order.content.visibility == Visibility::Normal);
    let (name, phone) = contact.map(|contact| (contact.name.clone(), contact.phone.clone())).unwrap_or_default();
    (name.unwrap_or_else(|| NAMELESS.to_owned()), phone)
}
