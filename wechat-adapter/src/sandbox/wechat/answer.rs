use serde_json::{Value, json};

use crate::endpoint::Endpoint;
use crate::error::ErrorClass;
use crate::sandbox::chance::request_id;

/// WeChat's yes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    Json(Value),
    /// A PNG.
    Picture(Vec<u8>),
}

/// WeChat's no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) errcode: i64,
    pub(crate) errmsg: String,
}

impl Refusal {
    pub(crate) fn new(errcode: i64, errmsg: impl Into<String>) -> Self {
        Self { errcode, errmsg: errmsg.into() }
    }

    /// Whether a correct client would never have earned this.
    pub(crate) const fn is_callers_mistake(&self, endpoint: Endpoint) -> bool {
        // An unknown template or a value against its rule may be the console's
        // doing in production; here the templates are ours.
        matches!(self.errcode, 40037 | 47003) || matches!(ErrorClass::of(endpoint, self.errcode), ErrorClass::Bug)
    }

    pub(crate) fn into_json(self) -> Value {
        json!({
            "errcode": self.errcode,
            "errmsg": format!("{} rid: {}", self.errmsg, request_id()),
        })
    }
}
