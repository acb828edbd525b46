//! Grids (网格): who works there, and their borders on the map.

mod border;
mod geometry;
mod import;
mod list;

use domain::ids::{CommunityId, PlaceId};
use domain::people::access::Operation;
use domain::people::{Actor, Area};
use domain::place::{Level, Place, Tree};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::names::Book;
use crate::problem::Problem;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list::list)
        .service(border::border_)
        .service(border::draw)
        .service(border::rub_out)
        .service(import::import);
}

/// A grid that the actor keeps, with its community; others do not exist.
fn kept(book: &Book, actor: &Actor, operation: Operation, grid: PlaceId) -> Result<(CommunityId, Place), Problem> {
    let tree = book.tree();
    let place = tree.get(grid).filter(|place| place.level == Level::Grid).ok_or_else(Problem::not_found)?;
    let community = tree.community_of(grid).ok_or_else(Problem::not_found)?;
    if actor.governs(operation, Some(grid), tree) { Ok((community, place.clone())) } else { Err(Problem::not_found()) }
}

/// Whether somebody who reaches the area may look at the grid: all of it, or compounds of it.
fn is_seen(area: &Area, community: CommunityId, grid: PlaceId, tree: &Tree) -> bool {
    area.everywhere
        || area.communities.contains(&community)
        || area.grids.contains(&grid)
        || tree.compounds_within(grid).any(|compound| area.compounds.contains(&compound.id))
}
