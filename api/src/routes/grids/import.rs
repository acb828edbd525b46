use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::post;
use actix_web::web::Data;
use domain::ids::{CommunityId, PlaceId};
use domain::people::access::Operation;
use domain::place::{Bordered, Tree};
use garde::Validate;
use geojson::{Feature, FeatureCollection};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::border::overlaps;
use super::geometry;
use crate::app::App;
use crate::extract::{CoordSys, Id, Post};
use crate::problem::{Answer, FieldError, Problem, ProblemBody};

/// Grids of one community.
const MOST: usize = 100;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GridsImportBody {
    /// The system of all coordinates: `gcj02`, or `wgs84`, which is converted.
    #[garde(skip)]
    coord_sys: CoordSys,
    /// A GeoJSON FeatureCollection: of each feature, `properties.name` is the name of a grid of the community, and the geometry its
    /// border.
    #[garde(skip)]
    #[schema(value_type = Object, example = json!({ "type": "FeatureCollection", "features": [{ "type": "Feature",
        "properties": { "name": "第一网格" }, "geometry": { "type": "Polygon", "coordinates":
        [[[114.45, 38.05], [114.455, 38.05], [114.455, 38.055], [114.45, 38.055], [114.45, 38.05]]] } }] }))]
    collection: Value,
}

#[derive(Serialize, ToSchema)]
struct ImportedGridsView {
    /// Grids whose border is as in the file now.
    #[schema(example = 2)]
    drawn: usize,
    grid_ids: Vec<Uuid>,
}

/// Draw the borders of several grids: all of them or none. Each fault is named with its feature.
#[utoipa::path(tag = "grids", security(("token" = [])), params(("id" = Uuid, Path)), request_body = GridsImportBody,
    responses((status = 201, body = ImportedGridsView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[post("/communities/{id}/grids/import")]
pub(super) async fn import(
    app: Data<App>,
    Id(community): Id<CommunityId>,
    Post { asking, body, .. }: Post<GridsImportBody>,
) -> Answer {
    let book = app.names.fresh_book().await?;
    if !asking.actor.governs(Operation::GridsImport, Some(community.into()), book.tree()) {
        return Err(Problem::not_found());
    }
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    let borders = borders(body, community, book.tree())?;
    let pairs = app.draw(community, &borders, asking.actor.person, app.clock.now()).await?;
    if !pairs.is_empty() {
        let at: HashMap<_, _> = borders.iter().enumerate().map(|(at, new)| (new.grid, at)).collect();
        let fault = |(new, other): &(PlaceId, PlaceId)| {
            let at = at.get(new).copied().unwrap_or_default();
            FieldError { pointer: pointer(at, "geometry"), detail: overlaps(book.tree(), *other) }
        };
        return Err(Problem::fields(pairs.iter().map(fault).collect()));
    }
    let grid_ids: Vec<_> = borders.iter().map(|new| new.grid.0).collect();
    let imported = ImportedGridsView { drawn: borders.len(), grid_ids };
    app.answer_and_keep(&asking, StatusCode::CREATED, &imported).await
}

/// In the order of the features; every fault of every feature, or none.
fn borders(body: GridsImportBody, community: CommunityId, tree: &Tree) -> Result<Vec<Bordered>, Problem> {
    let refused = |detail: String| Problem::field("/collection", detail);
    let collection: FeatureCollection = serde_json::from_value(body.collection)
        .map_err(|_| refused("文件应为 GeoJSON 的 FeatureCollection，请检查后再导入".to_owned()))?;
    let count = collection.features.len();
    if count == 0 || count > MOST {
        return Err(refused(format!("一次导入 1 至 {MOST} 个网格，现在有 {count} 个")));
    }
    let grids: HashMap<&str, PlaceId> = tree.grids_of(community).map(|grid| (grid.name.as_str(), grid.id)).collect();
    let (mut borders, mut faults): (Vec<Bordered>, Vec<FieldError>) = (Vec::new(), Vec::new());
    for (at, feature) in collection.features.into_iter().enumerate() {
        match bordered(feature, body.coord_sys, &grids) {
            Ok(new) if borders.iter().any(|known| known.grid == new.grid) => {
                faults.push(fault(at, NAME, "这个网格在文件里出现了两次，请只留一个"));
            }
            Ok(new) => borders.push(new),
            Err((field, detail)) => faults.push(fault(at, field, detail)),
        }
    }
    if faults.is_empty() { Ok(borders) } else { Err(Problem::fields(faults)) }
}

const NAME: &str = "properties/name";

fn bordered(
    feature: Feature,
    system: CoordSys,
    grids: &HashMap<&str, PlaceId>,
) -> Result<Bordered, (&'static str, String)> {
    let name = feature.property("name").and_then(Value::as_str).map(str::trim);
    let name = name.ok_or((NAME, "请在 properties.name 里写明网格名称".to_owned()))?;
    let grid = grids.get(name).copied();
    let grid = grid.ok_or((NAME, "本社区没有这个网格，请先新增网格，或改成已有的名称".to_owned()))?;
    let geometry = feature.geometry.ok_or(("geometry", "这个网格没有边界，请补上".to_owned()))?;
    let border = geometry::border(geometry, system).map_err(|detail| ("geometry", detail))?;
    Ok(Bordered { grid, border })
}

fn fault(feature: usize, field: &str, detail: impl Into<String>) -> FieldError {
    FieldError { pointer: pointer(feature, field), detail: detail.into() }
}

fn pointer(feature: usize, field: &str) -> String {
    format!("/collection/features/{feature}/{field}")
}
