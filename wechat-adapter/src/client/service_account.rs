use std::fmt;
use std::sync::Arc;

use super::{Account, Config, Transport};
use crate::clock::Clock;
use crate::error::WechatError;
use crate::token::{StableToken, TokenStore};

/// A client of one service account (服务号). Its app id, secret, token and
/// openids are its own: none of the mini-program's fits.
pub struct ServiceAccount {
    pub(crate) config: Config,
    pub(crate) account: Account,
}

impl ServiceAccount {
    /// Builds the client; nothing is asked of WeChat yet. The store may be the
    /// mini-program's: tokens are kept by app id.
    ///
    /// # Errors
    /// [`WechatError::Config`] if the base URL would send the app's secret
    /// over the network in clear.
    pub fn new(config: Config, store: Arc<dyn TokenStore>) -> Result<Self, WechatError> {
        let transport = Transport::new(&config.base_url)?;
        let issuer = StableToken::of(&config, transport.clone());
        let account = Account::new(config.app_id.clone(), transport, Box::new(issuer), store);
        Ok(Self { config, account })
    }

    /// The same client with another idea of "now", which decides when a token
    /// is due for renewal.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.account = self.account.with_clock(clock);
        self
    }

    /// Has a token at hand, so that the next call is the first that may have
    /// an effect: what fails here was surely not done.
    ///
    /// # Errors
    /// Those of fetching a token.
    pub async fn ready(&self) -> Result<(), WechatError> {
        self.account.ready().await
    }
}

impl fmt::Debug for ServiceAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceAccount").field("config", &self.config).finish_non_exhaustive()
    }
}
