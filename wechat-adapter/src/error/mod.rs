//! The one error of this crate. Nothing in it names a URL, a token, the app's
//! secret, an openid or a code: it may go to a log as it is.

mod class;
mod codes;
mod refused;

pub use class::ErrorClass;
pub use refused::{Refused, TransportCause};

use crate::api::template_fit::Misfit;
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

    /// WeChat's page forbids this request; nothing was sent.
    #[error("wechat {endpoint} would refuse this: {problem}")]
    Input { endpoint: Endpoint, problem: &'static str },

    /// The account's template is not the one that the message was made for.
    #[error(transparent)]
    Misfit(#[from] Misfit),

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
            Self::Input { .. } => ErrorClass::Bug,
            Self::Misfit(_) | Self::Config(_) => ErrorClass::Operator,
        }
    }

    /// The call that failed, by the name that WeChat's pages use.
    #[must_use]
    pub const fn endpoint(&self) -> Option<Endpoint> {
        match self {
            Self::Refused(Refused { endpoint, .. })
            | Self::Transport { endpoint, .. }
            | Self::Answer { endpoint, .. }
            | Self::Input { endpoint, .. } => Some(*endpoint),
            Self::Value { .. } | Self::Misfit(_) | Self::TokenStore(_) | Self::Config(_) => None,
        }
    }

    /// WeChat's number, if it was WeChat that said no.
    #[must_use]
    pub const fn errcode(&self) -> Option<i64> {
        match self.refusal() {
            Some(refused) => Some(refused.errcode),
            None => None,
        }
    }

    /// WeChat's request id, which its console explains for seven days.
    #[must_use]
    pub fn rid(&self) -> Option<&str> {
        self.refusal()?.rid.as_deref()
    }

    /// Whether WeChat gave a number that this crate has no row for. Its class
    /// is `Drop`, which may be wrong: alert somebody.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        match self.refusal() {
            Some(refused) => refused.meaning().is_none(),
            None => false,
        }
    }

    const fn refusal(&self) -> Option<&Refused> {
        match self {
            Self::Refused(refused) => Some(refused),
            Self::Transport { .. }
            | Self::Answer { .. }
            | Self::Value { .. }
            | Self::Input { .. }
            | Self::Misfit(_)
            | Self::TokenStore(_)
            | Self::Config(_) => None,
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
    /// Subscribe messages have no idempotency key, so repeating one after such
    /// a failure can reach a phone twice; a login code may be spent.
    #[must_use]
    pub const fn outcome_unknown(&self) -> bool {
        matches!(self, Self::Transport { cause, .. } if !matches!(cause, TransportCause::Connect))
    }
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

    #[test]
    fn a_refusal_tells_its_parts() {
        let error = WechatError::Refused(refused(43101, "user refuse to accept the msg"));
        assert_eq!(error.endpoint(), Some(Endpoint::SubscribeSend));
        assert_eq!(error.errcode(), Some(43101));
        assert_eq!(error.rid(), Some("67a1b2c3-12345678-0badcafe"));
        assert!(!error.is_unknown());
        assert!(WechatError::Refused(refused(9_410_009, "")).is_unknown());
        assert!(!WechatError::Config("no URL").is_unknown());
    }

    #[test]
    fn retired_calls_are_our_mistake() {
        for errcode in [45103, 45109] {
            assert_eq!(refused(errcode, "API has been unsupported").class(), ErrorClass::Bug);
        }
    }
}
