//! Gives every failure its trace id and the one shape, actix's own failures included.

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_TYPE, HeaderMap};
use actix_web::middleware::Next;
use tracing_actix_web::RequestId;

use super::{Code, Problem};

pub async fn as_problems(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let trace_id = request.extensions().get::<RequestId>().map(ToString::to_string);
    let response = next.call(request).await?.map_into_boxed_body();
    let status = response.status().as_u16();
    if status < 400 {
        return Ok(response);
    }
    if let Some(problem) = response.response().error().and_then(|e| e.as_error::<Problem>()) {
        log(problem);
        let body = problem.respond(trace_id);
        return Ok(response.into_response(body));
    }
    if is_ours(response.headers()) {
        return Ok(response);
    }
    let body = of_actix(status).respond(trace_id);
    Ok(response.into_response(body))
}

/// A replayed problem, or what `/readyz` says of an unready server. Actix itself never answers JSON.
fn is_ours(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).map_or(&b""[..], |value| value.as_bytes());
    kind.starts_with(b"application/problem+json") || kind.starts_with(b"application/json")
}

/// What actix refused before any handler of ours ran.
fn of_actix(status: u16) -> Problem {
    match status {
        401 => Problem::new(Code::Unauthenticated, "请先登录"),
        403 => Problem::new(Code::NotPermitted, "您没有权限进行这个操作"),
        404 => Problem::not_found(),
        405 => Problem::new(Code::MethodNotAllowed, "这个地址不支持这种操作"),
        406 => Problem::new(Code::NotAcceptable, "请接受 application/json 格式的返回"),
        408 => Problem::new(Code::RequestTimeout, "网络太慢，请求没有传完，请再试一次"),
        413 => Problem::new(Code::PayloadTooLarge, "提交的内容太大，请删减后再提交"),
        415 => Problem::new(Code::UnsupportedMediaType, "请用 JSON 提交内容"),
        400..=499 => Problem::new(Code::BadRequest, "请求的内容有误，请检查后再试"),
        503 => Problem::new(Code::Unavailable, "服务暂时不可用，请稍后再试"),
        _ => Problem::new(Code::Internal, "系统出错了，请稍后再试；多次出现请联系社区"),
    }
}

/// The chain of causes is logged once, here. What a client did wrong may quote the client, so it stays below `info`.
fn log(problem: &Problem) {
    let code = problem.code.name();
    match &problem.cause {
        Some(cause) if problem.code.status() >= 500 => {
            tracing::error!(code, cause = format!("{cause:#}"), "request failed");
        }
        Some(cause) => tracing::debug!(code, cause = format!("{cause:#}"), "request refused"),
        None => tracing::debug!(code, "request refused"),
    }
}
