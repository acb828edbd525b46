//! Calls that the desk makes because no message reached somebody (电话告知).

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, FixedOffset};
use domain::ids::DeliveryId;
use domain::notice::because;
use domain::people::Area;
use domain::people::access::Operation;
use domain::ports::{CallMade, CallTask};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::extract::{Caller, Cursor, Id, PageQuery, Post, Query};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::view::{Page, local};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(made);
}

/// Somebody who is to be called. Name and number are revealed from the order.
#[derive(Serialize, ToSchema)]
struct CallTaskView {
    id: Uuid,
    order_id: Uuid,
    #[schema(example = "XY-20261123-0042")]
    order_number: String,
    /// Of sealed matters not the service itself.
    #[schema(example = "公共设施报修")]
    service_name: String,
    /// `requester`, `beneficiary` (for whom it was ordered), `follower` (whose own order was merged into this one) or `staff`.
    #[schema(example = "requester")]
    who: &'static str,
    /// What the person was to be told.
    #[schema(example = "visit_planned")]
    kind: &'static str,
    /// What is to be said.
    #[schema(example = "上门时间已定")]
    title: &'static str,
    #[schema(example = "公共设施报修（11月24日 09:00 上门）：承办单位将按此时间上门。")]
    text: String,
    /// Why a message does not do.
    #[schema(example = "居民未订阅")]
    why: String,
    /// When it happened.
    at: DateTime<FixedOffset>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Made {
    /// Whether somebody answered. In either case the call is over.
    #[garde(skip)]
    reached: bool,
}

#[derive(Serialize, ToSchema)]
struct MadeView {
    id: Uuid,
    reached: bool,
    at: DateTime<FixedOffset>,
}

impl CallTaskView {
    fn new(task: &CallTask) -> Self {
        let words = task.words();
        Self {
            id: task.id.0,
            order_id: task.order.0,
            order_number: task.order_number.clone(),
            who: task.whom.into(),
            kind: task.kind.into(),
            title: words.title,
            text: words.sentence(),
            service_name: words.matter,
            why: because(task.side, task.after),
            at: local(task.at),
        }
    }
}

/// Who is to be called, newest first; for the desk.
#[utoipa::path(tag = "calls", security(("token" = [])), params(PageQuery),
    responses((status = 200, body = Page<CallTaskView>), (status = 403, body = ProblemBody)))]
#[get("/calls")]
async fn list(app: Data<App>, caller: Caller, Query(query): Query<PageQuery>) -> Answer {
    let slice = Cursor::slice::<DeliveryId>(query.cursor.as_deref(), query.limit)?;
    let area = Area::of_orders(&caller.actor, Operation::CallsList);
    let calls = app.stores.calls.calls(&area, slice).await?;
    let (calls, next_cursor) = Cursor::cut(slice, calls, |call| call.id.to_string());
    let items: Vec<_> = calls.iter().map(CallTaskView::new).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// Say that the call was made. Said again by the same person, it changes nothing.
#[utoipa::path(tag = "calls", security(("token" = [])), request_body = Made,
    params(("id" = Uuid, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key and body give the same answer")),
    responses((status = 200, body = MadeView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, description = "call_made", body = ProblemBody)))]
#[post("/calls/{id}/made")]
async fn made(app: Data<App>, Id(id): Id<DeliveryId>, Post { asking, body, .. }: Post<Made>) -> Answer {
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    let area = Area::of_orders(&asking.actor, Operation::CallsMade);
    let made = CallMade { by: asking.actor.person, reached: body.reached, at: app.clock.now() };
    let first = app.stores.calls.call_made(&area, id, made).await?.ok_or_else(Problem::not_found)?;
    if (first.by, first.reached) != (made.by, made.reached) {
        let how = if first.reached { "已经电话告知过了" } else { "已经打过，当时没有接通" };
        return Err(Problem::new(Code::CallMade, format!("这个电话{how}，不需要再登记")));
    }
    let view = MadeView { id: id.0, reached: first.reached, at: local(first.at) };
    app.answer_and_keep(&asking, StatusCode::OK, &view).await
}
