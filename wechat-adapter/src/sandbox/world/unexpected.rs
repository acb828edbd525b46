use chrono::{DateTime, FixedOffset};
use serde::Serialize;

/// A call that a correct client would never make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnexpectedCall {
    pub at: DateTime<FixedOffset>,
    pub method: String,
    pub path: String,
    pub reason: String,
}
