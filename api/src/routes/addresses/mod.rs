//! Addresses below compounds: buildings (楼栋), units (单元), rooms (室). Rooms are for the staff of the place only.

mod change;
mod enter;
mod import;
mod list;

use domain::ids::CommunityId;
use domain::people::Actor;
use domain::people::access::Operation;
use domain::place::Registered;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::names::Book;
use crate::problem::Problem;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list::buildings)
        .service(list::below)
        .service(enter::enter)
        .service(import::import)
        .service(change::assign)
        .service(change::remove);
}

#[derive(Serialize, ToSchema)]
struct AddressView {
    id: Uuid,
    /// The building or unit that it lies in; null for a building.
    parent_id: Option<Uuid>,
    compound_id: Uuid,
    #[schema(example = "西苑小区")]
    compound: String,
    /// `building`, `unit` or `room`.
    #[schema(example = "building")]
    level: &'static str,
    #[schema(example = "楼栋")]
    level_text: &'static str,
    #[schema(example = "3号楼")]
    name: String,
    /// Of a building: the grid that it is assigned to. Null: the one that its compound lies in, if any.
    grid_id: Option<Uuid>,
    #[schema(example = "第一网格")]
    grid_name: Option<String>,
}

impl AddressView {
    fn new(book: &Book, address: &Registered) -> Self {
        let tree = book.tree();
        Self {
            id: address.id.0,
            parent_id: address.parent.map(Into::into),
            compound_id: address.compound.0,
            compound: tree.name(address.compound).to_owned(),
            level: address.level.into(),
            level_text: address.level.text(),
            name: address.name.clone(),
            grid_id: address.grid.map(Into::into),
            grid_name: address.grid.map(|grid| tree.name(grid).to_owned()),
        }
    }
}

/// A community outside the actor's own does not exist for the actor.
fn must_cover(actor: &Actor, operation: Operation, community: CommunityId) -> Result<(), Problem> {
    if actor.covers(operation, community) { Ok(()) } else { Err(Problem::not_found()) }
}
