use actix_web::{HttpRequest, HttpResponse, web};
use strum::IntoEnumIterator;

use super::cut::cut;
use super::hold::hold;
use super::{Answer, Refusal, WechatCall};
use crate::endpoint::Endpoint;
use crate::sandbox::fault::{Fault, web_page};
use crate::sandbox::misbehaviour::Harm;
use crate::sandbox::state::SandboxState;

pub(crate) fn routes(config: &mut web::ServiceConfig) {
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
    let call = WechatCall::new(endpoint, &request, &body);
    match state.next_fault(endpoint) {
        Some(fault) => spoilt(&fault, &state, &call).await,
        None => by_chance(&state, &call).await,
    }
}

async fn spoilt(fault: &Fault, state: &SandboxState, call: &WechatCall<'_>) -> HttpResponse {
    if let Some(delay) = fault.delay {
        tokio::time::sleep(delay).await;
    }
    let response = match (fault.response(), fault.harm) {
        (Some(response), _) => response,
        (None, Some(harm)) => suffer(harm, state, call).await,
        (None, None) => by_chance(state, call).await,
    };
    if let Some(delay) = fault.answer_delay {
        tokio::time::sleep(delay).await;
    }
    response
}

/// True, unless misbehaviour is under way and the dice say otherwise.
async fn by_chance(state: &SandboxState, call: &WechatCall<'_>) -> HttpResponse {
    let fate = state.draw_fate(call.endpoint);
    if let Some(latency) = fate.latency {
        tokio::time::sleep(latency).await;
    }
    match fate.harm {
        Some(harm) => suffer(harm, state, call).await,
        None => truly(state, call).await,
    }
}

/// The answer of WeChat's rules.
async fn truly(state: &SandboxState, call: &WechatCall<'_>) -> HttpResponse {
    let held = match hold(state, call) {
        Ok(held) => held,
        Err(refusal) => return print(call.endpoint, Err(refusal)),
    };
    if let Some(held) = &held {
        tokio::time::sleep(held.moment).await;
    }
    print(call.endpoint, state.decide(call))
}

async fn suffer(harm: Harm, state: &SandboxState, call: &WechatCall<'_>) -> HttpResponse {
    match harm {
        Harm::Http500 => HttpResponse::InternalServerError().finish(),
        Harm::CutBefore => cut(),
        Harm::CutAfter => {
            truly(state, call).await;
            cut()
        }
        Harm::Garbage => web_page(HttpResponse::Ok()),
        Harm::ExpiredToken => {
            state.expire_token(call.query("access_token").unwrap_or_default());
            truly(state, call).await
        }
        Harm::Busy | Harm::FrozenSecret | Harm::IpRefused | Harm::Quota => {
            let errcode = harm.errcode(call.endpoint).unwrap_or(-1);
            print(call.endpoint, Err(Refusal::new(errcode, "by chance")))
        }
        // Already over; it is no answer of its own.
        Harm::Latency => truly(state, call).await,
    }
}

fn print(endpoint: Endpoint, outcome: Result<Answer, Refusal>) -> HttpResponse {
    match outcome {
        Ok(Answer::Picture(bytes)) => HttpResponse::Ok().content_type("image/png").body(bytes),
        Ok(Answer::Json(value)) => HttpResponse::Ok().content_type(content_type(endpoint)).body(value.to_string()),
        Err(refusal) => HttpResponse::Ok().content_type(content_type(endpoint)).body(refusal.into_json().to_string()),
    }
}

/// Anything else under this address: WeChat has no such call.
pub(crate) async fn unknown_path(state: web::Data<SandboxState>, request: HttpRequest) -> HttpResponse {
    state.note_unknown_path(request.method().as_str(), request.path());
    HttpResponse::NotFound().finish()
}

/// WeChat labels JSON as plain text at times; here it always does at login.
fn content_type(endpoint: Endpoint) -> &'static str {
    if endpoint == Endpoint::CodeToSession { "text/plain" } else { "application/json; charset=UTF-8" }
}
