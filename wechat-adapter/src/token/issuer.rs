use async_trait::async_trait;
use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

use crate::client::{Config, Request, Transport};
use crate::endpoint::Endpoint;
use crate::error::WechatError;

/// Where an account's tokens come from.
#[async_trait]
pub(crate) trait Issuer: Send + Sync {
    async fn issue(&self, mode: Mode) -> Result<TokenAnswer, WechatError>;

    /// Whether [`Mode::Forced`] means something to it.
    fn can_force(&self) -> bool;

    /// How long before a token's end the next one can be had.
    fn early(&self) -> TimeDelta;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Repeats the current token, to whoever asks.
    Normal,
    /// Kills the current token at once and makes the next.
    Forced,
}

#[derive(Deserialize)]
pub(crate) struct TokenAnswer {
    pub(crate) access_token: SecretString,
    /// Seconds from now.
    pub(crate) expires_in: u32,
}

/// <https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getstableaccesstoken.html>
pub(crate) struct StableToken {
    app_id: String,
    secret: SecretString,
    transport: Transport,
}

impl StableToken {
    pub(crate) fn of(config: &Config, transport: Transport) -> Self {
        Self { app_id: config.app_id.clone(), secret: config.secret.clone(), transport }
    }
}

#[async_trait]
impl Issuer for StableToken {
    async fn issue(&self, mode: Mode) -> Result<TokenAnswer, WechatError> {
        let secret = self.secret.expose_secret();
        let body = json!({
            "grant_type": "client_credential",
            "appid": self.app_id,
            "secret": secret,
            "force_refresh": mode == Mode::Forced,
        });
        let request = Request::post(Endpoint::StableToken, body).hide(secret);
        self.transport.send(&request, None).await?.json()
    }

    fn can_force(&self) -> bool {
        true
    }

    /// WeChat makes the next token in the last five minutes of this one and
    /// takes both meanwhile, so that is the time to change over.
    fn early(&self) -> TimeDelta {
        TimeDelta::minutes(5)
    }
}
