use async_trait::async_trait;
use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};

use crate::client::{Request, Transport};
use crate::endpoint::Endpoint;
use crate::error::WechatError;
use crate::token::{Issuer, Mode, TokenAnswer};

/// The token of one app of one corp.
///
/// <https://developer.work.weixin.qq.com/document/path/91039>
/// UNVERIFIED: that it lives 7200 seconds and that a repeated call answers the same one.
pub(super) struct WecomToken {
    pub(super) corp_id: String,
    pub(super) secret: SecretString,
    pub(super) transport: Transport,
}

#[async_trait]
impl Issuer for WecomToken {
    async fn issue(&self, _mode: Mode) -> Result<TokenAnswer, WechatError> {
        let secret = self.secret.expose_secret();
        let request =
            Request::get(Endpoint::WecomToken).query("corpid", &self.corp_id).query("corpsecret", secret).hide(secret);
        self.transport.send(&request, None).await?.json()
    }

    /// WeCom alone decides when the next token comes.
    fn can_force(&self) -> bool {
        false
    }

    /// Until a token ends, WeCom repeats it: asking early would be in vain.
    fn early(&self) -> TimeDelta {
        TimeDelta::zero()
    }
}
