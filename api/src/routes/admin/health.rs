use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use chrono::{DateTime, FixedOffset};
use domain::people::access::Operation;
use infra::vault::KeyFacts;
use serde::Serialize;
use utoipa::ToSchema;

use super::must_govern;
use crate::app::App;
use crate::extract::Caller;
use crate::problem::{Answer, Problem, ProblemBody};
use crate::routes::operations::{Readiness, readiness};
use crate::view::local;

#[derive(Serialize, ToSchema)]
struct HealthView {
    #[schema(example = "0.1.0")]
    version: &'static str,
    readiness: Readiness,
    /// The keys that lock what speaks of people; never the keys themselves.
    keys: Vec<KeyView>,
}

#[derive(Serialize, ToSchema)]
struct KeyView {
    id: i64,
    /// `lock` for fields, `index` for blind look-up.
    #[schema(example = "lock")]
    purpose: String,
    /// The master key that opens it.
    master_id: String,
    active_from: DateTime<FixedOffset>,
}

impl From<KeyFacts> for KeyView {
    fn from(key: KeyFacts) -> Self {
        Self { id: key.id, purpose: key.purpose, master_id: key.master_id, active_from: local(key.active_from) }
    }
}

/// How the system is, for administrators: what waits, and which keys are in use.
#[utoipa::path(tag = "admin", security(("token" = [])),
    responses((status = 200, body = HealthView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/admin/health")]
pub(super) async fn health(app: Data<App>, caller: Caller) -> Answer {
    must_govern(&caller.actor, Operation::AdminHealth, None, app.names.book().await?.tree())?;
    let keys = app.vault.keys().await.map_err(Problem::internal)?;
    Ok(HttpResponse::Ok().json(HealthView {
        version: env!("CARGO_PKG_VERSION"),
        readiness: readiness(&app).await,
        keys: keys.into_iter().map(Into::into).collect(),
    }))
}
