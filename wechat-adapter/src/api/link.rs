//! Links that open the mini-program from a text message or a web page.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/server/API/qrcode-link/url-link/api_generateurllink.html>

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::code::EnvVersion;
use crate::client::{MiniProgram, Request, present};
use crate::endpoint::Endpoint;
use crate::error::WechatError;

/// A link to make. It serves everybody who opens it, for 30 days at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlLink {
    path: Option<String>,
    query: Option<String>,
    env_version: EnvVersion,
    expiry: LinkExpiry,
}

/// When a link stops working.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkExpiry {
    /// At an instant within 30 days.
    At(DateTime<Utc>),
    /// After 1 to 30 days.
    AfterDays(u8),
}

impl Default for UrlLink {
    fn default() -> Self {
        Self::new()
    }
}

impl UrlLink {
    /// A link to the home page, for as long as WeChat allows.
    #[must_use]
    pub const fn new() -> Self {
        let expiry = LinkExpiry::AfterDays(30);
        Self { path: None, query: None, env_version: EnvVersion::Release, expiry }
    }

    /// A released page, without a query.
    #[must_use]
    pub fn with_path(self, path: impl Into<String>) -> Self {
        Self { path: Some(path.into()), ..self }
    }

    /// What the page reads, at most 1024 characters: `id=42&from=sms`.
    #[must_use]
    pub fn with_query(self, query: impl Into<String>) -> Self {
        Self { query: Some(query.into()), ..self }
    }

    #[must_use]
    pub fn with_env_version(self, env_version: EnvVersion) -> Self {
        Self { env_version, ..self }
    }

    #[must_use]
    pub fn with_expiry(self, expiry: LinkExpiry) -> Self {
        Self { expiry, ..self }
    }

    fn body(&self) -> Result<Value, WechatError> {
        let refuse = |problem| Err(WechatError::Input { endpoint: Endpoint::UrlLink, problem });
        if self.path.as_ref().is_some_and(|path| path.contains('?')) {
            return refuse("the path has a query, which goes apart");
        }
        if self.query.as_ref().is_some_and(|query| query.chars().count() > 1024) {
            return refuse("the query has at most 1024 characters");
        }
        let (kind, time, days) = match self.expiry {
            LinkExpiry::At(at) => (0, Some(at.timestamp()), None),
            LinkExpiry::AfterDays(days @ 1..=30) => (1, None, Some(days)),
            LinkExpiry::AfterDays(_) => return refuse("a link lives one to thirty days"),
        };
        Ok(present(json!({
            "path": self.path,
            "query": self.query,
            "env_version": self.env_version,
            "expire_type": kind,
            // UNVERIFIED on today's page: the names of these two, in seconds and in days.
            "expire_time": time,
            "expire_interval": days,
        })))
    }
}

#[derive(Deserialize)]
struct LinkAnswer {
    url_link: String,
}

impl MiniProgram {
    /// Makes a link. WeChat makes 500 000 a day, shared with other links of its kind.
    ///
    /// # Errors
    /// [`WechatError::Input`] against the limits above; `Operator` for a page
    /// that is not in the released version.
    pub async fn url_link(&self, link: &UrlLink) -> Result<String, WechatError> {
        let request = Request::post(Endpoint::UrlLink, link.body()?);
        let answer: LinkAnswer = self.account.call(&request).await?;
        Ok(answer.url_link)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_lives_as_long_as_it_may_unless_told_otherwise() {
        let body = UrlLink::new().with_path("pages/order").with_query("id=42").body().unwrap();
        assert_eq!(
            body,
            json!({
                "path": "pages/order", "query": "id=42", "env_version": "release",
                "expire_type": 1, "expire_interval": 30,
            })
        );
    }

    #[test]
    fn an_instant_is_told_in_seconds() {
        let at = "2026-11-23T01:00:00Z".parse().unwrap();
        let body = UrlLink::new().with_expiry(LinkExpiry::At(at)).body().unwrap();
        assert_eq!(body, json!({ "env_version": "release", "expire_type": 0, "expire_time": 1_795_395_600 }));
    }

    #[test]
    fn what_wechat_would_refuse_is_not_asked() {
        let links = [
            UrlLink::new().with_path("pages/order?id=42"),
            UrlLink::new().with_query("q".repeat(1025)),
            UrlLink::new().with_expiry(LinkExpiry::AfterDays(0)),
            UrlLink::new().with_expiry(LinkExpiry::AfterDays(31)),
        ];
        for link in links {
            assert!(matches!(link.body(), Err(WechatError::Input { .. })), "{link:?}");
        }
    }
}
