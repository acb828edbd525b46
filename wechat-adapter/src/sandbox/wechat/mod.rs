//! WeChat's own paths, one file per capability: each decides on the world and
//! an instant, and knows nothing of HTTP beyond the call it is given.

mod answer;
mod call;
mod phone;
mod session;
mod subscribe;
mod template_list;
mod token;

pub(super) use answer::Refusal;
pub(super) use call::WechatCall;

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use serde_json::Value;
use strum::IntoEnumIterator;

use super::state::SandboxState;
use super::world::World;
use crate::endpoint::Endpoint;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    for endpoint in Endpoint::iter() {
        config.route(endpoint.path(), web::to(move |state, request, body| serve(endpoint, state, request, body)));
    }
}

async fn serve(
    endpoint: Endpoint,
    state: web::Data<SandboxState>,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    if let Some(fault) = state.next_fault(endpoint) {
        if let Some(delay) = fault.delay {
            tokio::time::sleep(delay).await;
        }
        if let Some(response) = fault.response() {
            return response;
        }
    }
    let call = WechatCall::new(&request, &body);
    let answer = state.decide(endpoint, &call).unwrap_or_else(Refusal::into_json);
    HttpResponse::Ok().content_type(content_type(endpoint)).body(answer.to_string())
}

/// Anything else under this address: WeChat has no such call.
pub(super) async fn unknown_path(state: web::Data<SandboxState>, request: HttpRequest) -> HttpResponse {
    state.note_unknown_path(request.method().as_str(), request.path());
    HttpResponse::NotFound().finish()
}

/// Lets `endpoint`'s rules answer, as of `now`.
pub(super) fn decide(
    world: &mut World,
    endpoint: Endpoint,
    call: &WechatCall<'_>,
    now: DateTime<Utc>,
) -> Result<Value, Refusal> {
    check_method(endpoint, call)?;
    match endpoint {
        Endpoint::CodeToSession => session::answer(world, call, now),
        Endpoint::StableToken => token::answer(world, call, now),
        Endpoint::PhoneNumber => phone::answer(world, call, now),
        Endpoint::SubscribeSend => subscribe::answer(world, call, now),
        Endpoint::TemplateList => template_list::answer(world, call, now),
    }
}

fn check_method(endpoint: Endpoint, call: &WechatCall<'_>) -> Result<(), Refusal> {
    let get = matches!(endpoint, Endpoint::CodeToSession | Endpoint::TemplateList);
    match (get, call.method) {
        (true, method) if method != Method::GET => Err(Refusal::new(43001, "require GET method")),
        (false, method) if method != Method::POST => Err(Refusal::new(43002, "require POST method")),
        _ => Ok(()),
    }
}

/// WeChat labels JSON as plain text at times; here it always does at login.
const fn content_type(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::CodeToSession => "text/plain",
        Endpoint::StableToken | Endpoint::PhoneNumber | Endpoint::SubscribeSend | Endpoint::TemplateList => {
            "application/json; charset=UTF-8"
        }
    }
}
