use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpMessage, HttpRequest, post, put};
use domain::deadline::day_in_shanghai;
use domain::ids::{CommunityId, PartnerId};
use domain::order::usecase::Asking;
use domain::people::access::Operation;
use domain::place::{Particulars, Partner};
use domain::ports::PartnerSaved;

use super::Named;
use super::body::{OpeningBody, PartnerBody};
use super::view::PartnerView;
use crate::app::App;
use crate::audit::Whom;
use crate::extract::{Id, Post};
use crate::names::Book;
use crate::problem::{Answer, Problem, ProblemBody};

/// Add a partner to the community; for its secretary.
#[utoipa::path(tag = "partners", security(("token" = [])), params(("id" = Uuid, Path)), request_body = PartnerBody,
    responses((status = 201, body = PartnerView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[post("/communities/{id}/partners")]
pub(super) async fn add(
    app: Data<App>,
    request: HttpRequest,
    Id(community): Id<CommunityId>,
    Post { asking, body, .. }: Post<PartnerBody>,
) -> Answer {
    let book = app.names.fresh_book().await?;
    if book.community(community).is_none() || !asking.actor.covers(Operation::PartnersAdd, community) {
        return Err(Problem::not_found());
    }
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    let now = app.clock.now();
    let kind = body.kind.ok_or_else(|| Problem::field("/kind", "请选择单位类别"))?;
    let (id, place_id) = (PartnerId(app.ids.at(now)), community.into());
    let (name, uscc, closed) = (body.name.clone(), body.uscc.clone(), body.closed);
    let partner = Partner { id, place_id, kind, name, uscc, closed };
    must_be_new(&book, &partner)?;
    let particulars = body.particulars(&Particulars::default(), now)?;
    request.extensions_mut().insert(Whom(id.0));
    app.save_partner(&asking, StatusCode::CREATED, community, &partner, &particulars, true).await
}

/// Change what is kept of a partner; for the secretary. What is left out is gone, but for the opening, which stays.
#[utoipa::path(tag = "partners", security(("token" = [])), params(("id" = Uuid, Path), ("pid" = Uuid, Path)), request_body = PartnerBody,
    responses((status = 200, body = PartnerView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[put("/communities/{id}/partners/{pid}")]
pub(super) async fn change(
    app: Data<App>,
    request: HttpRequest,
    path: Path<(String, String)>,
    Post { asking, body, .. }: Post<PartnerBody>,
) -> Answer {
    let named = Named::find(app.names.fresh_book().await?, &path)?;
    let Named { book, community, partner } = named.for_whom(&asking.actor, Operation::PartnersChange)?;
    if body.kind.is_some_and(|kind| kind != partner.kind) {
        return Err(Problem::field("/kind", "单位类别不能修改；如有变化，请停用后新建"));
    }
    let known = app.particulars(partner.id).await?;
    let partner = Partner { name: body.name.clone(), uscc: body.uscc.clone(), closed: body.closed, ..partner };
    must_be_new(&book, &partner)?;
    let with_opening = body.opening.is_some();
    let particulars = body.particulars(&known, app.clock.now())?;
    request.extensions_mut().insert(Whom(partner.id.0));
    app.save_partner(&asking, StatusCode::OK, community, &partner, &particulars, with_opening).await
}

/// Change hours, offers, and whether anybody is on duty; for the desk and the partner's own staff.
#[utoipa::path(tag = "partners", security(("token" = [])), params(("id" = Uuid, Path), ("pid" = Uuid, Path)), request_body = OpeningBody,
    responses((status = 200, body = PartnerView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[put("/communities/{id}/partners/{pid}/opening")]
pub(super) async fn opening_(
    app: Data<App>,
    request: HttpRequest,
    path: Path<(String, String)>,
    Post { asking, body, .. }: Post<OpeningBody>,
) -> Answer {
    let named = Named::find(app.names.book().await?, &path)?;
    let Named { community, partner, .. } = named.for_whom(&asking.actor, Operation::PartnersOpening)?;
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    let opening = body.opening("")?;
    let known = app.particulars(partner.id).await?;
    let view = app.partner_view(community, &partner, &opening.clone().laid_over(known)).await?;
    request.extensions_mut().insert(Whom(partner.id.0));
    let write = async |answer: Option<&_>| Ok(app.stores.partners.save_opening(partner.id, &opening, answer).await?);
    app.answer_once(&asking, StatusCode::OK, &view, write).await
}

/// Two of one name, or of one code, would be taken for each other.
fn must_be_new(book: &Book, partner: &Partner) -> Result<(), Problem> {
    let others = || book.partners().iter().filter(|p| p.place_id == partner.place_id && p.id != partner.id);
    if others().any(|other| other.name == partner.name) {
        return Err(Problem::field("/name", "这里已有同名的单位，请换一个名称"));
    }
    let is_taken = partner.uscc.is_some() && others().any(|other| other.uscc == partner.uscc);
    if is_taken { Err(code_taken()) } else { Ok(()) }
}

pub(in crate::routes) fn code_taken() -> Problem {
    Problem::field("/uscc", "本社区已有这个统一社会信用代码的单位，请直接修改原来的那个单位")
}

impl App {
    async fn save_partner(
        &self,
        asking: &Asking,
        status: StatusCode,
        community: CommunityId,
        partner: &Partner,
        particulars: &Particulars,
        with_opening: bool,
    ) -> Answer {
        let view = self.partner_view(community, partner, particulars).await?;
        let write = async |answer: Option<&_>| match self
            .stores
            .partners
            .save_partner(partner, particulars, with_opening, day_in_shanghai(self.clock.now()), answer)
            .await?
        {
            PartnerSaved::Ended(end) => Ok(end),
            PartnerSaved::UsccTaken => Err(code_taken()),
        };
        let answer = self.answer_once(asking, status, &view, write).await;
        self.names.forget();
        answer
    }

    async fn partner_view(
        &self,
        community: CommunityId,
        partner: &Partner,
        particulars: &Particulars,
    ) -> Result<PartnerView, Problem> {
        let jobs = self.stores.partners.open_jobs_of(&[partner.id]).await?;
        let open_jobs = jobs.get(&partner.id).copied().unwrap_or_default();
        Ok(PartnerView::new(community, partner, particulars, open_jobs, self.clock.now()))
    }
}
