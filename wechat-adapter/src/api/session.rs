//! Login: a code from `wx.login` becomes an openid.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_code2session.html>

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::client::{MiniProgram, Request};
use crate::endpoint::Endpoint;
use crate::error::WechatError;

/// Who logged in. None of it is a credential for the phone: issue a token of
/// your own.
#[derive(Clone, Deserialize)]
pub struct Session {
    /// The person within this mini-program.
    pub openid: String,
    /// The person across an Open Platform account; absent until the
    /// mini-program is bound to one, so update it at each login.
    pub unionid: Option<String>,
    /// Never leaves the server.
    pub session_key: SecretString,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

impl MiniProgram {
    /// Exchanges a login code, which lives five minutes and works once.
    ///
    /// # Errors
    /// Class `User` asks the phone for a new code. So does
    /// [`outcome_unknown`](WechatError::outcome_unknown): WeChat may have spent
    /// this one.
    pub async fn code_to_session(&self, code: &str) -> Result<Session, WechatError> {
        let secret = self.config.secret.expose_secret();
        let request = Request::get(Endpoint::CodeToSession)
            .query("appid", &self.config.app_id)
            .query("secret", secret)
            .query("js_code", code)
            .query("grant_type", "authorization_code")
            .hide(secret)
            .hide(code);
        // The one call of this crate that carries the secret instead of a token.
        self.account.transport.send(&request, None).await?.json()
    }
}
