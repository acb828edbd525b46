//! What tests ask of the sandbox, over HTTP.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use super::judgement::MediaVerdict;
use super::misbehaviour::{Harm, Misbehaviour};
use super::rules::CallLimit;
use super::state::SandboxState;
use super::{Fault, page};
use crate::endpoint::Endpoint;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/sandbox/faults", web::post().to(add_fault))
        .route("/sandbox/misbehave", web::post().to(misbehave))
        .route("/sandbox/misbehave", web::get().to(inflicted))
        .route("/sandbox/misbehave", web::delete().to(behave))
        .route("/sandbox/rules", web::post().to(change_rules))
        .route("/sandbox/accounts", web::post().to(change_account))
        .route("/sandbox/unexpected", web::get().to(unexpected))
        .route("/sandbox/deliveries", web::get().to(deliveries))
        .route("/sandbox/pushes", web::get().to(pushes))
        .route("/sandbox/media", web::get().to(media))
        .route("/sandbox/judge", web::post().to(judge))
        .route("/sandbox/phones", web::get().to(phones))
        .route("/sandbox/view", web::get().to(page::view));
}

type Shared = web::Data<SandboxState>;

fn bad_request(error: impl Into<String>) -> HttpResponse {
    HttpResponse::BadRequest().json(json!({ "error": error.into() }))
}

fn unknown_path() -> HttpResponse {
    bad_request("api is not a known path")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultRequest {
    /// The path of the WeChat call to spoil.
    api: String,
    errcode: Option<i64>,
    http_status: Option<u16>,
    /// Before it is done.
    delay_ms: Option<u64>,
    /// After it is done.
    answer_delay_ms: Option<u64>,
    #[serde(default)]
    garbage: bool,
    harm: Option<Harm>,
    times: u32,
}

async fn add_fault(state: Shared, request: web::Json<FaultRequest>) -> HttpResponse {
    let Some(endpoint) = Endpoint::from_path(&request.api) else {
        return unknown_path();
    };
    state.fault(Fault {
        endpoint,
        errcode: request.errcode,
        http_status: request.http_status,
        garbage: request.garbage,
        harm: request.harm,
        delay: request.delay_ms.map(Duration::from_millis),
        answer_delay: request.answer_delay_ms.map(Duration::from_millis),
        times: request.times,
    });
    HttpResponse::NoContent().finish()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MisbehaviourRequest {
    #[serde(default)]
    seed: u64,
    shares: BTreeMap<Harm, f64>,
    #[serde(default)]
    latency_ms: u64,
    /// Paths; none: all.
    #[serde(default)]
    apis: Vec<String>,
}

async fn misbehave(state: Shared, request: web::Json<MisbehaviourRequest>) -> HttpResponse {
    let request = request.into_inner();
    let Some(endpoints) = request.apis.iter().map(|api| Endpoint::from_path(api)).collect() else {
        return unknown_path();
    };
    let latency = Duration::from_millis(request.latency_ms);
    let plan = Misbehaviour { seed: request.seed, shares: request.shares, latency, endpoints };
    match state.misbehave(plan) {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(error) => bad_request(error.to_string()),
    }
}

async fn inflicted(state: Shared) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "inflicted": state.inflicted() }))
}

async fn behave(state: Shared) -> HttpResponse {
    state.behave();
    HttpResponse::NoContent().finish()
}

/// Only what is named changes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesRequest {
    send_moment_ms: Option<u64>,
    /// By path, instead of WeChat's own.
    #[serde(default)]
    limits: BTreeMap<String, LimitRequest>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitRequest {
    per_second: Option<u32>,
    per_minute: Option<u32>,
    per_hour: Option<u32>,
    per_day: Option<u32>,
}

async fn change_rules(state: Shared, request: web::Json<RulesRequest>) -> HttpResponse {
    let limit = |(path, limit): (&String, &LimitRequest)| {
        let LimitRequest { per_second, per_minute, per_hour, per_day } = *limit;
        Some((Endpoint::from_path(path)?, CallLimit { per_second, per_minute, per_hour, per_day }))
    };
    let Some(limits) = request.limits.iter().map(limit).collect::<Option<Vec<_>>>() else {
        return unknown_path();
    };
    state.change_rules(|rules| {
        rules.limits.extend(limits);
        if let Some(moment) = request.send_moment_ms {
            rules.send_moment = Duration::from_millis(moment);
        }
    });
    HttpResponse::NoContent().finish()
}

/// Only what is named changes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountRequest {
    app_id: String,
    frozen_secret: Option<bool>,
    /// `[]` refuses everybody.
    allowed_ips: Option<Vec<IpAddr>>,
    /// Switches the allow-list off.
    #[serde(default)]
    any_ip: bool,
}

async fn change_account(state: Shared, request: web::Json<AccountRequest>) -> HttpResponse {
    let request = request.into_inner();
    let frozen = request.frozen_secret.map_or(Ok(()), |frozen| state.freeze_secret(&request.app_id, frozen));
    let list = if request.any_ip { Some(None) } else { request.allowed_ips.map(Some) };
    let listed = list.map_or(Ok(()), |list| state.allow_ips(&request.app_id, list));
    match frozen.and(listed) {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(error) => bad_request(error.to_string()),
    }
}

#[derive(Deserialize)]
struct Judgement {
    trace_id: String,
    verdict: MediaVerdict,
}

async fn judge(state: Shared, judgement: web::Json<Judgement>) -> HttpResponse {
    match state.judge(&judgement.trace_id, judgement.verdict) {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(error) => bad_request(error.to_string()),
    }
}

async fn unexpected(state: Shared) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "items": state.unexpected() }))
}

async fn deliveries(state: Shared) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "items": state.deliveries() }))
}

async fn pushes(state: Shared) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "items": state.pending_pushes() }))
}

async fn media(state: Shared) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "items": state.pending_media() }))
}

async fn phones(state: Shared) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "items": state.phones() }))
}
