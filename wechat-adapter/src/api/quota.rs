//! How much of a call's daily quota is left.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/server/API/openApi-mgnt/api_getapiquota.html>

use serde::Deserialize;
use serde_json::json;

use crate::client::{Account, MiniProgram, Request, ServiceAccount};
use crate::endpoint::Endpoint;
use crate::error::WechatError;

/// The quota of one call. UNVERIFIED: that it begins anew at midnight in Beijing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiQuota {
    pub daily_limit: i64,
    pub used: i64,
    pub remain: i64,
    /// Absent where WeChat names none.
    pub rate: Option<RateLimit>,
}

/// At most `call_count` calls in `refresh_second` seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct RateLimit {
    pub call_count: i64,
    pub refresh_second: i64,
}

#[derive(Deserialize)]
struct QuotaAnswer {
    quota: Daily,
    rate_limit: Option<RateLimit>,
}

#[derive(Deserialize)]
struct Daily {
    daily_limit: i64,
    used: i64,
    remain: i64,
}

impl MiniProgram {
    /// Asks how much of `endpoint`'s quota is left.
    ///
    /// # Errors
    /// [`WechatError::Input`] for a call that has none: the login, and WeCom's.
    pub async fn quota(&self, endpoint: Endpoint) -> Result<ApiQuota, WechatError> {
        ask(&self.account, endpoint).await
    }
}

impl ServiceAccount {
    /// Asks how much of `endpoint`'s quota is left.
    ///
    /// # Errors
    /// [`WechatError::Input`] for a call that has none: the login, and WeCom's.
    pub async fn quota(&self, endpoint: Endpoint) -> Result<ApiQuota, WechatError> {
        ask(&self.account, endpoint).await
    }
}

async fn ask(account: &Account, endpoint: Endpoint) -> Result<ApiQuota, WechatError> {
    if !has_quota(endpoint) {
        return Err(WechatError::Input { endpoint: Endpoint::Quota, problem: "this call has no quota to ask for" });
    }
    let request = Request::post(Endpoint::Quota, json!({ "cgi_path": endpoint.path() }));
    let QuotaAnswer { quota, rate_limit } = account.call(&request).await?;
    let Daily { daily_limit, used, remain } = quota;
    Ok(ApiQuota { daily_limit, used, remain, rate: rate_limit })
}

/// `/sns/*` is refused with 76022; WeCom is another platform.
const fn has_quota(endpoint: Endpoint) -> bool {
    match endpoint {
        Endpoint::CodeToSession | Endpoint::WecomToken | Endpoint::WecomMessage | Endpoint::WecomRobot => false,
        Endpoint::StableToken
        | Endpoint::PhoneNumber
        | Endpoint::SubscribeSend
        | Endpoint::TemplateList
        | Endpoint::TemplateCategories
        | Endpoint::TemplateTitles
        | Endpoint::TemplateKeywords
        | Endpoint::TemplateAdd
        | Endpoint::TemplateDelete
        | Endpoint::TextCheck
        | Endpoint::MediaCheck
        | Endpoint::UnlimitedCode
        | Endpoint::UrlLink
        | Endpoint::Quota
        | Endpoint::ServiceTemplateSend
        | Endpoint::FollowerInfo => true,
    }
}
