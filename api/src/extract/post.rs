use std::future::Future;
use std::pin::Pin;
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::http::header::IF_MATCH;
use actix_web::{FromRequest, HttpRequest};
use domain::order::usecase::{Asking, Key};
use domain::people::Person;
use garde::Validate;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::{Caller, body};
use crate::problem::{Code, Problem};

/// A signed-in person's request to change something: the checked body, the idempotency key, the version they saw.
pub struct Post<T> {
    pub asking: Asking,
    /// Who asks, with what they told of themselves.
    pub person: Person,
    pub body: T,
}

impl<T> FromRequest for Post<T>
where
    T: DeserializeOwned + Validate<Context = ()> + 'static,
{
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let caller = Caller::from_request(&request, &mut payload).await?;
            let bytes = body::read(&request, payload).await?;
            let key = key(&request, &bytes)?;
            let body = body::parse(&bytes)?;
            let asking = Asking { actor: caller.actor, key, if_match: if_match(&request)?, words: None };
            Ok(Self { asking, person: caller.person, body })
        })
    }
}

/// Nothing needs to be said.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Up to 100 visible ASCII characters, chosen by the client, best a UUID.
pub(crate) fn key(request: &HttpRequest, body: &[u8]) -> Result<Option<Key>, Problem> {
    let Some(value) = request.headers().get("Idempotency-Key") else { return Ok(None) };
    let key = value.to_str().ok().filter(|k| (1..=100).contains(&k.len()) && k.chars().all(|c| c.is_ascii_graphic()));
    let key = key.ok_or_else(|| Problem::new(Code::BadRequest, "Idempotency-Key 应为 1 至 100 个字母、数字或符号"))?;
    let fingerprint = Sha256::new()
        .chain_update(request.method().as_str())
        .chain_update([0])
        .chain_update(request.path())
        .chain_update([0])
        .chain_update(body)
        .finalize();
    Ok(Some(Key { key: key.to_owned(), fingerprint: fingerprint.into() }))
}

/// The version in `If-Match: "7"`; `*` and absence name none.
fn if_match(request: &HttpRequest) -> Result<Option<i64>, Problem> {
    let Some(value) = request.headers().get(IF_MATCH) else { return Ok(None) };
    let tag = value.to_str().unwrap_or_default().trim();
    if tag == "*" {
        return Ok(None);
    }
    let version = tag.trim_start_matches("W/").trim_matches('"').parse();
    version.map(Some).map_err(|_| Problem::new(Code::BadRequest, "If-Match 应为订单返回的 ETag，例如 \"3\""))
}

/// An id in the path. What is not an id names nothing: 404.
pub struct Id<T>(pub T);

impl<T: FromStr + 'static> FromRequest for Id<T> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("id").and_then(|text| text.parse().ok());
        std::future::ready(id.map(Id).ok_or_else(Problem::not_found))
    }
}

/// An id in the path, and the number of one of its parts.
pub struct Numbered<T>(pub T, pub u8);

impl<T: FromStr + 'static> FromRequest for Numbered<T> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let part = |name| request.match_info().get(name);
        let id = part("id").and_then(|text| text.parse().ok());
        let number = part("number").and_then(|text| text.parse().ok());
        std::future::ready(id.zip(number).map(|(id, number)| Self(id, number)).ok_or_else(Problem::not_found))
    }
}
