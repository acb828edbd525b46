use std::collections::HashMap;
use std::net::IpAddr;

use actix_web::{HttpRequest, web};
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;

use super::Refusal;
use crate::endpoint::Endpoint;
use crate::sandbox::AccountKind;
use crate::sandbox::world::World;
use crate::sandbox::world::accounts::owner;
use crate::sandbox::world::tokens::TokenState;

/// A call as it came in.
pub(crate) struct WechatCall<'a> {
    pub(crate) method: &'a str,
    pub(crate) endpoint: Endpoint,
    query: HashMap<String, String>,
    body: &'a [u8],
    pub(super) peer: Option<IpAddr>,
}

impl<'a> WechatCall<'a> {
    pub(crate) fn new(endpoint: Endpoint, request: &'a HttpRequest, body: &'a [u8]) -> Self {
        let query = web::Query::from_query(request.query_string());
        Self {
            method: request.method().as_str(),
            endpoint,
            query: query.map(web::Query::into_inner).unwrap_or_default(),
            body,
            peer: request.peer_addr().map(|peer| peer.ip()),
        }
    }

    /// A query parameter; an empty one counts as missing.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let value = self.query.get(name).map(String::as_str);
        value.filter(|value| !value.is_empty())
    }

    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        if self.body.is_empty() {
            return Err(Refusal::new(44002, "empty post data"));
        }
        serde_json::from_slice(self.body).map_err(|_| Refusal::new(47001, "data format error"))
    }

    /// Whether the body spells letters as `\\u4e00` and the like, which
    /// WeChat's checks do not read.
    pub(crate) fn escapes_letters(&self) -> bool {
        let mut windows = self.body.windows(6);
        // Escapes of control characters, which JSON demands, begin with 00.
        windows.any(|window| window.starts_with(b"\\u") && !window.starts_with(b"\\u00"))
    }

    /// The app id of an account of `kind`, by the call's token, once its limit
    /// has room.
    pub(super) fn enter(&self, world: &mut World, kind: AccountKind, now: DateTime<Utc>) -> Result<String, Refusal> {
        let (app_id, own) = self.account(world, now)?;
        if own != kind {
            return Err(self.wrong_kind());
        }
        self.count(world, &app_id, now)?;
        Ok(app_id)
    }

    /// As [`enter`](Self::enter), for a call that every kind may make.
    pub(super) fn enter_any(&self, world: &mut World, now: DateTime<Utc>) -> Result<String, Refusal> {
        let (app_id, _) = self.account(world, now)?;
        self.count(world, &app_id, now)?;
        Ok(app_id)
    }

    fn account(&self, world: &World, now: DateTime<Utc>) -> Result<(String, AccountKind), Refusal> {
        let account = owner(world.accounts(), |account| &account.tokens, self.token()?, now).map_err(no_token)?;
        Ok((account.app_id.clone(), account.kind))
    }

    pub(super) fn token(&self) -> Result<&str, Refusal> {
        self.query("access_token").ok_or_else(|| Refusal::new(41001, "access_token missing"))
    }

    /// Lets the call through if the limit of `who` has room.
    pub(super) fn count(&self, world: &mut World, who: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
        let limit = world.rules.limit(self.endpoint);
        world.usage.count(who, self.endpoint, limit, now).map_err(|window| {
            let errcode = window.errcode(self.endpoint);
            Refusal::new(
                errcode,
                if errcode == 45009 { "reach max api daily quota limit" } else { "api freq out of limit" },
            )
        })
    }

    /// UNVERIFIED: 45103 for the calls of another kind of account.
    fn wrong_kind(&self) -> Refusal {
        let of_library = matches!(
            self.endpoint,
            Endpoint::TemplateList
                | Endpoint::TemplateCategories
                | Endpoint::TemplateTitles
                | Endpoint::TemplateKeywords
                | Endpoint::TemplateAdd
                | Endpoint::TemplateDelete
        );
        Refusal::new(if of_library { 200_100 } else { 45103 }, "this kind of account has no such call")
    }
}

pub(super) fn no_token(state: TokenState) -> Refusal {
    match state {
        TokenState::Expired => Refusal::new(42001, "access_token expired"),
        TokenState::Unknown | TokenState::Valid => {
            Refusal::new(40001, "invalid credential, access_token is invalid or not latest")
        }
    }
}

/// The pair that stands in for a token at login and when asking for a token.
/// Gives the app id.
pub(super) fn check_app(world: &World, app_id: Option<&str>, secret: Option<&str>) -> Result<String, Refusal> {
    let app_id = app_id.ok_or_else(|| Refusal::new(41002, "appid missing"))?;
    let secret = secret.ok_or_else(|| Refusal::new(41004, "appsecret missing"))?;
    let account = world.account(app_id).ok_or_else(no_account)?;
    if secret != account.secret.expose_secret() {
        return Err(Refusal::new(40125, "invalid appsecret"));
    }
    Ok(account.app_id.clone())
}

pub(super) fn no_account() -> Refusal {
    Refusal::new(40013, "invalid appid")
}
