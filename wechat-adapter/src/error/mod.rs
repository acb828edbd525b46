//! The one error of this crate. Nothing in it names a URL, a token, the app's
//! secret, an openid or a code: it may go to a log as it is.

mod class;

pub use class::ErrorClass;

use crate::api::template_value::ValueError;
use crate::endpoint::Endpoint;
use crate::token::TokenStoreError;

#[derive(Debug, thiserror::Error)]
pub enum WechatError {
    /// WeChat answered, and said no.
    #[error(
        "wechat {endpoint} answered errcode {errcode} ({class}), rid {rid}",
        endpoint = .0.endpoint,
        errcode = .0.errcode,
        class = .0.class(),
        rid = .0.rid.as_deref().unwrap_or("absent"),
    )]
    Refused(Refused),

    /// No answer that could be read.
    #[error("wechat {endpoint} could not be asked: {cause}")]
    Transport {
        endpoint: Endpoint,
        cause: TransportCause,
        /// Always without its URL, which carries the token.
        #[source]
        source: Option<reqwest::Error>,
    },

    /// WeChat reported success, but the answer is not what its page promises.
    #[error("wechat {endpoint} answered out of shape: {problem}")]
    Answer { endpoint: Endpoint, problem: &'static str },

    /// A message's value breaks its keyword's rule; nothing was sent.
    #[error("template keyword {key}: {problem}")]
    Value {
        key: String,
        #[source]
        problem: ValueError,
    },

    /// The shared place for tokens failed; nothing was sent.
    #[error("wechat token store failed")]
    TokenStore(#[from] TokenStoreError),

    /// The client cannot be built from this configuration.
    #[error("wechat configuration: {0}")]
    Config(&'static str),
}

impl WechatError {
    /// What to do about it.
    #[must_use]
    pub const fn class(&self) -> ErrorClass {
        match self {
            Self::Refused(refused) => refused.class(),
            Self::Transport { .. } | Self::TokenStore(_) => ErrorClass::Transport,
            Self::Answer { .. } | Self::Value { .. } => ErrorClass::Drop,
            Self::Config(_) => ErrorClass::Operator,
        }
    }

    /// Whether the same request may succeed later although nobody changes it.
    ///
    /// A token refused even after its replacement counts: the fault is not in
    /// the request. [`ErrorClass::Quota`] does not: its wait is until the
    /// quota's window resets, not a back-off.
    #[must_use]
    pub const fn retryable(&self) -> bool {
        matches!(self.class(), ErrorClass::Retry | ErrorClass::Transport | ErrorClass::Token)
    }

    /// Whether WeChat may have done the thing although we saw a failure.
    ///
    /// Sends have no idempotency key, so repeating one after such a failure
    /// can reach a phone twice; a login code may be spent.
    #[must_use]
    pub const fn outcome_unknown(&self) -> bool {
        matches!(self, Self::Transport { cause, .. } if !matches!(cause, TransportCause::Connect))
    }
}

/// What WeChat says when it says no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub endpoint: Endpoint,
    pub errcode: i64,
    /// WeChat's request id; its console explains it for seven days.
    pub rid: Option<String>,
    /// WeChat's own words, without the token, secret, openid or code that was
    /// sent. What it says of a message's text is not filtered.
    pub message: String,
}

impl Refused {
    #[must_use]
    pub const fn class(&self) -> ErrorClass {
        ErrorClass::of(self.endpoint, self.errcode)
    }

    /// The keyword that 47003 complains of, such as `thing2`.
    #[must_use]
    pub fn keyword(&self) -> Option<&str> {
        let (_, rest) = self.message.split_once("data.")?;
        let (key, _) = rest.split_once(".value")?;
        (self.errcode == 47003).then_some(key)
    }
}

/// How far a request got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportCause {
    /// No connection: WeChat has not seen the request.
    #[error("no connection")]
    Connect,
    #[error("no answer in time")]
    Timeout,
    #[error("the connection broke")]
    Interrupted,
    #[error("HTTP status {0}")]
    Status(u16),
    #[error("the answer is not JSON")]
    NotJson,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(errcode: i64, message: &str) -> Refused {
        Refused {
            endpoint: Endpoint::SubscribeSend,
            errcode,
            rid: Some("67a1b2c3-12345678-0badcafe".into()),
            message: message.into(),
        }
    }

    #[test]
    fn display_names_the_call_the_code_its_class_and_the_rid() {
        let error = WechatError::Refused(refused(43101, "user refuse to accept the msg"));
        assert_eq!(
            error.to_string(),
            "wechat subscribeMessage.send answered errcode 43101 (user), \
             rid 67a1b2c3-12345678-0badcafe"
        );
    }

    #[test]
    fn keyword_is_read_from_47003_only() {
        let words = "argument invalid! data.thing2.value invalid";
        assert_eq!(refused(47003, words).keyword(), Some("thing2"));
        assert_eq!(refused(45168, words).keyword(), None);
        assert_eq!(refused(47003, "argument invalid!").keyword(), None);
    }

    #[test]
    fn only_a_request_that_may_have_arrived_has_an_unknown_outcome() {
        let failed = |cause| WechatError::Transport { endpoint: Endpoint::SubscribeSend, cause, source: None };
        assert!(!failed(TransportCause::Connect).outcome_unknown());
        assert!(failed(TransportCause::Timeout).outcome_unknown());
        assert!(failed(TransportCause::Status(502)).outcome_unknown());
        assert!(failed(TransportCause::Connect).retryable());
    }
}
