//! For operators: is it alive, is it ready, how much does it do.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use chrono::{DateTime, FixedOffset, Utc};
use domain::notice::{Channel, DeliveryState};
use domain::ports::{OpenCircuit, StoreError};
use serde::Serialize;
use strum::IntoEnumIterator;
use utoipa::ToSchema;

use crate::app::App;
use crate::view::local;

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
    /// Notices that wait to be passed on, and messages that wait to be sent or are under way.
    outbox_waiting: Option<u64>,
    /// Seconds that the oldest of them has waited, the night included.
    outbox_oldest_seconds: Option<i64>,
    /// `ok`, or `closed` where a channel takes nothing until somebody mends something; orders go on.
    #[schema(example = "ok")]
    messages: &'static str,
    closed_channels: Vec<ClosedChannel>,
}

/// A channel that takes nothing for a while.
#[derive(Serialize, ToSchema)]
pub(super) struct ClosedChannel {
    /// `subscribe`, `service_account` or `wecom`.
    #[schema(example = "subscribe")]
    channel: &'static str,
    /// The account; null of WeCom.
    app_id: Option<String>,
    /// The channel's own code.
    #[schema(example = 45009)]
    code: Option<i64>,
    since: DateTime<FixedOffset>,
    /// When one message is let through to see.
    until: DateTime<FixedOffset>,
}

impl From<OpenCircuit> for ClosedChannel {
    fn from(circuit: OpenCircuit) -> Self {
        Self {
            channel: circuit.channel.into(),
            app_id: Some(circuit.app_id).filter(|app_id| !app_id.is_empty()),
            code: circuit.code,
            since: local(circuit.since),
            until: local(circuit.until),
        }
    }
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
    let redis = match &app.redis {
        None => "unused",
        Some(redis) if redis.ping().await.is_ok() => "ok",
        Some(_) => "down",
    };
    let messages = messages(app).await;
    let is_ready = messages.is_ok();
    let Messages { waiting, oldest, closed } = messages.unwrap_or_default();
    Readiness {
        status: if is_ready { "ready" } else { "unavailable" },
        database: if is_ready { "ok" } else { "down" },
        redis,
        outbox_waiting: is_ready.then_some(waiting),
        outbox_oldest_seconds: oldest.map(|at| (app.clock.now() - at).num_seconds().max(0)),
        messages: if closed.is_empty() { "ok" } else { "closed" },
        closed_channels: closed.into_iter().map(Into::into).collect(),
    }
}

/// What has not reached anybody yet.
#[derive(Default)]
struct Messages {
    waiting: u64,
    oldest: Option<DateTime<Utc>>,
    closed: Vec<OpenCircuit>,
}

async fn messages(app: &App) -> Result<Messages, StoreError> {
    let (notices, first) = app.stores.outbox.waiting().await?;
    let (deliveries, second) = app.stores.deliveries.waiting().await?;
    let closed = app.stores.deliveries.circuits().await?;
    Ok(Messages { waiting: notices + deliveries, oldest: first.into_iter().chain(second).min(), closed })
}

/// Figures for Prometheus. Names no person; still, keep it behind the proxy.
#[utoipa::path(tag = "operations", responses((status = 200, content_type = "text/plain", body = String)))]
#[get("/metrics")]
pub async fn figures(app: Data<App>) -> HttpResponse {
    if let Err(error) = take_readings(&app).await {
        tracing::warn!(error = &error as &dyn std::error::Error, "figures of messages are missing");
    }
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/plain; version=0.0.4")).body(app.metrics.render())
}

async fn take_readings(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now();
    let age = |at: Option<DateTime<Utc>>| at.map_or(0.0, |at| (now - at).as_seconds_f64().max(0.0));
    let (notices, first) = app.stores.outbox.waiting().await?;
    let counts = app.stores.deliveries.counts(now).await?;
    // Also what is nought, or the last number would stand for ever.
    let mut unfinished = 0;
    for channel in Channel::iter() {
        for state in [DeliveryState::Queued, DeliveryState::Sending] {
            let of = counts.iter().find(|count| (count.channel, count.state) == (channel, state));
            let deliveries = of.map_or(0, |count| count.deliveries);
            unfinished += if channel == Channel::Call { 0 } else { deliveries };
            let channel: &str = channel.into();
            metrics::gauge!("hgj_deliveries_unfinished", "channel" => channel, "state" => state.name())
                .set(whole(deliveries));
        }
    }
    // A call may wait for a weekend.
    let sent = || counts.iter().filter(|count| count.channel != Channel::Call);
    let oldest = sent().filter_map(|count| count.oldest).min();
    metrics::gauge!("hgj_deliveries_oldest_seconds").set(age(oldest));
    metrics::gauge!("hgj_deliveries_overdue_seconds").set(age(sent().filter_map(|count| count.due_since).min()));
    metrics::gauge!("hgj_outbox_waiting").set(whole(notices + unfinished));
    metrics::gauge!("hgj_outbox_oldest_seconds").set(age(first.into_iter().chain(oldest).min()));
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a float; a count below 2^52 is exact")]
fn whole(count: u64) -> f64 {
    count as f64
}
