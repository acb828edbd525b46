use actix_web::http::header::ETAG;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use domain::ids::DispatchId;
use domain::order::DispatchStatus;
use domain::people::Sight;
use domain::ports::DispatchQuery;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::extract::{Caller, Cursor, Id, Limit, Query};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::view::{DispatchView, Page};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    /// `mine`: sent to the unit that I work for.
    #[serde(default)]
    #[param(inline)]
    #[expect(dead_code, reason = "there is one view; naming it keeps the address stable when others come")]
    view: WhichDispatches,
    #[param(value_type = Option<String>, example = "sent")]
    status: Option<DispatchStatus>,
    cursor: Option<String>,
    /// 1 to 100; 20 where it is left out.
    #[param(value_type = Option<u16>)]
    limit: Option<Limit>,
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum WhichDispatches {
    #[default]
    Mine,
}

/// Dispatches to my unit, newest first. Returned and recalled ones stay in the list, without what was on lease.
#[utoipa::path(tag = "dispatches", security(("token" = [])), params(ListQuery),
    responses((status = 200, body = Page<DispatchView>), (status = 403, body = ProblemBody)))]
#[get("/dispatches")]
pub(super) async fn list(app: Data<App>, caller: Caller, Query(query): Query<ListQuery>) -> Answer {
    let actor = caller.actor;
    let partners = Sight::of(&actor).partners;
    if partners.is_empty() {
        return Err(Problem::new(Code::NotPermitted, "派单列表只对承办单位开放"));
    }
    let slice = Cursor::slice(query.cursor.as_deref(), query.limit)?;
    let wanted = DispatchQuery { partners, status: query.status, slice };
    let rows = app.stores.orders.list_dispatches(&wanted).await?;
    let (rows, next_cursor) = Cursor::cut(slice, rows, |(dispatch, _)| dispatch.id.to_string());
    let (dispatches, orders): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    let scene = app.scene_of(&actor, &orders).await?;
    let items: Vec<_> =
        dispatches.iter().zip(&orders).map(|(dispatch, order)| DispatchView::new(&scene, order, dispatch)).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// One dispatch.
#[utoipa::path(tag = "dispatches", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = DispatchView), (status = 404, body = ProblemBody)))]
#[get("/dispatches/{id}")]
pub(super) async fn one(app: Data<App>, caller: Caller, Id(id): Id<DispatchId>) -> Answer {
    let actor = caller.actor;
    let order = app.stores.orders.find_by_dispatch(id, &Sight::of(&actor)).await?.ok_or_else(Problem::not_found)?;
    let dispatch = order.dispatch(id).filter(|d| d.is_seen_by(&actor, &order)).ok_or_else(Problem::not_found)?;
    let scene = app.scene_of(&actor, std::slice::from_ref(&order)).await?;
    let etag = (ETAG, format!("\"{}\"", order.version));
    Ok(HttpResponse::Ok().insert_header(etag).json(DispatchView::new(&scene, &order, dispatch)))
}
