//! Who is what, where.

use std::collections::HashMap;

use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get};
use chrono::{DateTime, FixedOffset};
use domain::ids::{MembershipId, PersonId, PlaceId};
use domain::people::access::Operation;
use domain::people::{Actor, Held, Membership, gives, mask_name};
use domain::place::{Level, Tree};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::me::MembershipView;
use crate::app::App;
use crate::extract::{Caller, Cursor, Id, Limit, Query};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::view::{Page, local};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(end);
}

#[derive(Serialize, ToSchema)]
struct HeldView {
    id: Uuid,
    person_id: Uuid,
    /// Masked.
    #[schema(example = "小**")]
    name: Option<String>,
    #[serde(flatten)]
    membership: MembershipView,
    #[schema(example = "第一网格")]
    place_name: Option<String>,
    since: DateTime<FixedOffset>,
    /// When the role ends by itself.
    until: Option<DateTime<FixedOffset>>,
    /// Who gave it; null where the program itself did.
    granted_by: Option<Uuid>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct AtPlace {
    /// What is there; of a community, in its grids and compounds too. Left out: what is for everywhere.
    pub place_id: Option<Uuid>,
    pub cursor: Option<String>,
    /// 1 to 100; 20 where it is left out.
    #[param(value_type = Option<u16>)]
    pub limit: Option<Limit>,
}

impl HeldView {
    fn new(held: &Held, names: &HashMap<PersonId, String>, tree: &Tree) -> Self {
        Self {
            id: held.id.0,
            person_id: held.person.0,
            name: names.get(&held.person).map(|name| mask_name(name)),
            membership: MembershipView::new(&held.membership, tree),
            place_name: held.membership.place.and_then(|place| tree.get(place)).map(|place| place.name.clone()),
            since: local(held.since),
            until: held.until.map(local),
            granted_by: held.granted_by.map(Into::into),
        }
    }
}

/// The place, and of a community what lies in it; nothing for everywhere. A place outside the caller's own does not exist.
pub(super) fn places_below(
    actor: &Actor,
    operation: Operation,
    place: Option<PlaceId>,
    tree: &Tree,
) -> Result<Vec<PlaceId>, Problem> {
    if !actor.governs(operation, place, tree) {
        return Err(Problem::not_found());
    }
    let Some(place) = place else { return Ok(Vec::new()) };
    let level = tree.get(place).ok_or_else(Problem::not_found)?.level;
    // A city holds thousands of communities: one asks for them one by one.
    let is_small = level >= Level::Community;
    Ok(if is_small { tree.within(place).into_iter().map(|place| place.id).collect() } else { vec![place] })
}

/// Whether the role is one that the actor might have given.
pub(super) fn may_end(actor: &Actor, membership: &Membership, tree: &Tree) -> bool {
    let mut posts = actor.posts.iter();
    posts.any(|post| gives(post.role).contains(&membership.role) && post.holds_place(membership.place, tree))
}

/// Who holds which role at a place.
#[utoipa::path(tag = "memberships", security(("token" = [])), params(AtPlace),
    responses((status = 200, body = Page<HeldView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/memberships")]
async fn list(app: Data<App>, caller: Caller, Query(query): Query<AtPlace>) -> Answer {
    let book = app.names.book().await?;
    let places = places_below(&caller.actor, Operation::MembershipsList, query.place_id.map(PlaceId), book.tree())?;
    let slice = Cursor::slice::<MembershipId>(query.cursor.as_deref(), query.limit)?;
    let held = app.stores.memberships.held_at(&places, slice.before, slice.limit, app.clock.now()).await?;
    let (held, next_cursor) = Cursor::cut(slice, held, |held| held.id.to_string());
    let people: Vec<_> = held.iter().map(|held| held.person).collect();
    let names = app.stores.people.nicknames(&people).await?.into_iter().collect();
    let items = held.iter().map(|held| HeldView::new(held, &names, book.tree())).collect();
    Ok(HttpResponse::Ok().json(Page::<HeldView> { items, next_cursor }))
}

/// End a role: one's own, or one that the caller might give. Every device of the person is signed out at once.
#[utoipa::path(tag = "memberships", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
#[delete("/memberships/{id}")]
async fn end(app: Data<App>, caller: Caller, Id(id): Id<MembershipId>) -> Answer {
    let now = app.clock.now();
    let held = app.stores.memberships.find_membership(id, now).await?.ok_or_else(Problem::not_found)?;
    let book = app.names.book().await?;
    if held.person != caller.person.id && !may_end(&caller.actor, &held.membership, book.tree()) {
        return Err(Problem::not_found());
    }
    app.stores.memberships.end(id, Some(caller.person.id), now).await?;
    Ok(HttpResponse::NoContent().finish())
}
