use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use garde::Validate;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::explain;
use crate::app::App;
use crate::problem::{Code, FieldError, Problem};

/// A JSON body that was parsed and checked.
pub struct Body<T>(pub T);

impl<T> FromRequest for Body<T>
where
    T: DeserializeOwned + Validate<Context = ()> + 'static,
{
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move { parse(&read(&request, payload).await?).map(Body) })
    }
}

/// Reads the body up to the limit of the settings.
pub(super) async fn read(request: &HttpRequest, mut payload: Payload) -> Result<Bytes, Problem> {
    let limit = App::of(request)?.limits.json_bytes;
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk =
            chunk.map_err(|e| Problem::new(Code::BadRequest, "网络中断，内容没有传完，请再试一次").because(e))?;
        if body.len() + chunk.len() > limit {
            let detail = format!("提交的内容太大（上限 {} KB），请删减文字后再提交", limit / 1024);
            return Err(Problem::new(Code::PayloadTooLarge, detail));
        }
        body.extend_from_slice(&chunk);
    }
    if !body.is_empty() && !is_json(request) {
        return Err(Problem::new(Code::UnsupportedMediaType, "请用 JSON 提交内容（Content-Type: application/json）"));
    }
    Ok(body.freeze())
}

fn is_json(request: &HttpRequest) -> bool {
    request.headers().get(CONTENT_TYPE).is_none_or(|v| {
        v.to_str()
            .is_ok_and(|v| v.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json")))
    })
}

/// Parses and checks; an empty body stands for `{}`.
pub fn parse<T: DeserializeOwned + Validate<Context = ()>>(body: &[u8]) -> Result<T, Problem> {
    let body = if body.is_empty() { b"{}" } else { body };
    let mut json = serde_json::Deserializer::from_slice(body);
    let value: T = serde_path_to_error::deserialize(&mut json).map_err(|e| {
        let pointer = pointer(&e.path().to_string());
        refusal(pointer, e.into_inner())
    })?;
    json.end().map_err(|e| refusal(String::new(), e))?;
    value.validate().map_err(|report| {
        let errors = report.iter().map(|(path, error)| FieldError {
            pointer: pointer(&path.to_string()),
            detail: error.message().to_owned(),
        });
        Problem::fields(errors.collect())
    })?;
    Ok(value)
}

fn refusal(pointer: String, error: serde_json::Error) -> Problem {
    match error.classify() {
        Category::Data => {
            let (pointer, detail) = explain::field(pointer, &error.to_string());
            Problem::field(pointer, detail)
        }
        Category::Syntax | Category::Eof | Category::Io => {
            let detail = format!("提交的内容不是正确的 JSON（第 {} 行第 {} 列）", error.line(), error.column());
            Problem::new(Code::InvalidJson, detail)
        }
    }
}

/// `place.point.latitude` or `items[0]`, as a JSON pointer.
fn pointer(path: &str) -> String {
    if path == "." || path.is_empty() {
        return String::new();
    }
    let parts = path.split(['.', '[']).map(|part| part.trim_end_matches(']'));
    parts.filter(|part| !part.is_empty()).fold(String::new(), |pointer, part| format!("{pointer}/{part}"))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Form {
        #[garde(custom(super::super::needed("描述", 5)))]
        text: String,
        #[garde(skip)]
        #[serde(default)]
        counts: Vec<u8>,
    }

    fn problem(body: &str) -> (Code, String, String) {
        let problem = parse::<Form>(body.as_bytes()).map(|form| form.counts).expect_err("refused");
        let pointer = problem.errors.first().map(|e| e.pointer.clone()).unwrap_or_default();
        (problem.code, pointer, problem.detail)
    }

    #[test]
    fn each_mistake_is_named_at_its_place() {
        assert_eq!(problem("{"), (Code::InvalidJson, "".into(), "提交的内容不是正确的 JSON（第 1 行第 1 列）".into()));
        assert_eq!(problem(r#"{"text":"\ud800"}"#).0, Code::InvalidJson);
        assert_eq!(problem("{}"), (Code::InvalidFields, "/text".into(), "缺少 text，请填写".into()));
        let unknown = problem(r#"{"text":"a","tenant":1}"#);
        assert_eq!(unknown, (Code::InvalidFields, "/tenant".into(), "没有 tenant 这个字段，请去掉".into()));
        assert_eq!(problem(r#"{"text":"a","counts":[1,"x"]}"#).1, "/counts/1");
        assert_eq!(problem(r#"{"text":"  "}"#), (Code::InvalidFields, "/text".into(), "请填写描述".into()));
        assert_eq!(problem(r#"{"text":"一二三四五六"}"#).2, "描述太长了：最多 5 个字，现在 6 个字");
        assert_eq!(problem(r#"{"text":"a"} x"#).0, Code::InvalidJson);
    }
}
