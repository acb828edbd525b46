//! What every request passes first: the limit of its address, and the stopwatch.

use std::net::IpAddr;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest};

use crate::access::route_of;
use crate::app::App;
use crate::extract::recognise;
use crate::problem::Problem;

pub async fn admit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if let Err(problem) = check(&request).await {
        return Ok(request.error_response(problem).map_into_right_body());
    }
    let started = Instant::now();
    let method = known(request.method());
    let answer = next.call(request).await?;
    let route = route_of(answer.request()).map_or_else(|| "none".to_owned(), |route| route.to_string());
    let status = answer.status().as_u16().to_string();
    metrics::histogram!("hgj_http_seconds", "method" => method, "route" => route, "status" => status)
        .record(started.elapsed().as_secs_f64());
    Ok(answer.map_into_left_body())
}

/// Whoever calls is known, and may try what is asked for, before anything else of the request is read: a stranger learns
/// nothing of what a body should look like.
pub async fn identify(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let app = App::of(request.request())?.clone();
    if app.access.needs_token(request.request()) {
        match recognise(request.request()).await {
            Ok(caller) => drop(request.extensions_mut().insert(caller)),
            Err(problem) => return Ok(request.error_response(problem).map_into_right_body()),
        }
    }
    Ok(next.call(request).await?.map_into_left_body())
}

async fn check(request: &ServiceRequest) -> Result<(), Problem> {
    if matches!(request.path(), "/healthz" | "/readyz" | "/metrics") {
        return Ok(());
    }
    let app = App::of(request.request())?;
    let address = client_address(request.request(), app.trust_forwarded);
    // A page of orders opens many photos at once, and pictures carry no token.
    let is_photo = request.path().starts_with("/v1/attachments/");
    let brings_token = request.headers().contains_key(AUTHORIZATION) && app.access.needs_token(request.request());
    // WeChat speaks for everybody from a few addresses.
    let is_wechat = request.path().starts_with("/wechat/");
    if is_photo || is_wechat || brings_token {
        app.limiter.check_address(address).await
    } else {
        app.limiter.check_anonymous(address).await
    }
}

/// Strangers may invent methods; the metrics' labels stay few.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}

/// The client's address; the proxy's word for it only where the settings trust it.
pub(crate) fn client_address(request: &HttpRequest, trust_forwarded: bool) -> String {
    let forwarded = request.headers().get("x-forwarded-for").and_then(|value| value.to_str().ok());
    // What is no address is nobody's word: it would stand in the audit log as it came.
    let last = forwarded.and_then(|list| list.rsplit(',').next()).and_then(|ip| ip.trim().parse::<IpAddr>().ok());
    let address = last.filter(|_| trust_forwarded).or_else(|| request.peer_addr().map(|peer| peer.ip()));
    address.map_or_else(|| "unknown".to_owned(), |address| address.to_string())
}
