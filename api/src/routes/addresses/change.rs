use actix_web::web::Data;
use actix_web::{HttpResponse, delete, put};
use domain::ids::{AddressId, PlaceId};
use domain::people::access::Operation;
use domain::people::{Actor, Area};
use domain::place::{AddressLevel, Registered};
use domain::ports::Removed;
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::AddressView;
use super::enter::grid_in;
use crate::app::App;
use crate::extract::{Caller, Id, Post};
use crate::problem::{Answer, Code, Problem, ProblemBody};

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssignBody {
    /// A grid of the community; null takes it away.
    #[garde(skip)]
    grid_id: Option<Uuid>,
}

impl App {
    /// One that lies where the actor may try `operation`.
    async fn address(&self, actor: &Actor, operation: Operation, id: AddressId) -> Result<Registered, Problem> {
        let found = self.stores.addresses.find_address(id, &Area::of(actor, operation)).await?;
        found.ok_or_else(Problem::not_found)
    }
}

/// Assign a building to a grid, where several grids share its compound. Orders that are there already keep their grids.
#[utoipa::path(tag = "addresses", security(("token" = [])), params(("id" = Uuid, Path)), request_body = AssignBody,
    responses((status = 200, body = AddressView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[put("/addresses/{id}/grid")]
pub(super) async fn assign(
    app: Data<App>,
    Id(id): Id<AddressId>,
    Post { asking, body, .. }: Post<AssignBody>,
) -> Answer {
    let address = app.address(&asking.actor, Operation::AddressesAssign, id).await?;
    let book = app.names.book().await?;
    let grid = body.grid_id.map(|grid| grid_in(&book, address.community, PlaceId(grid))).transpose()?;
    if address.level != AddressLevel::Building || !app.stores.addresses.assign(id, grid).await? {
        return Err(Problem::new(Code::NotFound, "只有楼栋可以划给网格，请选择楼栋"));
    }
    Ok(HttpResponse::Ok().json(AddressView::new(&book, &Registered { grid, ..address })))
}

/// Take an address out, where nothing lies in it. Homes and orders that name it stay as they are.
#[utoipa::path(tag = "addresses", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, description = "address_in_use", body = ProblemBody)))]
#[delete("/addresses/{id}")]
pub(super) async fn remove(app: Data<App>, caller: Caller, Id(id): Id<AddressId>) -> Answer {
    let address = app.address(&caller.actor, Operation::AddressesRemove, id).await?;
    match app.stores.addresses.remove(address.id).await? {
        Removed::Done => Ok(HttpResponse::NoContent().finish()),
        Removed::Unknown => Err(Problem::not_found()),
        Removed::NotEmpty => {
            let detail = format!("这个{}里还有登记的单元或室，请先删除它们", address.level.text());
            Err(Problem::new(Code::AddressInUse, detail))
        }
    }
}
