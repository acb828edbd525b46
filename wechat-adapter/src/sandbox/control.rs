//! What tests ask of the sandbox, over HTTP.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use super::Fault;
use super::state::SandboxState;
use crate::endpoint::Endpoint;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/sandbox/faults", web::post().to(add_fault))
        .route("/sandbox/unexpected", web::get().to(unexpected))
        .route("/sandbox/phones", web::get().to(phones));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultRequest {
    /// The path of the WeChat call to spoil.
    api: String,
    errcode: Option<i64>,
    http_status: Option<u16>,
    delay_ms: Option<u64>,
    #[serde(default)]
    garbage: bool,
    times: u32,
}

async fn add_fault(state: web::Data<SandboxState>, request: web::Json<FaultRequest>) -> HttpResponse {
    let Some(endpoint) = Endpoint::from_path(&request.api) else {
        return HttpResponse::BadRequest().json(json!({ "error": "api is not a known path" }));
    };
    state.fault(Fault {
        endpoint,
        errcode: request.errcode,
        http_status: request.http_status,
        garbage: request.garbage,
        delay: request.delay_ms.map(Duration::from_millis),
        times: request.times,
    });
    HttpResponse::NoContent().finish()
}

async fn unexpected(state: web::Data<SandboxState>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "items": state.unexpected() }))
}

async fn phones(state: web::Data<SandboxState>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "items": state.phones() }))
}
