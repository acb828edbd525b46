use std::pin::Pin;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, IF_MATCH};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use crate::spec;

/// Somebody at a phone, signed in or not.
#[derive(Clone)]
pub struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) base_url: String,
    pub(crate) token: Option<String>,
}

/// A request that is being put together; awaiting it sends it.
pub struct Ask {
    builder: RequestBuilder,
    method: Method,
    path: String,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    asked: String,
}

impl Client {
    pub fn get(&self, path: &str) -> Ask {
        self.ask(Method::GET, path)
    }

    pub fn post(&self, path: &str) -> Ask {
        self.ask(Method::POST, path)
    }

    pub fn put(&self, path: &str) -> Ask {
        self.ask(Method::PUT, path)
    }

    pub fn delete(&self, path: &str) -> Ask {
        self.ask(Method::DELETE, path)
    }

    /// A path of ours, or a whole link.
    pub fn ask(&self, method: Method, path: &str) -> Ask {
        let path = path.strip_prefix(&self.base_url).unwrap_or(path).to_owned();
        let builder = self.http.request(method.clone(), format!("{}{path}", self.base_url));
        let builder = match &self.token {
            Some(token) => builder.header(AUTHORIZATION, format!("Bearer {token}")),
            None => builder,
        };
        Ask { builder, method, path }
    }

    pub fn address(&self) -> &str {
        self.base_url.trim_start_matches("http://")
    }
}

impl Ask {
    pub fn json(self, body: &Value) -> Self {
        self.build(|builder| builder.json(body))
    }

    pub fn text(self, content_type: &str, body: impl Into<reqwest::Body>) -> Self {
        self.build(|builder| builder.header(CONTENT_TYPE, content_type).body(body))
    }

    pub fn header(self, name: &str, value: &str) -> Self {
        self.build(|builder| builder.header(name, value))
    }

    pub fn key(self, key: &str) -> Self {
        self.header("Idempotency-Key", key)
    }

    pub fn if_match(self, etag: &str) -> Self {
        self.build(|builder| builder.header(IF_MATCH, etag))
    }

    pub fn query(self, query: &[(&str, &str)]) -> Self {
        self.build(|builder| builder.query(query))
    }

    /// A form with one file in it.
    pub fn file(self, field: &str, name: &str, bytes: Vec<u8>) -> Self {
        let part = reqwest::multipart::Part::bytes(bytes).file_name(name.to_owned());
        let form = reqwest::multipart::Form::new().part(field.to_owned(), part);
        self.build(|builder| builder.multipart(form))
    }

    pub fn build(self, change: impl FnOnce(RequestBuilder) -> RequestBuilder) -> Self {
        Self { builder: change(self.builder), ..self }
    }

    /// Like awaiting, where the connection may break.
    pub async fn send(self) -> reqwest::Result<Reply> {
        let response = self.builder.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await?.to_vec();
        let reply = Reply { status, headers, body, asked: format!("{} {}", self.method, self.path) };
        spec::check(self.method.as_str(), &self.path, &reply);
        Ok(reply)
    }
}

impl IntoFuture for Ask {
    type Output = Reply;
    type IntoFuture = Pin<Box<dyn Future<Output = Reply> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.send().await.expect("an answer") })
    }
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("text")
    }

    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{self} is not JSON"))
    }

    /// The body of a success.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert!((200..300).contains(&self.status), "{self}");
        if self.body.is_empty() { Value::Null } else { self.value() }
    }

    /// The body of a failure, which must be a whole problem with this status and code.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{self}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self}");
        let problem = self.value();
        assert_eq!(problem["code"], code, "{self}");
        assert_eq!(problem["status"], status, "{self}");
        assert_eq!(problem["type"], format!("urn:hongguanjia:problem:{code}"), "{self}");
        for field in ["title", "detail"] {
            assert!(is_chinese(problem[field].as_str().unwrap_or_default()), "{field} is for people: {self}");
        }
        for error in problem["errors"].as_array().into_iter().flatten() {
            assert!(is_chinese(error["detail"].as_str().unwrap_or_default()), "a field's error is for people: {self}");
        }
        assert_eq!(problem["trace_id"].as_str(), self.header("x-request-id"), "{self}");
        assert!(problem["trace_id"].is_string(), "{self}");
        problem
    }

    /// A refusal of one field: 422 `invalid_fields` that points to it.
    #[track_caller]
    pub fn refused_field(&self, pointer: &str) -> Value {
        let problem = self.refused(422, "invalid_fields");
        let pointers: Vec<_> = problem["errors"].as_array().into_iter().flatten().map(|e| &e["pointer"]).collect();
        assert!(pointers.iter().any(|p| **p == pointer), "{pointer} is not among {pointers:?}: {self}");
        problem
    }
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

impl std::fmt::Display for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body: String = String::from_utf8_lossy(&self.body).chars().take(2000).collect();
        write!(f, "{} answered {} {body}", self.asked, self.status)
    }
}

/// A body whose length is not said beforehand.
pub fn streamed(chunks: impl Iterator<Item = std::io::Result<Vec<u8>>> + Send + Sync + 'static) -> reqwest::Body {
    reqwest::Body::wrap_stream(futures_util::stream::iter(chunks))
}
