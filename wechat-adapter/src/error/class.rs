use strum::Display;

use super::codes;
use crate::endpoint::Endpoint;

/// What a failure asks of whoever sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display)]
#[strum(serialize_all = "snake_case")]
pub enum ErrorClass {
    /// WeChat is busy or the minute is full: back off, then repeat.
    Retry,
    /// The access token was refused, and so was its replacement.
    Token,
    /// Final for this request; unknown numbers end here too.
    Drop,
    /// Our request is wrong: developers must hear of it.
    Bug,
    /// The person's own state: a spent code, no right to send, a block.
    User,
    /// Somebody must act in WeChat's console.
    Operator,
    /// Stop this call until the quota's window resets.
    Quota,
    /// The network or the token store, not WeChat's judgement.
    Transport,
}

impl ErrorClass {
    /// The class of `errcode` when `endpoint` answers it. A number that nobody
    /// knows is never repeated: [`Drop`](Self::Drop).
    #[must_use]
    pub const fn of(endpoint: Endpoint, errcode: i64) -> Self {
        match codes::find(endpoint, errcode) {
            Some(row) => row.class,
            None => Self::Drop,
        }
    }
}
