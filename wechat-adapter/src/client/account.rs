use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::{Answer, Request, Transport};
use crate::clock::{Clock, system_clock};
use crate::error::{ErrorClass, WechatError};
use crate::token::{Issuer, TokenSource, TokenStore};

/// Calls in the name of one account: its connections and its token.
pub(crate) struct Account {
    pub(crate) transport: Transport,
    tokens: TokenSource,
}

impl Account {
    /// `key` names the account's token in the store.
    pub(crate) fn new(key: String, transport: Transport, issuer: Box<dyn Issuer>, store: Arc<dyn TokenStore>) -> Self {
        Self { transport, tokens: TokenSource::new(key, issuer, store, system_clock()) }
    }

    pub(crate) fn with_clock(self, clock: Clock) -> Self {
        Self { tokens: self.tokens.with_clock(clock), ..self }
    }

    /// Has a token at hand, so that the next call begins with the call itself.
    pub(crate) async fn ready(&self) -> Result<(), WechatError> {
        self.tokens.current().await.map(drop)
    }

    /// Makes a call that carries the access token and is answered in JSON.
    pub(crate) async fn call<T: DeserializeOwned>(&self, request: &Request<'_>) -> Result<T, WechatError> {
        self.call_and_read(request, Answer::json).await
    }

    /// Makes a call that carries the access token. A refused token is replaced
    /// and the call repeated, exactly once.
    pub(crate) async fn call_and_read<T>(
        &self,
        request: &Request<'_>,
        read: impl Fn(&Answer) -> Result<T, WechatError>,
    ) -> Result<T, WechatError> {
        let token = self.tokens.current().await?;
        let outcome = self.transport.send(request, Some(&token)).await.and_then(|answer| read(&answer));
        match outcome {
            Err(error) if error.class() == ErrorClass::Token => {
                tracing::warn!(%error, "wechat.token.refused: replacing it");
                // Without another token the first refusal is the answer.
                let Some(fresh) = self.tokens.replace(&token).await? else {
                    return Err(error);
                };
                self.transport.send(request, Some(&fresh)).await.and_then(|answer| read(&answer))
            }
            outcome => outcome,
        }
    }
}
