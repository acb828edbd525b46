use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, get, post, put};
use domain::ids::{CommunityId, PlaceId};
use domain::people::access::Operation;
use domain::place::{Addition, AdditionRefusal, Community, Level, Place, is_free};
use domain::ports::{Directory, PlaceCode};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::must_govern;
use crate::app::App;
use crate::audit::Whom;
use crate::extract::{Caller, Id, Post, Query, needed};
use crate::names::Book;
use crate::problem::{Answer, Problem, ProblemBody};
use crate::view::Page;

#[derive(Serialize, ToSchema)]
struct PlaceNode {
    id: Uuid,
    parent_id: Option<Uuid>,
    #[schema(example = "street")]
    level: &'static str,
    #[schema(example = "街道")]
    level_text: &'static str,
    #[schema(example = "西苑街道")]
    name: String,
    /// Of communities: starts the numbers of orders.
    #[schema(example = "XY")]
    prefix: Option<String>,
    /// What lists call it. Lists contradict each other.
    codes: Vec<CodeView>,
}

#[derive(Serialize, ToSchema)]
struct CodeView {
    #[schema(example = "statistics-2023")]
    edition: String,
    #[schema(example = "130105006000")]
    code: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Below {
    /// What lies directly in this place; the top of the tree where it is left out.
    parent_id: Option<Uuid>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPlace {
    #[garde(skip)]
    parent_id: Option<Uuid>,
    /// `province`, `city`, `district`, `street`, `community`, `grid` or `compound`.
    #[garde(skip)]
    #[schema(value_type = String, example = "compound")]
    level: Level,
    #[garde(custom(needed("名称", 50)))]
    #[schema(example = "西苑小区")]
    name: String,
    /// Two to six capital letters; for communities only.
    #[garde(skip)]
    prefix: Option<String>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewName {
    #[garde(custom(needed("名称", 50)))]
    #[schema(example = "西苑小区")]
    name: String,
}

impl PlaceNode {
    fn new(book: &Book, place: &Place, codes: Vec<CodeView>) -> Self {
        Self {
            id: place.id.0,
            parent_id: place.parent.map(Into::into),
            level: place.level.into(),
            level_text: place.level.text(),
            name: place.name.clone(),
            prefix: book.community(CommunityId(place.id.0)).map(|community| community.prefix.clone()),
            codes,
        }
    }
}

impl From<AdditionRefusal> for Problem {
    fn from(refusal: AdditionRefusal) -> Self {
        let pointer = match &refusal {
            AdditionRefusal::NoParent => "/parent_id",
            AdditionRefusal::Misplaced(_) => "/level",
            AdditionRefusal::NameTaken(_) => "/name",
            AdditionRefusal::PrefixNeeded | AdditionRefusal::PrefixUnwanted | AdditionRefusal::PrefixTaken(_) => {
                "/prefix"
            }
        };
        Self::field(pointer, refusal.to_string())
    }
}

/// What lies directly in a place.
#[utoipa::path(tag = "admin", security(("token" = [])), params(Below),
    responses((status = 200, body = Page<PlaceNode>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/admin/places")]
pub(super) async fn list_places(app: Data<App>, caller: Caller, Query(query): Query<Below>) -> Answer {
    let book = app.names.book().await?;
    let parent = query.parent_id.map(PlaceId);
    must_govern(&caller.actor, Operation::AdminListPlaces, parent, book.tree())?;
    let children: Vec<&Place> = book.tree().children(parent).collect();
    let ids: Vec<_> = children.iter().map(|place| place.id).collect();
    let mut codes: HashMap<PlaceId, Vec<CodeView>> = HashMap::new();
    for PlaceCode { place, edition, code } in app.stores.directory.codes_of(&ids).await? {
        codes.entry(place).or_default().push(CodeView { edition, code });
    }
    let node = |place: &&Place| PlaceNode::new(&book, place, codes.remove(&place.id).unwrap_or_default());
    let items = children.iter().map(node).collect();
    Ok(HttpResponse::Ok().json(Page::<PlaceNode> { items, next_cursor: None }))
}

/// Add a place.
#[utoipa::path(tag = "admin", security(("token" = [])), request_body = NewPlace,
    responses((status = 201, body = PlaceNode), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[post("/admin/places")]
pub(super) async fn add_place(
    app: Data<App>,
    request: HttpRequest,
    Post { asking, body, .. }: Post<NewPlace>,
) -> Answer {
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    let book = app.names.fresh_book().await?;
    let name = body.name.trim().to_owned();
    let addition = Addition { parent: body.parent_id.map(PlaceId), level: body.level, name, prefix: body.prefix };
    must_govern(&asking.actor, Operation::AdminAddPlace, addition.parent, book.tree())?;
    addition.check(book.tree(), book.communities())?;
    let id = PlaceId(app.ids.at(app.clock.now()));
    let place = Place { id, parent: addition.parent, level: addition.level, name: addition.name };
    let community = addition.prefix.map(|prefix| Community { id: CommunityId(id.0), prefix });
    let directory =
        Directory { places: vec![place.clone()], communities: community.into_iter().collect(), ..Directory::default() };
    app.stores.directory.save_directory(&directory).await?;
    request.extensions_mut().insert(Whom(id.0));
    let book = app.names.fresh_book().await?;
    app.answer_and_keep(&asking, StatusCode::CREATED, &PlaceNode::new(&book, &place, Vec::new())).await
}

/// Give a place another name.
#[utoipa::path(tag = "admin", security(("token" = [])), params(("id" = Uuid, Path)), request_body = NewName,
    responses((status = 200, body = PlaceNode), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[put("/admin/places/{id}")]
pub(super) async fn rename_place(
    app: Data<App>,
    Id(id): Id<PlaceId>,
    Post { asking, body, .. }: Post<NewName>,
) -> Answer {
    let book = app.names.fresh_book().await?;
    must_govern(&asking.actor, Operation::AdminRenamePlace, Some(id), book.tree())?;
    let known = book.tree().get(id).ok_or_else(Problem::not_found)?;
    let place = Place { name: body.name.trim().to_owned(), ..known.clone() };
    if place.name != known.name {
        is_free(book.tree(), place.parent, &place.name)?;
        app.stores.directory.save_directory(&Directory { places: vec![place.clone()], ..Directory::default() }).await?;
    }
    let book = app.names.fresh_book().await?;
    Ok(HttpResponse::Ok().json(PlaceNode::new(&book, &place, Vec::new())))
}
