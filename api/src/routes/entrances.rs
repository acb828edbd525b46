//! Entrance codes (入口码) on the walls: made and taken down by staff, scanned by anybody.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, post};
use chrono::{DateTime, FixedOffset};
use domain::ids::{CommunityId, EntranceId, PlaceId};
use domain::people::access::Operation;
use domain::place::{Entrance, Scene};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use wechat_adapter::UnlimitedCode;

use super::orders::no_such_service;
use crate::app::App;
use crate::extract::{Caller, Cursor, Id, PageQuery, Post, Query, optional};
use crate::names::Book;
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::view::{Page, local};

/// Which page of the mini-program a code opens.
const PAGE: &str = "pages/order/new";
/// Pixels: enough for a poster. WeChat makes 280 to 1280.
const WIDTH: u16 = 1280;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(make).service(list).service(code).service(take_down).service(open);
}

/// Where a code leads: the whole community, one of its compounds, a building, a service.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewEntrance {
    /// A compound of the community, by name.
    #[garde(custom(optional("小区", 50)))]
    #[schema(example = "西苑小区")]
    compound: Option<String>,
    #[garde(custom(optional("楼栋", 20)))]
    #[schema(example = "3号楼")]
    building: Option<String>,
    /// From the community's service list.
    #[garde(custom(optional("服务项目", 64)))]
    #[schema(example = "repair")]
    service_key: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct EntranceView {
    id: Uuid,
    /// What the scanned code says.
    #[schema(example = "e01z0zhja98765432")]
    scene: String,
    made_at: DateTime<FixedOffset>,
    #[serde(flatten)]
    leads_to: DestinationView,
}

/// What the order form is opened with.
#[derive(Serialize, ToSchema)]
struct DestinationView {
    community_id: Uuid,
    #[schema(example = "西苑社区")]
    community_name: Option<String>,
    #[schema(example = "西苑小区")]
    compound: Option<String>,
    #[schema(example = "3号楼")]
    building: Option<String>,
    #[schema(example = "repair")]
    service_key: Option<String>,
    #[schema(example = "公共设施报修")]
    service_name: Option<String>,
}

impl EntranceView {
    fn new(book: &Book, entrance: &Entrance) -> Self {
        Self {
            id: entrance.id.0,
            scene: entrance.scene.as_str().to_owned(),
            made_at: local(entrance.made_at),
            leads_to: DestinationView::new(book, entrance),
        }
    }
}

impl DestinationView {
    /// A service that was closed since is left out: the place is still right.
    fn new(book: &Book, entrance: &Entrance) -> Self {
        let service = entrance.service_key.as_deref().and_then(|key| book.service(entrance.community, key));
        let service = service.filter(|service| !service.closed);
        Self {
            community_id: entrance.community.0,
            community_name: book.community_name(entrance.community),
            compound: entrance.compound.map(|compound| book.tree().name(compound).to_owned()),
            building: entrance.building.clone(),
            service_key: service.map(|service| service.key.clone()),
            service_name: service.map(|service| service.offer.name.clone()),
        }
    }
}

