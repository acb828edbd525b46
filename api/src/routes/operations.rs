//! For operators: is it alive, is it ready, how much does it do.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;

#[derive(Serialize, ToSchema)]
struct Health {
    #[schema(example = "ok")]
    status: &'static str,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Readiness {
    /// `ready`, or `unavailable` where orders cannot be taken.
    #[schema(example = "ready")]
    status: &'static str,
    /// `ok` or `down`.
    #[schema(example = "ok")]
    database: &'static str,
    /// `ok`, `down` (messages and limits are slower, orders go on) or `unused`.
    #[schema(example = "unused")]
    redis: &'static str,
    /// Notices that wait to be sent.
    outbox_waiting: Option<u64>,
    /// Seconds that the oldest of them has waited.
    outbox_oldest_seconds: Option<i64>,
}

/// The process runs.
#[utoipa::path(tag = "operations", responses((status = 200, body = Health)))]
#[get("/healthz")]
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok" })
}

/// Orders can be taken.
#[utoipa::path(tag = "operations", responses((status = 200, body = Readiness), (status = 503, body = Readiness)))]
#[get("/readyz")]
pub async fn readyz(app: Data<App>) -> HttpResponse {
    let body = readiness(&app).await;
    if body.database == "ok" { HttpResponse::Ok().json(body) } else { HttpResponse::ServiceUnavailable().json(body) }
}

pub(super) async fn readiness(app: &App) -> Readiness {
    let waiting = app.stores.outbox.waiting().await;
    let redis = match &app.redis {
        None => "unused",
        Some(redis) if redis.ping().await.is_ok() => "ok",
        Some(_) => "down",
    };
    let (count, oldest) = waiting.as_ref().copied().unwrap_or_default();
    let is_ready = waiting.is_ok();
    Readiness {
        status: if is_ready { "ready" } else { "unavailable" },
        database: if is_ready { "ok" } else { "down" },
        redis,
        outbox_waiting: is_ready.then_some(count),
        outbox_oldest_seconds: oldest.map(|at| (app.clock.now() - at).num_seconds().max(0)),
    }
}

/// Figures for Prometheus. Names no person; still, keep it behind the proxy.
#[utoipa::path(tag = "operations", responses((status = 200, content_type = "text/plain", body = String)))]
#[get("/metrics")]
pub async fn figures(app: Data<App>) -> HttpResponse {
    if let Ok((waiting, oldest)) = app.stores.outbox.waiting().await {
        let age = oldest.map_or(0.0, |at| (app.clock.now() - at).as_seconds_f64().max(0.0));
        #[expect(clippy::cast_precision_loss, reason = "a gauge is a float; a count below 2^52 is exact")]
        metrics::gauge!("hgj_outbox_waiting").set(waiting as f64);
        metrics::gauge!("hgj_outbox_oldest_seconds").set(age);
    }
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/plain; version=0.0.4")).body(app.metrics.render())
}
