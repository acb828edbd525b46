//! Communities and their service lists: public, so that somebody who has not signed in yet can look around.

use actix_web::http::header::ContentType;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use domain::ids::{CommunityId, PlaceId};
use domain::place::Community;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::extract::{Id, Query};
use crate::names::Book;
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::reply::written;
use crate::routes::services::{ServiceInFullView, ServiceView};
use crate::view::Page;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(one).service(services).service(service);
}

#[derive(Serialize, ToSchema)]
struct CommunityView {
    id: Uuid,
    #[schema(example = "西苑社区")]
    name: String,
    #[schema(example = "新华区西苑街道")]
    street: String,
    #[schema(example = json!(["西苑小区"]))]
    compounds: Vec<String>,
}

impl CommunityView {
    fn new(book: &Book, community: &Community) -> Self {
        let (tree, place) = (book.tree(), community.id.into());
        Self {
            id: community.id.0,
            name: tree.name(place).to_owned(),
            street: tree.street_of(place),
            compounds: tree.compounds_within(place).map(|compound| compound.name.clone()).collect(),
        }
    }
}

/// All communities.
#[utoipa::path(tag = "communities", responses((status = 200, body = Page<CommunityView>)))]
#[get("/communities")]
async fn list(app: Data<App>) -> Answer {
    let book = app.names.book().await?;
    let items: Vec<CommunityView> = book.communities().iter().map(|c| CommunityView::new(&book, c)).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}

/// One community.
#[utoipa::path(tag = "communities", params(("id" = Uuid, Path)), responses((status = 200, body = CommunityView), (status = 404, body = ProblemBody)))]
#[get("/communities/{id}")]
async fn one(app: Data<App>, Id(id): Id<CommunityId>) -> Answer {
    let book = app.names.book().await?;
    let community = book.community(id).ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().json(CommunityView::new(&book, community)))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ServicesQuery {
    /// Says who is responsible in this grid.
    grid_id: Option<Uuid>,
}

/// The service list (服务清单), of the community or of one of its grids.
#[utoipa::path(tag = "communities", params(("id" = Uuid, Path), ServicesQuery),
    responses((status = 200, body = Page<ServiceView>), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/communities/{id}/services")]
async fn services(app: Data<App>, Id(id): Id<CommunityId>, Query(query): Query<ServicesQuery>) -> Answer {
    let book = app.names.book().await?;
    let grid = query.grid_id.map(PlaceId);
    if grid.is_some_and(|grid| !book.tree().grids_of(id).any(|known| known.id == grid)) {
        return Err(Problem::new(Code::BadRequest, "本社区没有这个网格，请从社区的网格里选择"));
    }
    let write = || {
        let lines = book.services_of(id).filter(|line| !line.closed);
        let items = lines.map(|line| ServiceView::new(&book, id.into(), grid, line)).collect();
        Ok(written(&Page::<ServiceView> { items, next_cursor: None })?)
    };
    let lines = if grid.is_none() { book.service_list(id, write) } else { write() }?;
    Ok(HttpResponse::Ok().content_type(ContentType::json()).body(lines))
}

/// One line of the service list, with its form.
#[utoipa::path(tag = "communities", params(("id" = Uuid, Path), ("key" = String, Path, example = "repair")),
    responses((status = 200, body = ServiceInFullView), (status = 404, body = ProblemBody)))]
#[get("/communities/{id}/services/{key}")]
async fn service(app: Data<App>, path: Path<(String, String)>) -> Answer {
    let (id, key) = path.into_inner();
    let id: CommunityId = id.parse().map_err(|_| Problem::not_found())?;
    let book = app.names.book().await?;
    let line = book.service(id, &key).filter(|line| !line.closed).ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().json(ServiceInFullView::new(&book, id.into(), line)))
}
