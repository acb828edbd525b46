//! The mini-program as WeChat's server API knows it.

mod envelope;
mod redaction;
mod transport;

pub(crate) use envelope::text_or_number;
pub(crate) use transport::{Request, Transport};

use std::fmt;
use std::sync::Arc;

use secrecy::SecretString;
use serde::de::DeserializeOwned;

use crate::clock::{Clock, system_clock};
use crate::error::{ErrorClass, WechatError};
use crate::token::{TokenSource, TokenStore};

/// Which mini-program speaks, and to which WeChat.
#[derive(Clone, Debug)]
pub struct Config {
    /// `https://api.weixin.qq.com`, or a sandbox on this machine.
    pub base_url: String,
    pub app_id: String,
    pub secret: SecretString,
}

/// A client of one mini-program. Cheap to share behind an `Arc`, and meant to
/// be: one instance keeps one set of connections and one token refresh.
pub struct MiniProgram {
    pub(crate) config: Config,
    pub(crate) transport: Transport,
    tokens: TokenSource,
}

impl MiniProgram {
    /// Builds the client; nothing is asked of WeChat yet.
    ///
    /// # Errors
    /// [`WechatError::Config`] if the base URL would send the app's secret
    /// over the network in clear.
    pub fn new(config: Config, store: Arc<dyn TokenStore>) -> Result<Self, WechatError> {
        let transport = Transport::new(&config.base_url)?;
        let tokens = TokenSource::new(&config, transport.clone(), store, system_clock());
        Ok(Self { config, transport, tokens })
    }

    /// The same client with another idea of "now", which decides when a token
    /// is due for renewal.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.tokens = self.tokens.with_clock(clock);
        self
    }

    /// Makes a call that carries the access token. A refused token is
    /// replaced and the call repeated, exactly once.
    pub(crate) async fn call<T: DeserializeOwned>(&self, request: &Request<'_>) -> Result<T, WechatError> {
        let token = self.tokens.current().await?;
        match self.transport.send(request, Some(&token)).await {
            Err(error) if error.class() == ErrorClass::Token => {
                tracing::warn!(%error, "wechat.token.refused: replacing it");
                let fresh = self.tokens.replace(&token).await?;
                self.transport.send(request, Some(&fresh)).await
            }
            outcome => outcome,
        }
    }
}

impl fmt::Debug for MiniProgram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MiniProgram").field("config", &self.config).finish_non_exhaustive()
    }
}
