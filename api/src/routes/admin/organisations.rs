use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, get, post, put};
use domain::ids::{PartnerId, PlaceId};
use domain::people::access::Operation;
use domain::place::{Partner, PartnerKind, is_uscc};
use domain::ports::Directory;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::must_govern;
use crate::app::App;
use crate::audit::Whom;
use crate::extract::{Caller, Id, Post, Query, needed};
use crate::names::Book;
use crate::problem::{Answer, Problem, ProblemBody};
use crate::routes::partners::code_taken;
use crate::view::Page;

#[derive(Serialize, ToSchema)]
struct OrganisationView {
    id: Uuid,
    /// Where it works.
    place_id: Uuid,
    #[schema(example = "红色物业西苑管理科")]
    name: String,
    #[schema(example = "property_company")]
    kind: &'static str,
    #[schema(example = "物业")]
    kind_text: &'static str,
    /// Orders can be dispatched to it.
    takes_dispatches: bool,
    /// 统一社会信用代码
    #[schema(example = "91350100M000100Y43")]
    uscc: Option<String>,
    closed: bool,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct AtPlace {
    place_id: Uuid,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOrganisation {
    #[garde(skip)]
    place_id: Uuid,
    /// `community_office`, `party_branch`, `street_office`, `property_company`, `contractor`, `fire_brigade`, `shop` or
    /// `volunteer_team`.
    #[garde(skip)]
    #[schema(value_type = String, example = "property_company")]
    kind: PartnerKind,
    #[garde(custom(needed("单位名称", 50)))]
    #[schema(example = "红色物业西苑管理科")]
    name: String,
    #[garde(custom(right_code))]
    #[schema(example = "91350100M000100Y43")]
    uscc: Option<String>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangedOrganisation {
    #[garde(custom(needed("单位名称", 50)))]
    #[schema(example = "红色物业西苑管理科")]
    name: String,
    #[garde(custom(right_code))]
    #[schema(example = "91350100M000100Y43")]
    uscc: Option<String>,
    /// A closed one takes no more dispatches and no more people; what it did stays.
    #[garde(skip)]
    #[serde(default)]
    closed: bool,
}

fn right_code<C>(code: &Option<String>, _: &C) -> Result<(), garde::Error> {
    match code {
        Some(code) if !is_uscc(code) => Err(garde::Error::new("统一社会信用代码不对，请对照营业执照核对 18 位代码")),
        _ => Ok(()),
    }
}

impl From<&Partner> for OrganisationView {
    fn from(p: &Partner) -> Self {
        Self {
            id: p.id.0,
            place_id: p.place_id.0,
            name: p.name.clone(),
            kind: p.kind.into(),
            kind_text: p.kind.text(),
            takes_dispatches: p.kind.takes_dispatches() && !p.closed,
            uscc: p.uscc.clone(),
            closed: p.closed,
        }
    }
}

/// Organisations that work at a place, closed ones too.
#[utoipa::path(tag = "admin", security(("token" = [])), params(AtPlace),
    responses((status = 200, body = Page<OrganisationView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/admin/organisations")]
pub(super) async fn organisations(app: Data<App>, caller: Caller, Query(query): Query<AtPlace>) -> Answer {
    let (book, place) = (app.names.book().await?, PlaceId(query.place_id));
    book.tree().get(place).ok_or_else(Problem::not_found)?;
    must_govern(&caller.actor, Operation::AdminOrganisations, Some(place), book.tree())?;
    let items = book.partners().iter().filter(|p| p.place_id == place).map(OrganisationView::from).collect();
    Ok(HttpResponse::Ok().json(Page::<OrganisationView> { items, next_cursor: None }))
}

/// Add an organisation.
#[utoipa::path(tag = "admin", security(("token" = [])), request_body = NewOrganisation,
    responses((status = 201, body = OrganisationView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[post("/admin/organisations")]
pub(super) async fn add_organisation(
    app: Data<App>,
    request: HttpRequest,
    Post { asking, body, .. }: Post<NewOrganisation>,
) -> Answer {
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    let book = app.names.fresh_book().await?;
    let place_id = PlaceId(body.place_id);
    book.tree().get(place_id).ok_or_else(|| Problem::field("/place_id", "没有这个地方，请重新选择"))?;
    must_govern(&asking.actor, Operation::AdminAddOrganisation, Some(place_id), book.tree())?;
    if book.partners().iter().any(|p| p.place_id == place_id && p.name == body.name) {
        return Err(Problem::field("/name", "这里已有同名的单位，请换一个名称"));
    }
    must_be_the_only_one(&book, place_id, None, body.uscc.as_deref())?;
    let id = PartnerId(app.ids.at(app.clock.now()));
    let partner = Partner { id, place_id, kind: body.kind, name: body.name, uscc: body.uscc, closed: false };
    save(&app, &partner).await?;
    request.extensions_mut().insert(Whom(id.0));
    app.answer_and_keep(&asking, StatusCode::CREATED, &OrganisationView::from(&partner)).await
}

/// Change or close an organisation.
#[utoipa::path(tag = "admin", security(("token" = [])), params(("id" = Uuid, Path)), request_body = ChangedOrganisation,
    responses((status = 200, body = OrganisationView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[put("/admin/organisations/{id}")]
pub(super) async fn change_organisation(
    app: Data<App>,
    Id(id): Id<PartnerId>,
    Post { asking, body, .. }: Post<ChangedOrganisation>,
) -> Answer {
    let book = app.names.fresh_book().await?;
    let known = book.partner(id).ok_or_else(Problem::not_found)?;
    must_govern(&asking.actor, Operation::AdminChangeOrganisation, Some(known.place_id), book.tree())?;
    must_be_the_only_one(&book, known.place_id, Some(id), body.uscc.as_deref())?;
    let partner = Partner { name: body.name, uscc: body.uscc, closed: body.closed, ..known.clone() };
    save(&app, &partner).await?;
    Ok(HttpResponse::Ok().json(OrganisationView::from(&partner)))
}

/// Two of one code in one place are one organisation.
fn must_be_the_only_one(
    book: &Book,
    place: PlaceId,
    own: Option<PartnerId>,
    uscc: Option<&str>,
) -> Result<(), Problem> {
    let is_same = |p: &Partner| p.place_id == place && Some(p.id) != own && p.uscc.as_deref() == uscc;
    if uscc.is_some() && book.partners().iter().any(is_same) { Err(code_taken()) } else { Ok(()) }
}

async fn save(app: &App, partner: &Partner) -> Result<(), Problem> {
    let directory = Directory { partners: vec![partner.clone()], ..Directory::default() };
    app.stores.directory.save_directory(&directory).await?;
    app.names.forget();
    Ok(())
}
