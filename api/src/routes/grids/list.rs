use std::collections::HashMap;

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use chrono::{DateTime, FixedOffset, Utc};
use domain::ids::{CommunityId, PersonId, PlaceId};
use domain::people::access::Operation;
use domain::people::{Held, mask_name};
use domain::place::{Place, Tree};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::is_seen;
use crate::app::App;
use crate::extract::{Caller, Id};
use crate::problem::{Answer, ProblemBody};
use crate::routes::residents::area_in;
use crate::view::{Page, local};

/// Grid workers of one community. Its grids are a dozen at most.
const MOST_WORKERS: u16 = 500;

#[derive(Serialize, ToSchema)]
struct GridView {
    id: Uuid,
    #[schema(example = "第一网格")]
    name: String,
    #[schema(example = json!(["西苑小区"]))]
    compounds: Vec<String>,
    /// When its border was drawn; null where it has none.
    border_drawn_at: Option<DateTime<FixedOffset>>,
    /// Who works in the grid or in one of its compounds. Those of the whole community stand under `/v1/memberships`.
    workers: Vec<WorkerView>,
}

#[derive(Serialize, ToSchema)]
struct WorkerView {
    person_id: Uuid,
    /// Masked.
    #[schema(example = "网***")]
    name: Option<String>,
    /// Of the whole grid, or of this compound only.
    #[schema(example = "第一网格")]
    place_name: String,
}

/// What belongs to each grid.
struct Seen<'a> {
    tree: &'a Tree,
    bordered: HashMap<PlaceId, DateTime<Utc>>,
    held: Vec<Held>,
    names: HashMap<PersonId, String>,
}

impl Seen<'_> {
    fn view(&self, grid: &Place) -> GridView {
        let is_here = |held: &&Held| held.membership.place.is_some_and(|place| self.tree.is_within(place, grid.id));
        GridView {
            id: grid.id.0,
            name: grid.name.clone(),
            compounds: self.tree.compounds_within(grid.id).map(|compound| compound.name.clone()).collect(),
            border_drawn_at: self.bordered.get(&grid.id).copied().map(local),
            workers: self.held.iter().filter(is_here).map(|held| self.worker(held)).collect(),
        }
    }

    fn worker(&self, held: &Held) -> WorkerView {
        WorkerView {
            person_id: held.person.0,
            name: self.names.get(&held.person).map(|name| mask_name(name)),
            place_name: held.membership.place.map(|place| self.tree.name(place).to_owned()).unwrap_or_default(),
        }
    }
}

/// The grids of a community and who works there; for its staff. A grid worker sees the own ones.
#[utoipa::path(tag = "grids", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = Page<GridView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/communities/{id}/grids")]
pub(super) async fn list(app: Data<App>, caller: Caller, Id(community): Id<CommunityId>) -> Answer {
    let area = area_in(&caller.actor, Operation::GridsList, community)?;
    let book = app.names.book().await?;
    let tree = book.tree();
    let grids: Vec<_> = tree.grids_of(community).filter(|grid| is_seen(&area, community, grid.id, tree)).collect();
    let places: Vec<_> = grids.iter().flat_map(|grid| tree.within(grid.id)).map(|place| place.id).collect();
    // No place at all would mean: held everywhere.
    let held = match places.as_slice() {
        [] => Vec::new(),
        places => app.stores.memberships.held_at(places, None, MOST_WORKERS, app.clock.now()).await?,
    };
    let people: Vec<_> = held.iter().map(|held| held.person).collect();
    let names = app.stores.people.nicknames(&people).await?.into_iter().collect();
    let bordered = app.stores.grids.bordered(community).await?.into_iter().collect();
    let seen = Seen { tree, bordered, held, names };
    let items: Vec<_> = grids.into_iter().map(|grid| seen.view(grid)).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}
