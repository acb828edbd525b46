use super::{ErrorClass, codes};
use crate::endpoint::Endpoint;

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

    /// What the number means here, in a few words of ours; none if nobody knows.
    #[must_use]
    pub const fn meaning(&self) -> Option<&'static str> {
        match codes::find(self.endpoint, self.errcode) {
            Some(row) => Some(row.meaning),
            None => None,
        }
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
