use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use domain::ids::CommunityId;
use domain::people::access::Operation;
use domain::place::Partner;

use super::view::PartnerView;
use super::{Named, desk_only};
use crate::app::App;
use crate::extract::{Caller, Id};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::view::Page;

/// Partners that may be dispatched to, with what the desk keeps of them.
#[utoipa::path(tag = "communities", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = Page<PartnerView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/communities/{id}/partners")]
pub(super) async fn partners(app: Data<App>, caller: Caller, Id(id): Id<CommunityId>) -> Answer {
    let book = app.names.book().await?;
    book.community(id).ok_or_else(Problem::not_found)?;
    if !caller.actor.covers(Operation::CommunitiesPartners, id) {
        return Err(desk_only());
    }
    let takers = book.partners_of(id).filter(|partner| partner.kind.takes_dispatches() && !partner.closed);
    let items = app.shown(id, &takers.collect::<Vec<_>>()).await?;
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}

/// What is kept of one partner; for the desk and its own staff.
#[utoipa::path(tag = "partners", security(("token" = [])), params(("id" = Uuid, Path), ("pid" = Uuid, Path)),
    responses((status = 200, body = PartnerView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/communities/{id}/partners/{pid}")]
pub(super) async fn one(app: Data<App>, caller: Caller, path: Path<(String, String)>) -> Answer {
    let named = Named::find(app.names.book().await?, &path)?.for_whom(&caller.actor, Operation::PartnersOne)?;
    let view = app.shown(named.community, &[&named.partner]).await?.pop();
    Ok(HttpResponse::Ok().json(view.ok_or_else(Problem::not_found)?))
}

impl App {
    /// Two statements, however many there are.
    pub(super) async fn shown(&self, community: CommunityId, some: &[&Partner]) -> Result<Vec<PartnerView>, Problem> {
        let ids: Vec<_> = some.iter().map(|partner| partner.id).collect();
        let particulars = self.stores.partners.particulars_of(&ids).await?;
        let jobs = self.stores.partners.open_jobs_of(&ids).await?;
        let now = self.clock.now();
        let shown = some.iter().filter_map(|partner| {
            let open_jobs = jobs.get(&partner.id).copied().unwrap_or_default();
            Some(PartnerView::new(community, partner, particulars.get(&partner.id)?, open_jobs, now))
        });
        Ok(shown.collect())
    }
}
