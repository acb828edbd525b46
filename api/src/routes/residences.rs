//! Where people live: what they say themselves, and what staff of the community know of it.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post, put};
use chrono::{DateTime, FixedOffset};
use domain::ids::{CommunityId, PersonId, ResidenceId};
use domain::people::access::Operation;
use domain::people::{Address, Area, MAX_RESIDENCES, Residence, Verification, mask_name};
use domain::ports::{Added, Commit, HomeOf, HomeQuery};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::me::UserView;
use super::residents::area_in;
use crate::app::App;
use crate::extract::{Body, Caller, Cursor, Id, Limit, Post, Query, needed, optional};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::view::{Page, local};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(residence)
        .service(clear_residence)
        .service(residences)
        .service(add_residence)
        .service(remove_residence)
        .service(in_community)
        .service(verify);
}

/// Where I live.
#[derive(Serialize, ToSchema)]
pub struct ResidenceView {
    pub id: Uuid,
    pub community_id: Uuid,
    #[schema(example = "西苑小区")]
    pub compound: String,
    #[schema(example = "3-甲")]
    pub building: Option<String>,
    pub unit: Option<String>,
    #[schema(example = "1204")]
    pub room: Option<String>,
    /// The one that I live in; others are second homes, or my parents'.
    pub is_main: bool,
    pub since: DateTime<FixedOffset>,
    /// Staff of the community confirmed it.
    pub verified: bool,
}

impl ResidenceView {
    pub fn new(home: &Residence) -> Self {
        let Address { community_id, compound, building, unit, room } = home.address.clone();
        Self {
            id: home.id.0,
            community_id: community_id.0,
            compound,
            building,
            unit,
            room,
            is_main: home.is_main,
            since: local(home.since),
            verified: home.verified.is_some(),
        }
    }
}

/// Where somebody lives, as staff see it: name and room are masked.
#[derive(Serialize, ToSchema)]
struct HomeView {
    id: Uuid,
    person_id: Uuid,
    #[schema(example = "王**")]
    name: Option<String>,
    #[schema(example = "西苑小区")]
    compound: String,
    building: Option<String>,
    unit: Option<String>,
    #[schema(example = "1***")]
    room: Option<String>,
    is_main: bool,
    since: DateTime<FixedOffset>,
    verified: bool,
    verified_at: Option<DateTime<FixedOffset>>,
    /// Others who said that they live behind the same door.
    others_in_home: u32,
}

impl From<&HomeOf> for HomeView {
    fn from(of: &HomeOf) -> Self {
        let Address { community_id: _, compound, building, unit, room } = of.home.address.clone();
        Self {
            id: of.home.id.0,
            person_id: of.home.person.0,
            name: of.name.as_deref().map(mask_name),
            compound,
            building,
            unit,
            room: room.as_deref().map(mask_name),
            is_main: of.home.is_main,
            since: local(of.home.since),
            verified: of.home.verified.is_some(),
            verified_at: of.home.verified.map(|v| local(v.at)),
            others_in_home: of.others,
        }
    }
}

/// Where a person lives.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ResidenceBody {
    #[garde(skip)]
    community_id: Uuid,
    #[garde(custom(needed("小区", 50)))]
    #[schema(example = "西苑小区")]
    compound: String,
    #[garde(custom(optional("楼栋", 20)))]
    #[schema(example = "3-甲")]
    building: Option<String>,
    #[garde(custom(optional("单元", 20)))]
    unit: Option<String>,
    #[garde(custom(optional("室", 20)))]
    #[schema(example = "1204")]
    room: Option<String>,
}

impl From<ResidenceBody> for Address {
    fn from(body: ResidenceBody) -> Self {
        let ResidenceBody { community_id, compound, building, unit, room } = body;
        Self { community_id: CommunityId(community_id), compound, building, unit, room }
    }
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct VerifyBody {
    /// False takes a verification back.
    #[garde(skip)]
    verified: bool,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct HomesQuery {
    /// Only those that staff confirmed, or only those that nobody did.
    verified: Option<bool>,
    cursor: Option<String>,
    /// 1 to 100; 20 where it is left out.
    #[param(value_type = Option<u16>)]
    limit: Option<Limit>,
}

impl App {
    pub(super) async fn main_home(&self, person: PersonId) -> Result<Option<Residence>, Problem> {
        let homes = self.stores.residences.residences_of(person).await?;
        Ok(homes.into_iter().find(|home| home.is_main))
    }

    /// A home of this person from now on.
    pub(super) async fn new_home(&self, person: PersonId, address: Address) -> Result<Residence, Problem> {
        let (book, since) = (self.names.book().await?, self.clock.now());
        let community = address.community_id;
        if book.community(community).is_none() {
            return Err(Problem::field("/community_id", "没有这个社区，请重新选择"));
        }
        let compound_id = book.tree().compound_named(community, &address.compound);
        let id = ResidenceId(self.ids.at(since));
        Ok(Residence { id, person, address, compound_id, is_main: true, since, verified: None })
    }
}

/// Say where I live. Another address than before has to be confirmed anew.
#[utoipa::path(tag = "me", security(("token" = [])), request_body = ResidenceBody,
    responses((status = 200, body = UserView), (status = 422, body = ProblemBody)))]
