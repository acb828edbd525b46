//! What every request passes first: the limit of its address, and the stopwatch.

use std::time::Instant;

use actix_web::HttpRequest;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::Next;

use crate::app::App;
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
    let route = answer.request().match_pattern().unwrap_or_else(|| "none".to_owned());
    let status = answer.status().as_u16().to_string();
    metrics::histogram!("hgj_http_seconds", "method" => method, "route" => route, "status" => status)
        .record(started.elapsed().as_secs_f64());
    Ok(answer.map_into_left_body())
}

async fn check(request: &ServiceRequest) -> Result<(), Problem> {
    if matches!(request.path(), "/healthz" | "/readyz" | "/metrics") {
        return Ok(());
    }
    let app = App::of(request.request())?;
    let address = client_address(request.request(), app.trust_forwarded);
    // A page of orders opens many photos at once, and pictures carry no token.
    let is_photo = request.path().starts_with("/v1/attachments/");
    if is_photo || request.headers().contains_key(AUTHORIZATION) {
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
pub fn client_address(request: &HttpRequest, trust_forwarded: bool) -> String {
    let forwarded = request.headers().get("x-forwarded-for").and_then(|value| value.to_str().ok());
    let last = forwarded.and_then(|list| list.rsplit(',').next()).map(|ip| ip.trim().to_owned());
    last.filter(|_| trust_forwarded)
        .or_else(|| request.peer_addr().map(|peer| peer.ip().to_string()))
        .unwrap_or_else(|| "unknown".to_owned())
}
