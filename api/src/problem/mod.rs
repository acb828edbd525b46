//! RFC 9457 `application/problem+json`, the one shape of every failure.

mod codes;
mod from_domain;
mod middleware;

pub use codes::Code;
pub use middleware::as_problems;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use domain::service::FormFault;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// What a failed request answers.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(title = "Problem")]
pub struct ProblemBody {
    /// `urn:hongguanjia:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:hongguanjia:problem:wrong_state")]
    pub kind: String,
    #[schema(example = "现在不能这样做")]
    pub title: &'static str,
    #[schema(example = 409)]
    pub status: u16,
    /// Says in Chinese what to do.
    #[schema(example = "订单现在是「已办结」，不能接单")]
    pub detail: String,
    /// Stable, for programs.
    #[schema(example = "wrong_state")]
    pub code: &'static str,
    /// What is wrong with single fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Quote this when asking for help.
    #[schema(example = "019ab1f0-6c1e-7c3b-9f0a-3a1f5b0c2d4e")]
    pub trace_id: Option<String>,
    /// With `version_mismatch`: the order as it is now and who changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<Value>,
}

/// One field that needs to be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// JSON pointer into the body.
    #[schema(example = "/description")]
    pub pointer: String,
    #[schema(example = "请填写问题描述")]
    pub detail: String,
}

/// A failure on its way to the client. What caused it is logged and never sent.
#[derive(Debug)]
pub struct Problem {
    pub code: Code,
    pub detail: String,
    pub errors: Vec<FieldError>,
    pub current: Option<Value>,
    /// Seconds, for `Retry-After`.
    pub retry_after: Option<u64>,
    /// The methods that are taken, for `Allow`.
    pub allow: Option<String>,
    pub cause: Option<anyhow::Error>,
}

pub type Answer = Result<HttpResponse, Problem>;

impl Problem {
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            current: None,
            retry_after: None,
            allow: None,
            cause: None,
        }
    }

    pub fn field(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::fields(vec![FieldError { pointer: pointer.into(), detail: detail.into() }])
    }

    pub fn fields(errors: Vec<FieldError>) -> Self {
        let detail = errors.first().map(|e| e.detail.clone()).unwrap_or_default();
        Self { errors, ..Self::new(Code::InvalidFields, detail) }
    }

    /// What is wrong in a form or in its answers, which stand at `pointer` in the body.
    pub fn form(pointer: &str, faults: Vec<FormFault>) -> Self {
        let error =
            |fault: FormFault| FieldError { pointer: format!("{pointer}{}", fault.pointer), detail: fault.text };
        Self::fields(faults.into_iter().map(error).collect())
    }

    pub fn not_found() -> Self {
        Self::new(Code::NotFound, "没有找到您要的内容，可能已被移除，或者不在您的权限之内")
    }

    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        Self::new(Code::Internal, "系统出错了，您填写的内容没有丢失，请稍后再试；多次出现请联系社区").because(cause)
    }

    pub fn because(mut self, cause: impl Into<anyhow::Error>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    pub fn body(&self, trace_id: Option<String>) -> ProblemBody {
        ProblemBody {
            kind: format!("urn:hongguanjia:problem:{}", self.code.name()),
            title: self.code.title(),
            status: self.code.status(),
            detail: self.detail.clone(),
            code: self.code.name(),
            errors: self.errors.clone(),
            trace_id,
            current: self.current.clone(),
        }
    }

    pub fn respond(&self, trace_id: Option<String>) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        response.content_type("application/problem+json");
        if let Some(seconds) = self.retry_after {
            response.insert_header(("Retry-After", seconds.to_string()));
        }
        if let Some(methods) = &self.allow {
            response.insert_header(("Allow", methods.as_str()));
        }
        if self.code.status() == 401 {
            response.insert_header(("WWW-Authenticate", "Bearer"));
        }
        match serde_json::to_string(&self.body(trace_id)) {
            Ok(body) => response.body(body),
            Err(_) => response.finish(),
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code.name())
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        self.respond(None)
    }
}