#[put("/me/residence")]
async fn residence(app: Data<App>, caller: Caller, Body(body): Body<ResidenceBody>) -> Answer {
    let home = app.new_home(caller.person.id, body.into()).await?;
    app.stores.residences.settle(&home).await?;
    Ok(HttpResponse::Ok().json(app.user(caller.session).await?))
}

/// Take my address away; the oldest of the others becomes the main one.
#[utoipa::path(tag = "me", security(("token" = [])), responses((status = 200, body = UserView)))]
#[delete("/me/residence")]
async fn clear_residence(app: Data<App>, caller: Caller) -> Answer {
    if let Some(home) = app.main_home(caller.person.id).await? {
        app.stores.residences.remove(caller.person.id, home.id).await?;
    }
    Ok(HttpResponse::Ok().json(app.user(caller.session).await?))
}

/// Everywhere I live, the main home first.
#[utoipa::path(tag = "me", security(("token" = [])), responses((status = 200, body = Page<ResidenceView>)))]
#[get("/me/residences")]
async fn residences(app: Data<App>, caller: Caller) -> Answer {
    let homes = app.stores.residences.residences_of(caller.person.id).await?;
    let items: Vec<_> = homes.iter().map(ResidenceView::new).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}

/// Say that I live there too; at most five homes.
#[utoipa::path(tag = "me", security(("token" = [])), request_body = ResidenceBody,
    responses((status = 201, body = ResidenceView), (status = 409, description = "too_many_residences", body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[post("/me/residences")]
async fn add_residence(app: Data<App>, post: Post<ResidenceBody>) -> Answer {
    if let Some(answer) = app.replay(&post.asking).await? {
        return Ok(answer);
    }
    let person = post.asking.actor.person;
    let is_main = app.stores.residences.residences_of(person).await?.is_empty();
    let home = Residence { is_main, ..app.new_home(person, post.body.into()).await? };
    let add = async |answer: Option<&_>| match app.stores.residences.add(&home, answer).await? {
        Added::Done => Ok(Commit::Done),
        Added::KeyTaken => Ok(Commit::KeyTaken),
        Added::Known => Err(Problem::field("/compound", "这个住址已经登记过了")),
        Added::Full => {
            let detail = format!("最多登记 {MAX_RESIDENCES} 处住址，请先删除不再住的");
            Err(Problem::new(Code::TooManyResidences, detail))
        }
    };
    app.answer_once(&post.asking, StatusCode::CREATED, &ResidenceView::new(&home), add).await
}

/// I do not live there any more.
#[utoipa::path(tag = "me", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
#[delete("/me/residences/{id}")]
async fn remove_residence(app: Data<App>, caller: Caller, Id(id): Id<ResidenceId>) -> Answer {
    if app.stores.residences.remove(caller.person.id, id).await? {
        return Ok(HttpResponse::new(StatusCode::NO_CONTENT));
    }
    Err(Problem::not_found())
}

/// Who lives in the community, or in the grid; for its staff. Names and rooms are masked.
#[utoipa::path(tag = "residents", operation_id = "residences", security(("token" = [])), params(("id" = Uuid, Path), HomesQuery),
    responses((status = 200, body = Page<HomeView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/communities/{id}/residences")]
async fn in_community(
    app: Data<App>,
    caller: Caller,
    Id(community): Id<CommunityId>,
    Query(query): Query<HomesQuery>,
) -> Answer {
    let area = area_in(&caller.actor, Operation::ResidentsResidences, community)?;
    let slice = Cursor::slice(query.cursor.as_deref(), query.limit)?;
    let wanted = HomeQuery { community, area, verified: query.verified, slice };
    let homes = app.stores.residences.homes_in(&wanted).await?;
    let (homes, next_cursor) = Cursor::cut(slice, homes, |of| of.home.id.to_string());
    let items: Vec<_> = homes.iter().map(HomeView::from).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// Confirm that somebody lives there, or take that back; for staff of the place.
#[utoipa::path(tag = "residents", security(("token" = [])), params(("id" = Uuid, Path)), request_body = VerifyBody,
    responses((status = 200, body = HomeView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[post("/residences/{id}/verify")]
async fn verify(app: Data<App>, Id(id): Id<ResidenceId>, post: Post<VerifyBody>) -> Answer {
    let (store, actor) = (&app.stores.residences, &post.asking.actor);
    let area = Area::of(actor, Operation::ResidentsVerify);
    let of = store.find_home(id, &area).await?.ok_or_else(Problem::not_found)?;
    if actor.is_self(of.home.person) {
        return Err(Problem::new(Code::NotPermitted, "自己的住址请由其他工作人员核实"));
    }
    let verified = post.body.verified.then(|| Verification { at: app.clock.now(), by: actor.person });
    // Whoever moved meanwhile has another residence.
    if !store.verify(id, &area, verified).await? {
        return Err(Problem::not_found());
    }
    let of = HomeOf { home: Residence { verified, ..of.home }, ..of };
    Ok(HttpResponse::Ok().json(HomeView::from(&of)))
}
