use actix_web::http::StatusCode;
use actix_web::post;
use actix_web::web::Data;
use domain::ids::{AddressId, CommunityId, PlaceId};
use domain::people::Area;
use domain::people::access::Operation;
use domain::place::{Premises, is_grid_of, register};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{AddressView, must_cover};
use crate::app::App;
use crate::extract::{Id, Post, needed, optional};
use crate::names::Book;
use crate::problem::{Answer, Problem, ProblemBody};

/// A building, a unit of one, or a room of either.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AddressBody {
    /// A compound of the community, by name.
    #[garde(custom(needed("小区", 50)))]
    #[schema(example = "西苑小区")]
    compound: String,
    #[garde(custom(needed("楼栋", 20)))]
    #[schema(example = "3-甲")]
    building: String,
    /// Left out where the building has none.
    #[garde(custom(optional("单元", 20)))]
    #[schema(example = "2单元")]
    unit: Option<String>,
    #[garde(custom(optional("室", 20)))]
    #[schema(example = "1204")]
    room: Option<String>,
    /// Assign the building to this grid of the community.
    #[garde(skip)]
    grid_id: Option<Uuid>,
}

impl AddressBody {
    fn premises(self, book: &Book, community: CommunityId) -> Result<Premises, Problem> {
        let compound = book.tree().compound_named(community, &self.compound);
        let compound = compound.ok_or_else(|| Problem::field("/compound", "这个社区没有这个小区，请从列表里选择"))?;
        let grid = self.grid_id.map(|grid| grid_in(book, community, PlaceId(grid))).transpose()?;
        let said = |part: Option<String>| part.filter(|part| !part.trim().is_empty());
        Ok(Premises { compound, building: self.building, unit: said(self.unit), room: said(self.room), grid })
    }
}

pub(super) fn grid_in(book: &Book, community: CommunityId, grid: PlaceId) -> Result<PlaceId, Problem> {
    if is_grid_of(book.tree(), grid, community) {
        return Ok(grid);
    }
    Err(Problem::field("/grid_id", "本社区没有这个网格，请从网格列表里选择"))
}

/// Enter a building, a unit or a room, with what it lies in. Known already, however it was written, it stays as it is; the answer is the
/// same.
#[utoipa::path(tag = "addresses", security(("token" = [])), params(("id" = Uuid, Path)), request_body = AddressBody,
    responses((status = 201, body = AddressView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[post("/communities/{id}/addresses")]
pub(super) async fn enter(
    app: Data<App>,
    Id(community): Id<CommunityId>,
    Post { asking, body, .. }: Post<AddressBody>,
) -> Answer {
    must_cover(&asking.actor, Operation::AddressesEnter, community)?;
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    let (book, now) = (app.names.book().await?, app.clock.now());
    let premises = body.premises(&book, community)?;
    let rows = register(std::slice::from_ref(&premises), || AddressId(app.ids.at(now)));
    let entered = app.stores.addresses.enter(community, &rows, asking.actor.person, now).await?;
    let id = entered.ids.get(&premises.key()).copied().ok_or_else(Problem::not_found)?;
    let area = Area::of(&asking.actor, Operation::AddressesEnter);
    let address = app.stores.addresses.find_address(id, &area).await?.ok_or_else(Problem::not_found)?;
    app.answer_and_keep(&asking, StatusCode::CREATED, &AddressView::new(&book, &address)).await
}
