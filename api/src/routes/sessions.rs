//! The devices on which I am signed in.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get};
use chrono::{DateTime, FixedOffset};
use domain::ids::SessionId;
use domain::people::Session;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::extract::{Caller, Cursor, Id, PageQuery, Query};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::view::{Page, local};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(sessions).service(end_session);
}

/// One device on which I am signed in.
#[derive(Serialize, ToSchema)]
struct SessionView {
    id: Uuid,
    /// `phone` or `desk`. A desk signs out by itself when nobody uses it.
    #[schema(example = "desk")]
    kind: &'static str,
    #[schema(example = "社区服务大厅 1 号窗口 · Windows · Edge")]
    device: Option<String>,
    opened_at: DateTime<FixedOffset>,
    /// To the minute.
    last_seen_at: DateTime<FixedOffset>,
    /// The one that asks.
    current: bool,
}

impl SessionView {
    fn new(session: Session, current: SessionId) -> Self {
        Self {
            id: session.id.0,
            kind: session.kind.into(),
            device: session.device,
            opened_at: local(session.opened_at),
            last_seen_at: local(session.last_seen_at),
            current: session.id == current,
        }
    }
}

/// Where I am signed in, the newest sign-in first. A page may be shorter than its limit.
#[utoipa::path(tag = "me", security(("token" = [])), params(PageQuery),
    responses((status = 200, body = Page<SessionView>)))]
#[get("/me/sessions")]
async fn sessions(app: Data<App>, caller: Caller, Query(query): Query<PageQuery>) -> Answer {
    let now = app.clock.now();
    let slice = Cursor::slice::<SessionId>(query.cursor.as_deref(), query.limit)?;
    let sessions = app.stores.people.sessions_of(caller.person.id, slice, now).await?;
    let (sessions, next_cursor) = Cursor::cut(slice, sessions, |session| session.id.to_string());
    let open = sessions.into_iter().filter(|session| !session.kind.is_over(session.last_seen_at, now));
    let items: Vec<_> = open.map(|session| SessionView::new(session, caller.session)).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// Sign one of my devices out: its access and refresh tokens end at once.
#[utoipa::path(tag = "me", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
#[delete("/me/sessions/{id}")]
async fn end_session(app: Data<App>, caller: Caller, Id(id): Id<SessionId>) -> Answer {
    if app.stores.people.close_session(caller.person.id, id, app.clock.now()).await? {
        Ok(HttpResponse::new(StatusCode::NO_CONTENT))
    } else {
        Err(Problem::not_found())
    }
}
