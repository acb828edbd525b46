//! People as the staff of their community know them, and accounts that staff keep for people without WeChat.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use domain::ids::{CommunityId, PersonId};
use domain::people::access::Operation;
use domain::people::{Actor, Address, Area, Kept, Residence, Resident, mask_name, mask_phone};
use domain::ports::ResidentQuery;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::extract::{Caller, Cursor, Id, Limit, Post, Query, digits, needed, optional, phone_number};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::view::Page;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(keep);
}

/// Somebody who lives in the community; name, number and rooms are masked.
#[derive(Serialize, ToSchema)]
struct ResidentView {
    id: Uuid,
    #[schema(example = "张**")]
    name: Option<String>,
    #[schema(example = "138****0000")]
    phone: Option<String>,
    /// The account is kept by staff, because the person has no WeChat.
    kept: bool,
    /// Those that the caller may see.
    homes: Vec<ResidentHomeView>,
}

#[derive(Serialize, ToSchema)]
struct ResidentHomeView {
    residence_id: Uuid,
    #[schema(example = "西苑小区")]
    compound: String,
    building: Option<String>,
    unit: Option<String>,
    #[schema(example = "1***")]
    room: Option<String>,
    verified: bool,
}

impl From<&Resident> for ResidentView {
    fn from(resident: &Resident) -> Self {
        Self {
            id: resident.id.0,
            name: resident.name.as_deref().map(mask_name),
            phone: resident.phone.as_deref().map(mask_phone),
            kept: resident.kept_by.is_some(),
            homes: resident.homes.iter().map(Into::into).collect(),
        }
    }
}

impl From<&Residence> for ResidentHomeView {
    fn from(home: &Residence) -> Self {
        let Address { community_id: _, compound, building, unit, room } = home.address.clone();
        let (residence_id, verified) = (home.id.0, home.verified.is_some());
        Self { residence_id, compound, building, unit, room: room.as_deref().map(mask_name), verified }
    }
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct KeepBody {
    #[garde(custom(needed("姓名", 30)))]
    #[schema(example = "张大爷")]
    name: String,
    #[garde(custom(phone_number))]
    #[schema(example = "13800000000")]
    phone: Option<String>,
    #[garde(dive)]
    residence: HomeBody,
    #[garde(custom(optional("备注", 200)))]
    #[schema(example = "独居，听力不好，请上门")]
    note: Option<String>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct HomeBody {
    #[garde(custom(needed("小区", 50)))]
    #[schema(example = "西苑小区")]
    compound: String,
    #[garde(custom(optional("楼栋", 20)))]
    building: Option<String>,
    #[garde(custom(optional("单元", 20)))]
    unit: Option<String>,
    #[garde(custom(optional("室", 20)))]
    room: Option<String>,
}

impl HomeBody {
    fn address(self, community_id: CommunityId) -> Address {
        Address { community_id, compound: self.compound, building: self.building, unit: self.unit, room: self.room }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ResidentsQuery {
    /// Exactly this number.
    phone: Option<String>,
    cursor: Option<String>,
    /// 1 to 100; 20 where it is left out.
    #[param(value_type = Option<u16>)]
    limit: Option<Limit>,
}

/// As far as the actor reaches with `operation` in this community; elsewhere there is nothing to see.
pub(super) fn area_in(actor: &Actor, operation: Operation, community: CommunityId) -> Result<Area, Problem> {
    if !actor.touches(operation, community) {
        return Err(Problem::not_found());
    }
    Ok(Area::of(actor, operation))
}

/// Without `+86`, spaces and dashes, so that it is found however it was written.
fn plain(phone: String) -> String {
    digits(&phone).unwrap_or(phone)
}

/// Who lives in the community, or in the grid; for its staff. Newest accounts first.
#[utoipa::path(tag = "residents", security(("token" = [])), params(("id" = Uuid, Path), ResidentsQuery),
    responses((status = 200, body = Page<ResidentView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/communities/{id}/residents")]
async fn list(
    app: Data<App>,
    caller: Caller,
    Id(community): Id<CommunityId>,
    Query(query): Query<ResidentsQuery>,
) -> Answer {
    let area = area_in(&caller.actor, Operation::ResidentsList, community)?;
    let slice = Cursor::slice(query.cursor.as_deref(), query.limit)?;
    phone_number(&query.phone, &()).map_err(|e| Problem::new(Code::BadRequest, e.message().to_owned()))?;
    let wanted = ResidentQuery { community, area, phone: query.phone.map(plain), slice };
    let residents = app.stores.residents.residents(&wanted).await?;
    let (residents, next_cursor) = Cursor::cut(slice, residents, |resident| resident.id.to_string());
    let items: Vec<_> = residents.iter().map(ResidentView::from).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// Keep an account for somebody without WeChat who lives here.
#[utoipa::path(tag = "residents", security(("token" = [])), params(("id" = Uuid, Path)), request_body = KeepBody,
    responses((status = 201, body = ResidentView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[post("/communities/{id}/residents")]
async fn keep(app: Data<App>, Id(community): Id<CommunityId>, post: Post<KeepBody>) -> Answer {
    let area = area_in(&post.asking.actor, Operation::ResidentsKeep, community)?;
    if let Some(answer) = app.replay(&post.asking).await? {
        return Ok(answer);
    }
    let KeepBody { name, phone, residence, note } = post.body;
    let at = app.clock.now();
    let home = app.new_home(PersonId(app.ids.at(at)), residence.address(community)).await?;
    if !area.holds_home(community, home.compound_id) {
        return Err(Problem::field("/residence/compound", "这个小区不在您的网格里，请从您的网格里选择"));
    }
    let kept = Kept { by: community, name, phone: phone.map(plain), note, home, at };
    let resident = Resident {
        id: kept.home.person,
        name: Some(kept.name.clone()),
        phone: kept.phone.clone(),
        kept_by: Some(community),
        homes: vec![kept.home.clone()],
    };
    let write = async |answer: Option<&_>| Ok(app.stores.residents.keep(&kept, answer).await?);
    app.answer_once(&post.asking, StatusCode::CREATED, &ResidentView::from(&resident), write).await
}