/// Make a code for a wall; for staff of the community.
#[utoipa::path(tag = "entrances", security(("token" = [])), params(("id" = Uuid, Path)), request_body = NewEntrance,
    responses((status = 201, body = EntranceView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[post("/communities/{id}/entrances")]
async fn make(app: Data<App>, Id(community): Id<CommunityId>, post: Post<NewEntrance>) -> Answer {
    let Post { asking, body, .. } = post;
    if !asking.actor.covers(Operation::EntrancesMake, community) {
        return Err(Problem::not_found());
    }
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    let (book, now) = (app.names.book().await?, app.clock.now());
    let entrance = Entrance {
        id: EntranceId(app.ids.at(now)),
        scene: Scene::new(app.ids.salt()),
        community,
        compound: body.compound.map(|name| compound(&book, community, &name)).transpose()?,
        building: body.building,
        service_key: body.service_key.map(|key| service(&book, community, key)).transpose()?,
        made_by: asking.actor.person,
        made_at: now,
    };
    let write = async |answer: Option<&_>| Ok(app.stores.entrances.add(&entrance, answer).await?);
    app.answer_once(&asking, StatusCode::CREATED, &EntranceView::new(&book, &entrance), write).await
}

fn compound(book: &Book, community: CommunityId, name: &str) -> Result<PlaceId, Problem> {
    let found = book.tree().compound_named(community, name);
    found.ok_or_else(|| Problem::field("/compound", "这个社区没有这个小区，请从列表里选择"))
}

fn service(book: &Book, community: CommunityId, key: String) -> Result<String, Problem> {
    let is_offered = book.service(community, &key).is_some_and(|service| !service.closed);
    if is_offered { Ok(key) } else { Err(no_such_service()) }
}

/// The codes that hang in the community, newest first; for its staff.
#[utoipa::path(tag = "entrances", security(("token" = [])), params(("id" = Uuid, Path), PageQuery),
    responses((status = 200, body = Page<EntranceView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/communities/{id}/entrances")]
async fn list(
    app: Data<App>,
    caller: Caller,
    Id(community): Id<CommunityId>,
    Query(query): Query<PageQuery>,
) -> Answer {
    if !caller.actor.covers(Operation::EntrancesList, community) {
        return Err(Problem::not_found());
    }
    let slice = Cursor::slice(query.cursor.as_deref(), query.limit)?;
    let entrances = app.stores.entrances.entrances_of(community, slice).await?;
    let (entrances, next_cursor) = Cursor::cut(slice, entrances, |entrance| entrance.id.to_string());
    let book = app.names.book().await?;
    let items: Vec<_> = entrances.iter().map(|entrance| EntranceView::new(&book, entrance)).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct CodeQuery {
    /// Of which mini-program; the main one where it is left out.
    app_id: Option<String>,
}

/// The code as a picture to print, made by WeChat.
#[utoipa::path(tag = "entrances", security(("token" = [])), params(("id" = Uuid, Path), CodeQuery),
    responses((status = 200, content_type = "image/png"), (status = 404, body = ProblemBody),
        (status = 502, description = "wechat_unavailable", body = ProblemBody)))]
#[get("/entrances/{id}/code")]
async fn code(app: Data<App>, caller: Caller, Id(id): Id<EntranceId>, Query(query): Query<CodeQuery>) -> Answer {
    let entrance = app.stores.entrances.find_entrance(id).await?;
    let entrance = entrance.filter(|e| caller.actor.covers(Operation::EntrancesCode, e.community));
    let entrance = entrance.ok_or_else(Problem::not_found)?;
    let program = app.apps.program(query.app_id.as_deref());
    let program = program.ok_or_else(|| Problem::field("/app_id", "这个小程序不由本系统服务，请检查 app_id"))?;
    let wanted = UnlimitedCode::new(entrance.scene.as_str()).with_page(PAGE).with_width(WIDTH);
    let picture = program.client.unlimited_code(&wanted).await.map_err(|error| {
        tracing::warn!(%error, "wechat.code was not made");
        Problem::new(Code::WechatUnavailable, "微信暂时没有生成小程序码，请稍后再试；多次失败请联系管理员")
            .because(error)
    })?;
    let kind = if picture.starts_with(b"\x89PNG") { "image/png" } else { "image/jpeg" };
    Ok(HttpResponse::Ok().content_type(kind).body(picture))
}

/// Take a code down: whoever scans it is told that it leads nowhere any more.
#[utoipa::path(tag = "entrances", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
#[delete("/entrances/{id}")]
async fn take_down(app: Data<App>, caller: Caller, Id(id): Id<EntranceId>) -> Answer {
    let entrance = app.stores.entrances.find_entrance(id).await?;
    let entrance = entrance.filter(|e| caller.actor.covers(Operation::EntrancesTakeDown, e.community));
    entrance.ok_or_else(Problem::not_found)?;
    app.stores.entrances.take_down(id, app.clock.now()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Where a scanned code leads.
#[utoipa::path(tag = "entrances", params(("scene" = String, Path, example = "e01z0zhja98765432")),
    responses((status = 200, body = DestinationView), (status = 404, body = ProblemBody)))]
#[get("/scenes/{scene}")]
async fn open(app: Data<App>, scene: Path<String>) -> Answer {
    let unknown = || Problem::new(Code::NotFound, "这个二维码已失效，请从小程序首页选择社区下单");
    let scene = Scene::read(&scene).ok_or_else(unknown)?;
    let entrance = app.stores.entrances.find_by_scene(&scene).await?.ok_or_else(unknown)?;
    Ok(HttpResponse::Ok().json(DestinationView::new(&*app.names.book().await?, &entrance)))
}
