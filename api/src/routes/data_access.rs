//! Who saw my data, when and why.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use chrono::{DateTime, FixedOffset};
use domain::ids::DisclosureId;
use domain::people::{Disclosure, Hat, Look};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::extract::{Caller, Cursor, PageQuery, Query};
use crate::names::Book;
use crate::problem::Answer;
use crate::view::{Page, local};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(data_access);
}

/// One look at my full name or number.
#[derive(Serialize, ToSchema)]
pub(super) struct DataAccessView {
    at: DateTime<FixedOffset>,
    /// Null where the order is not for the reader: see `mediation_id`.
    order_id: Option<Uuid>,
    /// Of a mediation that somebody else asked for: the case, under `/v1/mediations`.
    mediation_id: Option<Uuid>,
    /// As what they looked: `mediator`, `grid_worker`, `intake_clerk`, `secretary` or `partner`.
    #[schema(example = "intake_clerk")]
    by: &'static str,
    #[schema(example = "接访员")]
    by_text: String,
    #[schema(example = "contact_resident")]
    purpose: &'static str,
    #[schema(example = "联系居民")]
    purpose_text: &'static str,
}

impl DataAccessView {
    pub(super) fn new(book: &Book, look: &Look) -> Self {
        let Look { disclosure: look, mediation } = look;
        Self {
            at: local(look.at),
            order_id: mediation.is_none().then_some(look.order.0),
            mediation_id: mediation.map(Into::into),
            by: look.hat.into(),
            by_text: who(book, look),
            purpose: look.purpose.into(),
            purpose_text: look.purpose.text(),
        }
    }
}

/// The unit, for handlers; the office, for the desk.
fn who(book: &Book, look: &Disclosure) -> String {
    let partner = look.partner.and_then(|id| book.partner(id)).map(|partner| partner.name.clone());
    let office = || match look.hat {
        Hat::Mediator => "调解员".to_owned(),
        Hat::Requester | Hat::GridWorker | Hat::IntakeClerk | Hat::Secretary | Hat::Partner | Hat::System => {
            look.hat.role().map_or("系统", |role| role.text()).to_owned()
        }
    };
    partner.filter(|_| look.hat == Hat::Partner).unwrap_or_else(office)
}

/// Who saw my data in full, when and why; newest first.
#[utoipa::path(tag = "me", security(("token" = [])), params(PageQuery),
    responses((status = 200, body = Page<DataAccessView>)))]
#[get("/me/data-access")]
async fn data_access(app: Data<App>, caller: Caller, Query(query): Query<PageQuery>) -> Answer {
    let slice = Cursor::slice::<DisclosureId>(query.cursor.as_deref(), query.limit)?;
    let selves: Vec<_> = caller.actor.selves().collect();
    let looks = app.stores.disclosures.disclosures_of(&selves, slice).await?;
    let (looks, next_cursor) = Cursor::cut(slice, looks, |look| look.disclosure.id.to_string());
    let book = app.names.book().await?;
    let items: Vec<_> = looks.iter().map(|look| DataAccessView::new(&book, look)).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}
