use std::sync::Arc;

use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;

use super::{AccessToken, TokenStore};
use crate::client::{Config, Request, Transport};
use crate::clock::Clock;
use crate::endpoint::Endpoint;
use crate::error::WechatError;

/// Hands out the current token and fetches the next one in time.
///
/// It only ever asks in WeChat's normal mode, which gives every process the
/// same token. A forced refresh kills the token that the others hold and is
/// rationed to twenty a day, so it is left to an operator.
pub(crate) struct TokenSource {
    app_id: String,
    secret: SecretString,
    transport: Transport,
    store: Arc<dyn TokenStore>,
    clock: Clock,
    /// Held while a token is fetched, so that a process fetches one at a time.
    fetching: Mutex<()>,
}

/// <https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getstableaccesstoken.html>
#[derive(Deserialize)]
struct TokenAnswer {
    access_token: SecretString,
    /// Seconds from now.
    expires_in: u32,
}

impl TokenSource {
    pub(crate) fn new(config: &Config, transport: Transport, store: Arc<dyn TokenStore>, clock: Clock) -> Self {
        Self {
            app_id: config.app_id.clone(),
            secret: config.secret.clone(),
            transport,
            store,
            clock,
            fetching: Mutex::new(()),
        }
    }

    pub(crate) fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    pub(crate) async fn current(&self) -> Result<AccessToken, WechatError> {
        if let Some(token) = self.kept().await? {
            return Ok(token);
        }
        let _turn = self.fetching.lock().await;
        // Whoever held the lock before us has most likely fetched already.
        if let Some(token) = self.kept().await? {
            return Ok(token);
        }
        let token = self.fetch().await?;
        self.store.put(&self.app_id, &token).await?;
        Ok(token)
    }

    /// The token to use instead of `refused`. If another process has replaced
    /// it in the store already, that one.
    pub(crate) async fn replace(&self, refused: &AccessToken) -> Result<AccessToken, WechatError> {
        self.store.expire_if_still(&self.app_id, refused).await?;
        self.current().await
    }

    async fn kept(&self) -> Result<Option<AccessToken>, WechatError> {
        let kept = self.store.get(&self.app_id).await?;
        Ok(kept.filter(|token| token.is_fresh((self.clock)())))
    }

    async fn fetch(&self) -> Result<AccessToken, WechatError> {
        let secret = self.secret.expose_secret();
        let body = json!({
            "grant_type": "client_credential",
            "appid": self.app_id,
            "secret": secret,
            "force_refresh": false,
        });
        let request = Request::post(Endpoint::StableToken, body).hide(secret);
        // Read before asking: the seconds count from WeChat's answer, and an
        // expiry that is too early only costs one fetch.
        let asked_at = (self.clock)();
        let answer: TokenAnswer = self.transport.send(&request, None).await?;
        tracing::info!(expires_in = answer.expires_in, "wechat.token.fetched");
        let life = TimeDelta::seconds(answer.expires_in.into());
        Ok(AccessToken::new(answer.access_token, asked_at + life))
    }
}
