//! Partners: the directory of shops for everybody, what the desk keeps of each, and how they did.

mod body;
mod edit;
mod read;
mod record;
mod shops;
mod view;
mod week;

use std::sync::Arc;

use domain::ids::{CommunityId, PartnerId};
use domain::order::Taker;
use domain::people::Actor;
use domain::people::access::Operation;
use domain::place::{Particulars, Partner};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::names::Book;
use crate::problem::{Code, Problem};

pub(in crate::routes) use edit::code_taken;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(shops::shops)
        .service(read::partners)
        .service(edit::add)
        .service(read::one)
        .service(edit::change)
        .service(edit::opening_)
        .service(record::record);
}

/// A partner that the path names, in the community that the path names.
struct Named {
    book: Arc<Book>,
    community: CommunityId,
    partner: Partner,
}

impl Named {
    fn find(book: Arc<Book>, path: &(String, String)) -> Result<Self, Problem> {
        let community: CommunityId = path.0.parse().map_err(|_| Problem::not_found())?;
        let id: PartnerId = path.1.parse().map_err(|_| Problem::not_found())?;
        let partner = book.partner(id).filter(|partner| book.community_of(partner) == Some(community)).cloned();
        let partner = partner.ok_or_else(Problem::not_found)?;
        Ok(Self { book, community, partner })
    }

    /// Somebody else's partner does not exist for the caller.
    fn for_whom(self, actor: &Actor, operation: Operation) -> Result<Self, Problem> {
        if actor.minds(operation, self.community, self.partner.id) { Ok(self) } else { Err(Problem::not_found()) }
    }
}

impl App {
    /// The partner as it stands now; `None` where nothing is dispatched to it.
    pub(in crate::routes) async fn taker(&self, id: PartnerId) -> Result<Option<Taker>, Problem> {
        let book = self.names.book().await?;
        let partner = book.partner(id).filter(|partner| partner.kind.takes_dispatches() && !partner.closed);
        let Some(community) = partner.and_then(|partner| book.community_of(partner)) else { return Ok(None) };
        let particulars = self.particulars(id).await?;
        let open_jobs = self.stores.partners.open_jobs_of(&[id]).await?.remove(&id).unwrap_or_default();
        Ok(Some(taker(community, &particulars, open_jobs)))
    }

    async fn particulars(&self, id: PartnerId) -> Result<Particulars, Problem> {
        Ok(self.stores.partners.particulars_of(&[id]).await?.remove(&id).unwrap_or_default())
    }
}

fn taker(community: CommunityId, particulars: &Particulars, open_jobs: u32) -> Taker {
    let Particulars { listing: _, terms, on_duty } = particulars.clone();
    Taker { community, terms, on_duty, open_jobs }
}

fn desk_only() -> Problem {
    Problem::new(Code::NotPermitted, "承办单位名单只对本社区工作人员开放")
}
