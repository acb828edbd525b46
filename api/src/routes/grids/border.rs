use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, put};
use chrono::{DateTime, FixedOffset, Utc};
use domain::ids::{CommunityId, PersonId, PlaceId};
use domain::people::Area;
use domain::people::access::Operation;
use domain::place::{BorderFault, Bordered, Level, Place, Tree};
use domain::ports::{Drawn, Outlined};
use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{geometry, is_seen, kept};
use crate::app::App;
use crate::extract::{Caller, CoordSys, Id, Post};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::view::local;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BorderBody {
    /// The system of all coordinates: `gcj02`, or `wgs84`, which is converted.
    #[garde(skip)]
    coord_sys: CoordSys,
    /// A GeoJSON Polygon or MultiPolygon: longitude first, rings closed, 2,000 points and 50 rings at most.
    #[garde(skip)]
    #[schema(value_type = Object, example = json!({ "type": "Polygon", "coordinates":
        [[[114.45, 38.05], [114.455, 38.05], [114.455, 38.055], [114.45, 38.055], [114.45, 38.05]]] }))]
    geometry: Value,
}

#[derive(Serialize, ToSchema)]
struct BorderView {
    grid_id: Uuid,
    #[schema(example = "第一网格")]
    grid_name: String,
    #[schema(example = "gcj02")]
    coord_sys: &'static str,
    /// A GeoJSON Polygon or MultiPolygon.
    #[schema(value_type = Object, example = json!({ "type": "Polygon", "coordinates":
        [[[114.45, 38.05], [114.455, 38.05], [114.455, 38.055], [114.45, 38.055], [114.45, 38.05]]] }))]
    geometry: Value,
    /// Square metres.
    #[schema(example = 243_000)]
    area_m2: u64,
    drawn_at: DateTime<FixedOffset>,
}

impl BorderView {
    fn new(grid: &Place, Drawn { border, by: _, at }: Drawn) -> Self {
        Self {
            grid_id: grid.id.0,
            grid_name: grid.name.clone(),
            coord_sys: "gcj02",
            area_m2: whole(border.square_metres()),
            geometry: geometry::geometry(border),
            drawn_at: local(at),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an area is positive and no border is a continent"
)]
fn whole(square_metres: f64) -> u64 {
    square_metres.round() as u64
}

/// The border of a grid, as it is stored.
#[utoipa::path(tag = "grids", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = BorderView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/grids/{id}/border")]
pub(super) async fn border_(app: Data<App>, caller: Caller, Id(id): Id<PlaceId>) -> Answer {
    let book = app.names.book().await?;
    let grid = book.tree().get(id).filter(|place| place.level == Level::Grid).ok_or_else(Problem::not_found)?;
    let community = book.tree().community_of(id).ok_or_else(Problem::not_found)?;
    let area = Area::of(&caller.actor, Operation::GridsBorder);
    if !is_seen(&area, community, id, book.tree()) {
        return Err(Problem::not_found());
    }
    let drawn = app.stores.grids.border_of(id).await?.ok_or_else(no_border)?;
    Ok(HttpResponse::Ok().json(BorderView::new(grid, drawn)))
}

fn no_border() -> Problem {
    Problem::new(Code::NotFound, "这个网格还没有画边界")
}

/// Draw the border of a grid, or draw it anew. It takes nothing from the other grids of the community.
///
/// Orders that are there already keep their grids.
#[utoipa::path(tag = "grids", security(("token" = [])), params(("id" = Uuid, Path)), request_body = BorderBody,
    responses((status = 200, body = BorderView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[put("/grids/{id}/border")]
pub(super) async fn draw(app: Data<App>, Id(id): Id<PlaceId>, Post { asking, body, .. }: Post<BorderBody>) -> Answer {
    let book = app.names.fresh_book().await?;
    let (community, grid) = kept(&book, &asking.actor, Operation::GridsDraw, id)?;
    let refused = |detail| Problem::field("/geometry", detail);
    let border = geometry::read(body.geometry).and_then(|geometry| geometry::border(geometry, body.coord_sys));
    let border = border.map_err(refused)?;
    let (by, at) = (asking.actor.person, app.clock.now());
    let new = Bordered { grid: id, border: border.clone() };
    let overlapped = app.draw(community, std::slice::from_ref(&new), by, at).await?;
    match overlapped.first() {
        Some((_, other)) => Err(refused(overlaps(book.tree(), *other))),
        None => Ok(HttpResponse::Ok().json(BorderView::new(&grid, Drawn { border, by, at }))),
    }
}

pub(super) fn overlaps(tree: &Tree, other: PlaceId) -> String {
    BorderFault::Overlaps(tree.name(other).to_owned()).to_string()
}

impl App {
    /// Pairs of a new border and another that it takes from; nothing is drawn where there is one.
    pub(super) async fn draw(
        &self,
        community: CommunityId,
        borders: &[Bordered],
        by: PersonId,
        at: DateTime<Utc>,
    ) -> Result<Vec<(PlaceId, PlaceId)>, Problem> {
        Ok(match self.stores.grids.draw(community, borders, by, at).await? {
            Outlined::Done => Vec::new(),
            Outlined::Overlaps(pairs) => pairs,
        })
    }
}

/// Take the border of a grid away. Points say no grid there from now on; orders keep theirs.
#[utoipa::path(tag = "grids", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[delete("/grids/{id}/border")]
pub(super) async fn rub_out(app: Data<App>, caller: Caller, Id(id): Id<PlaceId>) -> Answer {
    kept(&*app.names.fresh_book().await?, &caller.actor, Operation::GridsRubOut, id)?;
    if app.stores.grids.rub_out(id).await? { Ok(HttpResponse::NoContent().finish()) } else { Err(no_border()) }
}
