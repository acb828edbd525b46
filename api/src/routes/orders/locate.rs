use actix_web::post;
use actix_web::web::Data;
use domain::ids::{CommunityId, OrderId, PlaceId};
use domain::order::{Command, Place};
use domain::place::{Clues, Level, Located, Tree};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::App;
use crate::extract::{Id, Post};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::routes::versioned::versioned;
use crate::view::OrderView;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Locate {
    /// A grid of the order's community.
    #[garde(skip)]
    grid_id: Uuid,
}

versioned! { "orders", OrderId => OrderView;
    /// Say in which grid it lies (划定网格), where neither address nor point tell, or tell wrong. Its grid worker sees it from then on.
    "/orders/{id}/locate", locate(Locate) |app, post, id| {
        let (book, grid) = (app.names.book().await?, PlaceId(post.body.grid_id));
        let found = book.tree().get(grid).filter(|place| place.level == Level::Grid);
        let of = found.and_then(|place| book.tree().community_of(place.id));
        app.move_order(&post.asking, id, Command::Locate { grid, of }).await
    }
}

impl App {
    /// The grid of a new order: from its address, else from its point. What lies beyond the community does not move it there.
    pub(super) async fn located(
        &self,
        community: CommunityId,
        place: Option<&Place>,
        tree: &Tree,
    ) -> Result<Option<Located>, Problem> {
        let Some(place) = place else { return Ok(None) };
        let building = match (place.compound_id, &place.building) {
            (Some(compound), Some(name)) => self.stores.addresses.grid_of_building(compound, name).await?,
            (None, _) | (_, None) => None,
        };
        let (compound, point) = (place.compound_id, place.point.map(|point| point.at));
        let clues = Clues { community, compound, building, point, borders: &[] };
        match (clues.locate(tree), point) {
            (Some(found), _) => Ok(Some(found)),
            (None, None) => Ok(None),
            (None, Some(point)) => {
                let borders = self.stores.grids.borders_around(point).await?;
                Ok(Clues { borders: &borders, ..clues }.locate(tree))
            }
        }
    }
}
