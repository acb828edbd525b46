//! The service lists as those keep them whose lists they are: a community's own, and the catalogue of a place above it.

mod body;
mod view;

use std::collections::HashMap;

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, put};
use domain::ids::{PersonId, PlaceId};
use domain::people::Actor;
use domain::people::access::Operation;
use domain::place::Level;
use domain::ports::SavedService;
use domain::service::{Service, is_key};
use utoipa_actix_web::service_config::ServiceConfig;

use self::body::ServiceBody;
use self::view::{KeptServiceView, ServiceVersionView};
pub(super) use self::view::{ServiceInFullView, ServiceView};
use crate::app::App;
use crate::extract::{Caller, Cursor, Id, PageQuery, Post, Query};
use crate::names::Book;
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::view::Page;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(kept).service(save).service(take_off).service(versions);
}

/// What the place's list says, closed lines included; of a community also what catalogues above it give.
#[utoipa::path(tag = "services", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = Page<KeptServiceView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/places/{id}/services")]
async fn kept(app: Data<App>, caller: Caller, Id(id): Id<PlaceId>) -> Answer {
    let book = app.names.fresh_book().await?;
    must_keep(&caller.actor, Operation::ServicesKept, id, &book)?;
    let lines: Vec<&Service> = match book.tree().community_of(id) {
        Some(community) => book.services_of(community).collect(),
        None => book.services_kept_by(id).collect(),
    };
    let items = lines.into_iter().map(|service| KeptServiceView::new(&book, id, service)).collect();
    Ok(HttpResponse::Ok().json(Page::<KeptServiceView> { items, next_cursor: None }))
}

/// Add a line to the list, or change one: what the community offers from now on. Orders keep the version that they were
/// placed under. A community that changes a line of a catalogue above it adapts that line for itself.
#[utoipa::path(tag = "services", security(("token" = [])), params(("id" = Uuid, Path), ("key" = String, Path, example = "repair")),
    request_body = ServiceBody,
    responses((status = 200, body = KeptServiceView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, description = "service_changed", body = ProblemBody), (status = 422, body = ProblemBody)))]
#[put("/places/{id}/services/{key}")]
async fn save(app: Data<App>, path: Path<(String, String)>, post: Post<ServiceBody>) -> Answer {
    let Post { asking, body, .. } = post;
    let book = app.names.fresh_book().await?;
    let (place, key) = line(path.into_inner())?;
    must_keep(&asking.actor, Operation::ServicesSave, place, &book)?;
    if !is_key(&key) {
        return Err(Problem::field("", "服务代号应为 1 至 40 个小写字母、数字或下划线，例如 repair"));
    }
    let known = book.services_kept_by(place).find(|service| service.key == key);
    let standing = known.map_or(0, |service| service.version);
    let (seen, closed) = (body.version.unwrap_or(standing), body.closed);
    let offer = body.offer(place, &book)?;
    let service = Service { place, key, version: seen, offer, closed };
    match app.stores.services.save(&service, asking.actor.person, app.clock.now()).await? {
        SavedService::Saved(version) => {
            app.names.forget();
            Ok(HttpResponse::Ok().json(KeptServiceView::new(&book, place, &Service { version, ..service })))
        }
        SavedService::Changed(version) => {
            let detail = format!("这项服务刚被别人改过，现在是第 {version} 版，请看过最新内容再修改");
            Err(Problem::new(Code::ServiceChanged, detail))
        }
    }
}

/// Take the place's own line off its list, so that the catalogue above it holds again.
#[utoipa::path(tag = "services", security(("token" = [])), params(("id" = Uuid, Path), ("key" = String, Path, example = "repair")),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, description = "no_catalogue", body = ProblemBody)))]
#[delete("/places/{id}/services/{key}")]
async fn take_off(app: Data<App>, caller: Caller, path: Path<(String, String)>) -> Answer {
    let book = app.names.fresh_book().await?;
    let (place, key) = line(path.into_inner())?;
    must_keep(&caller.actor, Operation::ServicesTakeOff, place, &book)?;
    let mut above = book.tree().upwards(place).skip(1);
    if !above.any(|above| book.services_kept_by(above.id).any(|service| service.key == key)) {
        return Err(Problem::new(Code::NoCatalogue, "上级目录里没有这项服务；不再提供时，请把它设为停办"));
    }
    if !app.stores.services.drop_line(place, &key).await? {
        return Err(Problem::not_found());
    }
    app.names.forget();
    Ok(HttpResponse::NoContent().finish())
}

/// Every version of a line, the newest first.
#[utoipa::path(tag = "services", security(("token" = [])), params(("id" = Uuid, Path), ("key" = String, Path, example = "repair"), PageQuery),
    responses((status = 200, body = Page<ServiceVersionView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/places/{id}/services/{key}/versions")]
async fn versions(
    app: Data<App>,
    caller: Caller,
    path: Path<(String, String)>,
    Query(page): Query<PageQuery>,
) -> Answer {
    let book = app.names.book().await?;
    let (place, key) = line(path.into_inner())?;
    must_keep(&caller.actor, Operation::ServicesVersions, place, &book)?;
    let slice = Cursor::slice::<u32>(page.cursor.as_deref(), page.limit)?;
    let versions = app.stores.services.versions(place, &key, slice.before, slice.limit).await?;
    let (versions, next_cursor) = Cursor::cut(slice, versions, |version| version.version.to_string());
    let makers: Vec<_> = versions.iter().filter_map(|version| version.made_by).collect();
    let names: HashMap<_, _> = app.stores.people.nicknames(&makers).await?.into_iter().collect();
    let name = |by: Option<PersonId>| by.and_then(|by| names.get(&by).cloned());
    let items = versions.into_iter().map(|version| ServiceVersionView::new(name(version.made_by), version)).collect();
    Ok(HttpResponse::Ok().json(Page::<ServiceVersionView> { items, next_cursor }))
}

fn line((place, key): (String, String)) -> Result<(PlaceId, String), Problem> {
    Ok((place.parse().map_err(|_| Problem::not_found())?, key))
}

/// Lists stand in communities and above them; a place of others looks like none.
pub(super) fn must_keep(actor: &Actor, operation: Operation, id: PlaceId, book: &Book) -> Result<(), Problem> {
    let place = book.tree().get(id).filter(|place| place.level <= Level::Community);
    let is_kept = place.is_some() && actor.governs(operation, Some(id), book.tree());
    if is_kept { Ok(()) } else { Err(Problem::not_found()) }
}
