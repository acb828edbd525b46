use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use domain::ids::{AddressId, CommunityId, PlaceId};
use domain::people::Area;
use domain::people::access::Operation;
use domain::place::Registered;
use domain::ports::{BuildingQuery, Slice};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::AddressView;
use crate::app::App;
use crate::extract::{Caller, Cursor, Id, Limit, PageQuery, Query};
use crate::names::Book;
use crate::problem::{Answer, Problem, ProblemBody};
use crate::routes::residents::area_in;
use crate::view::Page;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct BuildingsQuery {
    /// Only those of this compound.
    compound_id: Option<Uuid>,
    /// Only those that are assigned to this grid.
    grid_id: Option<Uuid>,
    cursor: Option<String>,
    /// 1 to 100; 20 where it is left out.
    #[param(value_type = Option<u16>)]
    limit: Option<Limit>,
}

/// The buildings of a community, oldest first; for its staff.
#[utoipa::path(tag = "addresses", security(("token" = [])), params(("id" = Uuid, Path), BuildingsQuery),
    responses((status = 200, body = Page<AddressView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/communities/{id}/addresses")]
pub(super) async fn buildings(
    app: Data<App>,
    caller: Caller,
    Id(community): Id<CommunityId>,
    Query(query): Query<BuildingsQuery>,
) -> Answer {
    let area = area_in(&caller.actor, Operation::AddressesBuildings, community)?;
    let slice = Cursor::slice(query.cursor.as_deref(), query.limit)?;
    let (compound, grid) = (query.compound_id.map(PlaceId), query.grid_id.map(PlaceId));
    let found = app.stores.addresses.buildings(&BuildingQuery { community, area, compound, grid, slice }).await?;
    Ok(HttpResponse::Ok().json(page(&*app.names.book().await?, slice, found)))
}

/// What lies directly in a building or a unit: its units, its rooms. Each look at rooms leaves a line in the audit log.
#[utoipa::path(tag = "addresses", security(("token" = [])), params(("id" = Uuid, Path), PageQuery),
    responses((status = 200, body = Page<AddressView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/addresses/{id}/below")]
pub(super) async fn below(
    app: Data<App>,
    caller: Caller,
    Id(id): Id<AddressId>,
    Query(query): Query<PageQuery>,
) -> Answer {
    let area = Area::of(&caller.actor, Operation::AddressesBelow);
    app.stores.addresses.find_address(id, &area).await?.ok_or_else(Problem::not_found)?;
    let slice = Cursor::slice(query.cursor.as_deref(), query.limit)?;
    let found = app.stores.addresses.below(id, &area, slice).await?;
    Ok(HttpResponse::Ok().json(page(&*app.names.book().await?, slice, found)))
}

fn page(book: &Book, slice: Slice<AddressId>, found: Vec<Registered>) -> Page<AddressView> {
    let (found, next_cursor) = Cursor::cut(slice, found, |address| address.id.to_string());
    Page { items: found.iter().map(|address| AddressView::new(book, address)).collect(), next_cursor }
}
