use actix_web::http::header::ETAG;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use domain::ids::{OrderId, PlaceId};
use domain::order::OrderStatus;
use domain::people::{Actor, Desk, Sight};
use domain::ports::OrderQuery;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::app::App;
use crate::extract::{Caller, Cursor, Id, Limit, Query};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::reply::is_at_a_desk;
use crate::view::photo::photos_in;
use crate::view::{OrderView, Page, TimelineItem, sees_told, tell};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    /// Whose desk: `mine` (placed by me), `community` (my community's queue) or `assigned` (dispatched to my unit).
    #[serde(default)]
    #[param(inline)]
    view: WhichOrders,
    #[param(value_type = Option<String>, example = "submitted")]
    status: Option<OrderStatus>,
    service_key: Option<String>,
    /// Only those that lie in this grid; with `view=community`.
    grid_id: Option<Uuid>,
    /// Part of the number, the title or the description.
    q: Option<String>,
    /// Only those whose running clock has ended.
    #[serde(default)]
    overdue: bool,
    /// Only where somebody may be in danger; with `view=community`.
    #[serde(default)]
    emergency: bool,
    /// Only with words or photos that nobody has passed yet; with `view=community`, for the desk.
    #[serde(default)]
    unchecked: bool,
    cursor: Option<String>,
    /// 1 to 100; 20 where it is left out.
    #[param(value_type = Option<u16>)]
    limit: Option<Limit>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum WhichOrders {
    #[default]
    Mine,
    Community,
    Assigned,
}

impl WhichOrders {
    fn desk(self, actor: &Actor) -> Result<Desk, Problem> {
        let sight = Sight::of(actor);
        match self {
            Self::Mine => Ok(Desk::Mine(sight.persons)),
            Self::Community if sight.area.is_empty() => {
                Err(Problem::new(Code::NotPermitted, "社区订单只对社区工作人员开放"))
            }
            Self::Community => Ok(Desk::Community(sight.area)),
            Self::Assigned if sight.partners.is_empty() => {
                Err(Problem::new(Code::NotPermitted, "派单列表只对承办单位开放"))
            }
            Self::Assigned => Ok(Desk::Assigned(sight.partners)),
        }
    }
}

/// A page of orders, newest first.
#[utoipa::path(tag = "orders", security(("token" = [])), params(ListQuery),
    responses((status = 200, body = Page<OrderView>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
#[get("/orders")]
pub(super) async fn list(app: Data<App>, caller: Caller, Query(query): Query<ListQuery>) -> Answer {
    let actor = caller.actor;
    let slice = Cursor::slice(query.cursor.as_deref(), query.limit)?;
    searchable("q", query.q.as_deref())?;
    searchable("service_key", query.service_key.as_deref())?;
    if query.emergency && query.view != WhichOrders::Community {
        return Err(Problem::new(Code::BadRequest, "emergency 只能用于社区订单列表（view=community）"));
    }
    if query.unchecked && (query.view != WhichOrders::Community || !is_at_a_desk(&actor)) {
        return Err(Problem::new(Code::BadRequest, "unchecked 只能用于社区经办人员的订单列表（view=community）"));
    }
    if query.grid_id.is_some() && query.view != WhichOrders::Community {
        return Err(Problem::new(Code::BadRequest, "grid_id 只能用于社区订单列表（view=community）"));
    }
    let wanted = OrderQuery {
        desk: query.view.desk(&actor)?,
        status: query.status,
        service_key: query.service_key,
        grid: query.grid_id.map(PlaceId),
        text: query.q.filter(|q| !q.trim().is_empty()),
        emergency: query.emergency,
        unchecked: query.unchecked,
        due_before: query.overdue.then(|| app.clock.now()),
        slice,
    };
    let orders = app.stores.orders.list(&wanted).await?;
    let (orders, next_cursor) = Cursor::cut(slice, orders, |order| order.id.to_string());
    let scene = app.scene_of(&actor, &orders).await?;
    let items: Vec<_> = orders.iter().map(|order| OrderView::new(&scene, order)).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// Characters of a search; longer ones find nothing that shorter ones do not.
const LONGEST_SEARCH: usize = 100;

pub(in crate::routes) fn searchable(name: &str, text: Option<&str>) -> Result<(), Problem> {
    let is_fine = |text: &str| text.chars().count() <= LONGEST_SEARCH && !text.chars().any(char::is_control);
    if text.is_none_or(is_fine) {
        return Ok(());
    }
    Err(Problem::new(Code::BadRequest, format!("{name} 最多 {LONGEST_SEARCH} 个字，不能有换行等特殊字符")))
}

/// One order.
#[utoipa::path(tag = "orders", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = OrderView), (status = 404, body = ProblemBody)))]
#[get("/orders/{id}")]
pub(super) async fn one(app: Data<App>, caller: Caller, Id(id): Id<OrderId>) -> Answer {
    let actor = caller.actor;
    let order = app.stores.orders.find(id, &Sight::of(&actor)).await?.ok_or_else(Problem::not_found)?;
    let scene = app.scene_of(&actor, std::slice::from_ref(&order)).await?;
    let subscribe_hint = match scene.standing(&order).side() {
        Some(side) => Some(app.subscribe_hint(actor.person, side, order.status()).await?),
        None => None,
    };
    let etag = (ETAG, format!("\"{}\"", order.version));
    let view = OrderView { subscribe_hint, ..OrderView::new(&scene, &order) };
    Ok(HttpResponse::Ok().insert_header(etag).json(view))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct TimelineQuery {
    /// `next_cursor` of the page before.
    cursor: Option<i64>,
    #[param(value_type = Option<u16>)]
    limit: Option<Limit>,
}

/// What happened to an order, oldest first.
#[utoipa::path(tag = "orders", security(("token" = [])), params(("id" = Uuid, Path), TimelineQuery),
    responses((status = 200, body = Page<TimelineItem>), (status = 404, body = ProblemBody)))]
#[get("/orders/{id}/timeline")]
pub(super) async fn timeline(
    app: Data<App>,
    caller: Caller,
    Id(id): Id<OrderId>,
    Query(query): Query<TimelineQuery>,
) -> Answer {
    let actor = caller.actor;
    let sight = Sight::of(&actor);
    let slice = Cursor::slice::<OrderId>(None, query.limit)?;
    let order = app.stores.orders.find(id, &sight).await?.ok_or_else(Problem::not_found)?;
    let events = app.stores.orders.timeline(id, &sight, query.cursor.unwrap_or(0), slice.limit).await?;
    let (events, next_cursor) = Cursor::cut(slice, events, |event| event.seq.to_string());
    let photos: Vec<_> = events.iter().flat_map(photos_in).copied().collect();
    let scene = app.scene(&actor, &photos).await?;
    let mut items: Vec<_> = events.iter().filter_map(|event| TimelineItem::new(&scene, &order, event)).collect();
    if let (true, Some(first), Some(last)) = (sees_told(&actor, &order), events.first(), events.last()) {
        tell(&mut items, &app.stores.deliveries.told_of(id, first.seq - 1, last.seq).await?);
    }
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}
