//! Why a callback was not taken. Nothing in it repeats what was sent: it may
//! go to a log as it is, and its name to a metric.

use strum::IntoStaticStr;

/// A callback that is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, thiserror::Error)]
#[strum(serialize_all = "snake_case")]
pub enum CallbackError {
    #[error("parameter {0} is missing")]
    MissingParameter(&'static str),
    /// Not a number, or further from now than [`TIMESTAMP_WINDOW`](super::TIMESTAMP_WINDOW).
    #[error("the timestamp is not of now")]
    Timestamp,
    #[error("the signature does not match")]
    Signature,
    /// Sealed with our key, but for another app id.
    #[error("the push is for another app")]
    OtherApp,
    /// A plain body where only encrypted ones are taken.
    #[error("the body is not encrypted")]
    Unencrypted,
    #[error("the body is too large")]
    TooLarge,

    /// Encrypted, and this callback was given no key.
    #[error("the body is encrypted, and there is no key")]
    NoKey,
    /// Not base64, or not whole blocks.
    #[error("the ciphertext is broken")]
    Ciphertext,
    /// Most likely another EncodingAESKey than the console's.
    #[error("the padding is wrong")]
    Padding,
    #[error("the inner length does not fit")]
    Length,
    #[error("the text is not UTF-8")]
    Encoding,
    #[error("neither XML nor a JSON object")]
    Syntax,
    /// A document type, a processing instruction, an entity of its own, or too deep.
    #[error("the XML uses what WeChat never does")]
    ForbiddenXml,
    #[error("field {0} is missing")]
    MissingField(&'static str),
}

impl CallbackError {
    /// A short name for metrics, such as `missing_parameter`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether WeChat has sent it (so that somebody should look at the
    /// console's settings or at this crate), rather than anybody who found
    /// the address.
    #[must_use]
    pub const fn is_from_wechat(self) -> bool {
        match self {
            Self::MissingParameter(_)
            | Self::Timestamp
            | Self::Signature
            | Self::OtherApp
            | Self::Unencrypted
            | Self::TooLarge => false,
            Self::NoKey
            | Self::Ciphertext
            | Self::Padding
            | Self::Length
            | Self::Encoding
            | Self::Syntax
            | Self::ForbiddenXml
            | Self::MissingField(_) => true,
        }
    }

    /// 403 for strangers, 400 for what WeChat sent and nobody can read.
    /// WeChat repeats at most three times whatever it is told; answering 200
    /// with `success` spares these too.
    #[must_use]
    pub const fn http_status(self) -> u16 {
        if self.is_from_wechat() { 400 } else { 403 }
    }
}

/// A callback that cannot be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackConfigError {
    #[error("the app id is empty")]
    EmptyAppId,
    /// Anybody could sign.
    #[error("the token is empty")]
    EmptyToken,
    #[error("the EncodingAESKey is not 43 characters of base64")]
    Key,
    #[error("encryption needs an EncodingAESKey")]
    KeyMissing,
}
