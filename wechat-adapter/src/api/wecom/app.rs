//! Messages of a WeCom app to members.
//!
//! <https://developer.work.weixin.qq.com/document/path/90236>, UNVERIFIED: the
//! page's number, and what only copies of the page say.

use std::fmt;
use std::sync::Arc;

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

use super::WECOM_BASE_URL;
use super::message::{WecomText, WecomTextCard};
use super::receivers::WecomReceivers;
use super::token::WecomToken;
use crate::client::{Account, Request, Transport};
use crate::clock::Clock;
use crate::endpoint::Endpoint;
use crate::error::WechatError;
use crate::token::TokenStore;

/// Which app of which corp speaks, and to which WeCom.
#[derive(Clone, Debug)]
pub struct WecomConfig {
    /// [`WECOM_BASE_URL`], or a sandbox on this machine.
    pub base_url: String,
    pub corp_id: String,
    /// The app's, not the corp's.
    pub secret: SecretString,
    pub agent_id: u64,
}

impl WecomConfig {
    /// An app of the real WeCom.
    pub fn new(corp_id: impl Into<String>, secret: SecretString, agent_id: u64) -> Self {
        Self { base_url: WECOM_BASE_URL.to_owned(), corp_id: corp_id.into(), secret, agent_id }
    }

    /// The same app at another address: https, or http on this machine.
    #[must_use]
    pub fn with_base_url(self, base_url: impl Into<String>) -> Self {
        Self { base_url: base_url.into(), ..self }
    }

    /// The token's name in the store. No app id of WeChat has a colon.
    fn token_key(&self) -> String {
        format!("wecom:{}:{}", self.corp_id, self.agent_id)
    }
}

/// A client of one WeCom app. To one member it may send 30 messages a minute;
/// WeCom drops the rest without a word.
pub struct WecomApp {
    config: WecomConfig,
    account: Account,
}

/// WeCom took the message, perhaps not for everybody: that some receivers are
/// invalid is no error to it. Their ids come back in lower case.
#[derive(Clone, PartialEq, Eq)]
pub struct WecomSent {
    pub msgid: Option<String>,
    pub invalid_users: Vec<String>,
    pub invalid_parties: Vec<String>,
    pub invalid_tags: Vec<String>,
    pub unlicensed_users: Vec<String>,
}

impl WecomSent {
    /// Whether every receiver was accepted.
    #[must_use]
    pub fn reached_everyone(&self) -> bool {
        let missed = [&self.invalid_users, &self.invalid_parties, &self.invalid_tags, &self.unlicensed_users];
        missed.iter().all(|ids| ids.is_empty())
    }
}

/// Numbers, not names.
impl fmt::Debug for WecomSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WecomSent")
            .field("msgid", &self.msgid)
            .field("invalid_users", &self.invalid_users.len())
            .field("invalid_parties", &self.invalid_parties.len())
            .field("invalid_tags", &self.invalid_tags.len())
            .field("unlicensed_users", &self.unlicensed_users.len())
            .finish()
    }
}

#[derive(Deserialize)]
struct SentAnswer {
    msgid: Option<String>,
    #[serde(default)]
    invaliduser: String,
    #[serde(default)]
    invalidparty: String,
    #[serde(default)]
    invalidtag: String,
    #[serde(default)]
    unlicenseduser: String,
}

impl From<SentAnswer> for WecomSent {
    fn from(answer: SentAnswer) -> Self {
        let ids = |joined: &str| joined.split('|').filter(|id| !id.is_empty()).map(str::to_owned).collect();
        Self {
            msgid: answer.msgid,
            invalid_users: ids(&answer.invaliduser),
            invalid_parties: ids(&answer.invalidparty),
            invalid_tags: ids(&answer.invalidtag),
            unlicensed_users: ids(&answer.unlicenseduser),
        }
    }
}

impl WecomApp {
    /// Builds the client; nothing is asked of WeCom yet. The store may be the
    /// mini-program's: the tokens' names differ.
    ///
    /// # Errors
    /// [`WechatError::Config`] if the base URL would send the app's secret
    /// over the network in clear.
    pub fn new(config: WecomConfig, store: Arc<dyn TokenStore>) -> Result<Self, WechatError> {
        let transport = Transport::new(&config.base_url)?;
        let (corp_id, secret) = (config.corp_id.clone(), config.secret.clone());
        let issuer = WecomToken { corp_id, secret, transport: transport.clone() };
        let account = Account::new(config.token_key(), transport, Box::new(issuer), store);
        Ok(Self { config, account })
    }

    /// The same client with another idea of "now", which decides when a token
    /// is due for renewal.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { account: self.account.with_clock(clock), ..self }
    }

    /// Sends words.
    ///
    /// # Errors
    /// [`WechatError::Input`] against the limits, before anything is sent.
    /// `User` for 81013: none of the receivers exists or may be reached.
    /// `Operator` for 60020: this server's address is not among those allowed.
    pub async fn send_text(&self, text: &WecomText) -> Result<WecomSent, WechatError> {
        self.send(text.body(self.config.agent_id)?, &text.to).await
    }

    /// Sends a card.
    ///
    /// # Errors
    /// As for [`send_text`](Self::send_text).
    pub async fn send_text_card(&self, card: &WecomTextCard) -> Result<WecomSent, WechatError> {
        self.send(card.body(self.config.agent_id)?, &card.to).await
    }

    async fn send(&self, body: Value, to: &WecomReceivers) -> Result<WecomSent, WechatError> {
        let request = to.all().fold(Request::post(Endpoint::WecomMessage, body), Request::hide);
        let answer: SentAnswer = self.account.call(&request).await?;
        Ok(answer.into())
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

impl fmt::Debug for WecomApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WecomApp").field("config", &self.config).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_got_nothing_are_listed() {
        let answer = r#"{"errcode":0,"errmsg":"ok","invaliduser":"wang|li","invalidparty":"","msgid":"m1"}"#;
        let sent = WecomSent::from(serde_json::from_str::<SentAnswer>(answer).unwrap());
        assert_eq!(sent.invalid_users, ["wang", "li"]);
        assert!(sent.invalid_parties.is_empty() && !sent.reached_everyone());
        assert!(!format!("{sent:?}").contains("wang"));
    }

    #[test]
    fn an_answer_without_lists_means_everybody() {
        let sent = WecomSent::from(serde_json::from_str::<SentAnswer>(r#"{"errcode":0,"msgid":"m1"}"#).unwrap());
        assert!(sent.reached_everyone());
    }

    #[test]
    fn apps_of_one_corp_have_tokens_of_their_own() {
        let key = |agent| WecomConfig::new("ww1", "s".into(), agent).token_key();
        assert_eq!(key(7), "wecom:ww1:7");
        assert_ne!(key(7), key(8));
    }
}
