use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::error::CallbackError;

/// How far a push's timestamp may be from now, both ways: clocks differ, and
/// WeChat's repetitions come within a minute. The length is our own choice.
pub const TIMESTAMP_WINDOW: TimeDelta = TimeDelta::minutes(10);

/// What WeChat adds to the address. The `openid` that it adds, too, is left
/// out: no signature covers it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct CallbackQuery {
    pub signature: Option<String>,
    pub msg_signature: Option<String>,
    /// Seconds since 1970. Text, since it is signed as text.
    pub timestamp: Option<String>,
    pub nonce: Option<String>,
    pub echostr: Option<String>,
}

impl CallbackQuery {
    /// Reads a query string, percent-encoded and without its `?`.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        form_urlencoded::parse(query.as_bytes()).collect()
    }

    /// The signed parameters, if they are there and of now.
    pub(super) fn stamp(&self, now: DateTime<Utc>) -> Result<Stamp<'_>, CallbackError> {
        let timestamp = given(&self.timestamp, "timestamp")?;
        let nonce = given(&self.nonce, "nonce")?;
        let at = timestamp.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        let at = at.ok_or(CallbackError::Timestamp)?;
        if (now - at).abs() > TIMESTAMP_WINDOW {
            return Err(CallbackError::Timestamp);
        }
        Ok(Stamp { timestamp, nonce, at })
    }
}

/// The signed parameters of a push that is not old.
pub(super) struct Stamp<'a> {
    pub(super) timestamp: &'a str,
    pub(super) nonce: &'a str,
    pub(super) at: DateTime<Utc>,
}

/// The parameter, which has to be there.
pub(super) fn given<'a>(value: &'a Option<String>, name: &'static str) -> Result<&'a str, CallbackError> {
    value.as_deref().filter(|value| !value.is_empty()).ok_or(CallbackError::MissingParameter(name))
}

/// From decoded pairs; the first of a name counts, and others are ignored.
impl<K: AsRef<str>, V: Into<String>> FromIterator<(K, V)> for CallbackQuery {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut query = Self::default();
        for (name, value) in pairs {
            let slot = match name.as_ref() {
                "signature" => &mut query.signature,
                "msg_signature" => &mut query.msg_signature,
                "timestamp" => &mut query.timestamp,
                "nonce" => &mut query.nonce,
                "echostr" => &mut query.echostr,
                _ => continue,
            };
            slot.get_or_insert_with(|| value.into());
        }
        query
    }
}

/// A signature opens the door for some minutes: it stays out of logs.
impl fmt::Debug for CallbackQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallbackQuery").field("timestamp", &self.timestamp).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_string_is_decoded_and_the_first_of_a_name_counts() {
        let query = CallbackQuery::parse("nonce=a%2Bb&timestamp=7&nonce=c&openid=o1&echostr=");
        assert_eq!(query.nonce.as_deref(), Some("a+b"));
        assert_eq!(query.timestamp.as_deref(), Some("7"));
        assert_eq!(query.echostr.as_deref(), Some(""));
        assert_eq!(query.signature, None);
    }

    #[test]
    fn the_window_is_ten_minutes_both_ways() {
        let query = CallbackQuery::parse("timestamp=1767225600&nonce=880011");
        let at = |seconds| DateTime::from_timestamp(1_767_225_600_i64 + seconds, 0).unwrap();
        for seconds in [-600, 0, 600] {
            assert!(query.stamp(at(seconds)).is_ok(), "{seconds}");
        }
        for seconds in [-601, 601] {
            assert_eq!(query.stamp(at(seconds)).err(), Some(CallbackError::Timestamp), "{seconds}");
        }
    }

    #[test]
    fn a_timestamp_that_is_no_instant_is_refused() {
        for timestamp in ["now", "1767225600.5", "8210266876799", "9223372036854775807", "99999999999999999999", "-1"] {
            let query = CallbackQuery::from_iter([("timestamp", timestamp), ("nonce", "1")]);
            let now = DateTime::from_timestamp(1_767_225_600, 0).unwrap();
            assert_eq!(query.stamp(now).err(), Some(CallbackError::Timestamp), "{timestamp}");
        }
    }

    #[test]
    fn a_framework_may_read_it_as_well() {
        let query: CallbackQuery = serde_json::from_str(r#"{"nonce":"1","openid":"o1"}"#).unwrap();
        assert_eq!(query.nonce.as_deref(), Some("1"));
        assert_eq!(query.timestamp, None);
    }

    #[test]
    fn debug_shows_no_signature() {
        let printed = format!("{:?}", CallbackQuery::parse("signature=abc&msg_signature=def&nonce=n&timestamp=1"));
        assert!(!printed.contains("abc") && !printed.contains("def"), "{printed}");
    }
}
