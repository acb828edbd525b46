use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use chrono::{DateTime, FixedOffset};
use domain::audit::Line;
use domain::ids::{AuditId, PersonId};
use domain::people::access::Operation;
use domain::ports::AuditQuery;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::must_govern;
use crate::app::App;
use crate::extract::{Caller, Cursor, Limit, Query, timely};
use crate::problem::{Answer, ProblemBody};
use crate::routes::orders::searchable;
use crate::view::{Page, local};

#[derive(Serialize, ToSchema)]
struct AuditView {
    id: Uuid,
    at: DateTime<FixedOffset>,
    /// Null where nobody had signed in, or the program itself did it.
    person_id: Option<Uuid>,
    /// The operation by its name in this description.
    #[schema(example = "orders_reveal")]
    action: String,
    /// To what it was done.
    target_id: Option<Uuid>,
    /// The network address that it came from.
    #[schema(example = "192.0.2.7")]
    address: Option<String>,
    /// `done`, or the code of the refusal.
    #[schema(example = "done")]
    result: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// What this person did.
    person_id: Option<Uuid>,
    action: Option<String>,
    result: Option<String>,
    /// At or after this instant.
    #[serde(default, deserialize_with = "timely")]
    since: Option<DateTime<FixedOffset>>,
    /// Before this instant.
    #[serde(default, deserialize_with = "timely")]
    until: Option<DateTime<FixedOffset>>,
    cursor: Option<String>,
    /// 1 to 100; 20 where it is left out.
    #[param(value_type = Option<u16>)]
    limit: Option<Limit>,
}

impl From<&Line> for AuditView {
    fn from(line: &Line) -> Self {
        let entry = &line.entry;
        Self {
            id: line.id.0,
            at: local(entry.at),
            person_id: entry.person.map(Into::into),
            action: entry.action.clone(),
            target_id: entry.target,
            address: entry.address.clone(),
            result: entry.result.clone(),
        }
    }
}

/// The audit log, newest first. Looking at it leaves a line too.
#[utoipa::path(tag = "admin", security(("token" = [])), params(Wanted),
    responses((status = 200, body = Page<AuditView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/admin/audit")]
pub(super) async fn audit(app: Data<App>, caller: Caller, Query(wanted): Query<Wanted>) -> Answer {
    must_govern(&caller.actor, Operation::AdminAudit, None, app.names.book().await?.tree())?;
    for (name, text) in [("action", &wanted.action), ("result", &wanted.result)] {
        searchable(name, text.as_deref())?;
    }
    let slice = Cursor::slice::<AuditId>(wanted.cursor.as_deref(), wanted.limit)?;
    let query = AuditQuery {
        person: wanted.person_id.map(PersonId),
        action: wanted.action,
        result: wanted.result,
        since: wanted.since.map(|at| at.to_utc()),
        until: wanted.until.map(|at| at.to_utc()),
    };
    let lines = app.stores.audit.lines(&query, slice).await?;
    let (lines, next_cursor) = Cursor::cut(slice, lines, |line| line.id.to_string());
    let items = lines.iter().map(AuditView::from).collect();
    Ok(HttpResponse::Ok().json(Page::<AuditView> { items, next_cursor }))
}
