use std::collections::HashMap;

use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, put};
use domain::ids::{PersonId, PlaceId};
use domain::people::access::Operation;
use domain::people::{Actor, Membership, mask_name};
use domain::ports::{Slice, WecomMember};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::App;
use crate::extract::{Caller, Cursor, Id, Post, Query};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::routes::memberships::{AtPlace, may_end, places_below};
use crate::view::Page;

/// How the corporation in WeCom (企业微信) calls somebody who works here.
#[derive(Serialize, ToSchema)]
struct MemberView {
    person_id: Uuid,
    /// Masked.
    #[schema(example = "接****")]
    name: Option<String>,
    #[schema(example = "ZhaoXiao")]
    user_id: String,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MemberBody {
    /// The account (账号) in WeCom's list of members.
    #[garde(custom(account))]
    #[schema(example = "ZhaoXiao")]
    user_id: String,
}

/// WeCom's own rule.
fn account<C>(user_id: &str, _: &C) -> Result<(), garde::Error> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '@' | '.');
    let starts_well = user_id.starts_with(|c: char| c.is_ascii_alphanumeric());
    if starts_well && user_id.len() <= 64 && user_id.chars().all(fits) {
        return Ok(());
    }
    Err(garde::Error::new("企业微信账号应为 1 至 64 个字母、数字或 _ - @ . ，以字母或数字开头"))
}

impl MemberView {
    fn new(member: WecomMember, names: &HashMap<PersonId, String>) -> Self {
        let name = names.get(&member.person).map(|name| mask_name(name));
        Self { person_id: member.person.0, name, user_id: member.user_id }
    }
}

impl App {
    /// Whoever holds roles that the actor might end, all of them, and the actor in the own place: what is told to any of them
    /// goes to that name. Others do not exist.
    async fn must_keep(&self, actor: &Actor, operation: Operation, id: PersonId) -> Result<(), Problem> {
        let person = self.stores.people.find_person(id, self.clock.now()).await?.ok_or_else(Problem::not_found)?;
        let book = self.names.book().await?;
        let is_own = |place| id == actor.person && actor.governs(operation, place, book.tree());
        let keeps = |role: &Membership| may_end(actor, role, book.tree()) || is_own(role.place);
        let is_kept = !person.memberships.is_empty() && person.memberships.iter().all(keeps);
        if is_kept { Ok(()) } else { Err(Problem::not_found()) }
    }
}

/// Who can be reached by WeCom at a place.
#[utoipa::path(tag = "admin", security(("token" = [])), params(AtPlace),
    responses((status = 200, body = Page<MemberView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/admin/wecom-members")]
pub(super) async fn wecom_members(app: Data<App>, caller: Caller, Query(query): Query<AtPlace>) -> Answer {
    let (book, place) = (app.names.book().await?, query.place_id.map(PlaceId));
    let places = places_below(&caller.actor, Operation::AdminWecomMembers, place, book.tree())?;
    let slice: Slice<PersonId> = Cursor::slice(query.cursor.as_deref(), query.limit)?;
    let members = app.stores.wecom_members.members_at(&places, slice.before, slice.limit, app.clock.now()).await?;
    let (members, next_cursor) = Cursor::cut(slice, members, |member| member.person.to_string());
    let people: Vec<_> = members.iter().map(|member| member.person).collect();
    let names = app.stores.people.nicknames(&people).await?.into_iter().collect();
    let items = members.into_iter().map(|member| MemberView::new(member, &names)).collect();
    Ok(HttpResponse::Ok().json(Page::<MemberView> { items, next_cursor }))
}

/// Say how WeCom calls somebody who works here, so that messages reach them there.
#[utoipa::path(tag = "admin", security(("token" = [])), params(("id" = Uuid, Path)), request_body = MemberBody,
    responses((status = 200, body = MemberView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[put("/admin/wecom-members/{id}")]
pub(super) async fn save_wecom_member(
    app: Data<App>,
    Id(id): Id<PersonId>,
    Post { asking, body, .. }: Post<MemberBody>,
) -> Answer {
    app.must_keep(&asking.actor, Operation::AdminSaveWecomMember, id).await?;
    let member = WecomMember { person: id, user_id: body.user_id };
    if !app.stores.wecom_members.save_member(&member, app.clock.now()).await? {
        return Err(Problem::field("/user_id", "这个企业微信账号已登记在别人名下，请核对"));
    }
    let names = app.stores.people.nicknames(&[id]).await?.into_iter().collect();
    Ok(HttpResponse::Ok().json(MemberView::new(member, &names)))
}

/// Nothing is sent to this person by WeCom any more.
#[utoipa::path(tag = "admin", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[delete("/admin/wecom-members/{id}")]
pub(super) async fn remove_wecom_member(app: Data<App>, caller: Caller, Id(id): Id<PersonId>) -> Answer {
    // A name may be left whose person holds no role any more: the administrator of everything removes any.
    let (book, operation) = (app.names.book().await?, Operation::AdminRemoveWecomMember);
    if !caller.actor.governs(operation, None, book.tree()) {
        app.must_keep(&caller.actor, operation, id).await?;
    }
    if app.stores.wecom_members.remove_member(id).await? {
        return Ok(HttpResponse::NoContent().finish());
    }
    Err(Problem::not_found())
}
