use std::collections::HashMap;

use actix_web::{HttpRequest, web};
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;

use super::Refusal;
use crate::sandbox::world::World;
use crate::sandbox::world::tokens::TokenState;

/// A call as it came in.
pub(crate) struct WechatCall<'a> {
    pub(crate) method: &'a str,
    query: HashMap<String, String>,
    body: &'a [u8],
}

impl<'a> WechatCall<'a> {
    pub(crate) fn new(request: &'a HttpRequest, body: &'a [u8]) -> Self {
        let query = web::Query::from_query(request.query_string());
        Self { method: request.method().as_str(), query: query.map(web::Query::into_inner).unwrap_or_default(), body }
    }

    /// A query parameter; an empty one counts as missing.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        let value = self.query.get(name).map(String::as_str);
        value.filter(|value| !value.is_empty())
    }

    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        if self.body.is_empty() {
            return Err(Refusal::new(44002, "empty post data"));
        }
        serde_json::from_slice(self.body).map_err(|_| Refusal::new(47001, "data format error"))
    }

    pub(super) fn check_token(&self, world: &World, now: DateTime<Utc>) -> Result<(), Refusal> {
        let token = self.query("access_token").ok_or_else(|| Refusal::new(41001, "access_token missing"))?;
        match world.tokens.state_of(token, now) {
            TokenState::Valid => Ok(()),
            TokenState::Expired => Err(Refusal::new(42001, "access_token expired")),
            TokenState::Unknown => {
                Err(Refusal::new(40001, "invalid credential, access_token is invalid or not latest"))
            }
        }
    }
}

/// The pair that stands in for a token at login and when asking for a token.
pub(super) fn check_app(world: &World, app_id: Option<&str>, secret: Option<&str>) -> Result<(), Refusal> {
    let app_id = app_id.ok_or_else(|| Refusal::new(41002, "appid missing"))?;
    let secret = secret.ok_or_else(|| Refusal::new(41004, "appsecret missing"))?;
    if app_id != world.app_id {
        return Err(Refusal::new(40013, "invalid appid"));
    }
    if secret != world.secret.expose_secret() {
        return Err(Refusal::new(40125, "invalid appsecret"));
    }
    Ok(())
}
