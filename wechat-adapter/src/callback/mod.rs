//! What WeChat sends to our server (消息推送): the check of the address, and
//! events of a mini-program or a service account.
//!
//! ```text
//! GET   → Callback::echo → 200, text/plain, the answer and nothing else
//! POST  → Callback::open → store the Push under its id → 200 `success`, within 5 s
//! ```
//!
//! WeChat sends again, up to three times, what is not answered with 200 and
//! `success` (or nothing) within 5 s: store first, work later. XML and JSON,
//! plain, compatible and safe mode are told apart by the body, since the
//! console switches them at once.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html>

mod crypt;
mod document;
mod error;
mod event;
mod push;
mod query;
mod read;
mod revoked;
#[cfg(any(test, feature = "sandbox"))]
pub mod seal;
mod signature;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "sandbox"))]
mod write;
mod xml;

pub use error::{CallbackConfigError, CallbackError};
pub use event::{Event, MediaVerdict, SentResult, SubscribeResult, SubscribeStatus, TemplateSendStatus};
pub use push::Push;
pub use query::{CallbackQuery, TIMESTAMP_WINDOW};
pub use revoked::RevokedItem;

use std::fmt;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use self::crypt::MessageKey;
use self::document::Document;
use self::query::{Stamp, given};

/// The largest body that is looked at, in bytes: set the server's own limit
/// to it as well. UNVERIFIED: WeChat names no maximum. Its largest pushes are
/// a person's message of 2048 bytes and events of a few hundred; the
/// compatible mode triples them.
pub const MAX_BODY: usize = 64 * 1024;

/// What the console shows under 消息推送.
#[derive(Clone, Debug)]
pub struct CallbackConfig {
    /// Of the mini-program or the service account whose pushes these are.
    pub app_id: String,
    pub token: SecretString,
    /// 43 characters. None: only plain bodies can be read.
    pub encoding_aes_key: Option<SecretString>,
    /// Refuses plain bodies. The signature beside one does not cover it, so
    /// whoever sees one address may send any body for some minutes.
    pub require_encryption: bool,
}

/// Opens what WeChat sends for one app id.
pub struct Callback {
    app_id: String,
    token: SecretString,
    key: Option<MessageKey>,
    require_encryption: bool,
}

impl Callback {
    /// # Errors
    /// [`CallbackConfigError`] if something is empty, the key is none, or
    /// encryption is required without a key.
    pub fn new(config: CallbackConfig) -> Result<Self, CallbackConfigError> {
        if config.app_id.is_empty() {
            return Err(CallbackConfigError::EmptyAppId);
        }
        if config.token.expose_secret().is_empty() {
            return Err(CallbackConfigError::EmptyToken);
        }
        let key = config.encoding_aes_key.as_ref().map(MessageKey::read).transpose()?;
        if config.require_encryption && key.is_none() {
            return Err(CallbackConfigError::KeyMissing);
        }
        Ok(Self { app_id: config.app_id, token: config.token, key, require_encryption: config.require_encryption })
    }

    /// Answers the check of the address when it is set in the console. The
    /// answer goes back as it is, as `text/plain`.
    ///
    /// # Errors
    /// [`CallbackError`], never one of WeChat's own.
    pub fn echo(&self, query: &CallbackQuery, now: DateTime<Utc>) -> Result<String, CallbackError> {
        let stamp = query.stamp(now)?;
        self.check_signature(query, &stamp)?;
        given(&query.echostr, "echostr").map(str::to_owned)
    }

    /// Opens a push: decrypts it if it is encrypted, and reads its event.
    ///
    /// # Errors
    /// [`CallbackError`]; [`is_from_wechat`](CallbackError::is_from_wechat)
    /// tells a stranger from a push that cannot be read.
    pub fn open(&self, query: &CallbackQuery, body: &[u8], now: DateTime<Utc>) -> Result<Push, CallbackError> {
        if body.len() > MAX_BODY {
            return Err(CallbackError::TooLarge);
        }
        let stamp = query.stamp(now)?;
        let read = str::from_utf8(body).map_err(|_| CallbackError::Encoding);
        match read.and_then(|text| Document::read(text).map(|document| (text, document))) {
            Ok((text, document)) => self.open_document(query, &stamp, text, &document),
            // Nonsense is WeChat's only if WeChat has signed the address.
            Err(nonsense) => self.check_signature(query, &stamp).and(Err(nonsense)),
        }
    }

    fn open_document(
        &self,
        query: &CallbackQuery,
        stamp: &Stamp<'_>,
        text: &str,
        document: &Document,
    ) -> Result<Push, CallbackError> {
        let fields = document.fields();
        match (fields.text("Encrypt"), &self.key) {
            (Some(sealed), Some(key)) => {
                self.check_message_signature(query, stamp, &sealed)?;
                let message = key.open(&sealed, &self.app_id)?;
                Push::read(&Document::read(&message)?, &message, stamp.at)
            }
            // The safe mode has nothing but the ciphertext.
            (Some(sealed), None) if fields.text("MsgType").is_none() => {
                self.check_message_signature(query, stamp, &sealed)?;
                Err(CallbackError::NoKey)
            }
            (Some(_), None) | (None, _) => {
                self.check_signature(query, stamp)?;
                if self.require_encryption {
                    return Err(CallbackError::Unencrypted);
                }
                Push::read(document, text, stamp.at)
            }
        }
    }

    /// Covers the address only.
    fn check_signature(&self, query: &CallbackQuery, stamp: &Stamp<'_>) -> Result<(), CallbackError> {
        let given = given(&query.signature, "signature")?;
        check(given, &signature::sign([self.token.expose_secret(), stamp.timestamp, stamp.nonce]))
    }

    /// Covers the ciphertext, too.
    fn check_message_signature(
        &self,
        query: &CallbackQuery,
        stamp: &Stamp<'_>,
        sealed: &str,
    ) -> Result<(), CallbackError> {
        let given = given(&query.msg_signature, "msg_signature")?;
        check(given, &signature::sign([self.token.expose_secret(), stamp.timestamp, stamp.nonce, sealed]))
    }
}

fn check(given: &str, expected: &str) -> Result<(), CallbackError> {
    if signature::matches(given, expected) { Ok(()) } else { Err(CallbackError::Signature) }
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callback").field("app_id", &self.app_id).finish_non_exhaustive()
    }
}
