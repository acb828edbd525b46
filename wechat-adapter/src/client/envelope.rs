//! The shape around every JSON answer: `errcode` and `errmsg`, both of which
//! some successful answers leave out.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/backend-api.html>

use reqwest::StatusCode;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::redaction::redact;
use crate::endpoint::Endpoint;
use crate::error::{Refused, TransportCause, WechatError};

#[derive(Deserialize)]
struct Envelope {
    errcode: Option<i64>,
    errmsg: Option<String>,
}

/// Reads an answer. Refusals normally come with HTTP 200, which no page
/// promises, so the body is asked before the status.
pub(super) fn open<T: DeserializeOwned>(
    endpoint: Endpoint,
    status: StatusCode,
    body: &[u8],
    private: &[&str],
) -> Result<T, WechatError> {
    let failed = |cause| WechatError::Transport { endpoint, cause, source: None };
    let envelope = serde_json::from_slice::<Envelope>(body).ok();
    match envelope {
        Some(Envelope { errcode: Some(errcode), errmsg }) if errcode != 0 => {
            let errmsg = errmsg.unwrap_or_default();
            Err(WechatError::Refused(refused(endpoint, errcode, &errmsg, private)))
        }
        _ if !status.is_success() => Err(failed(TransportCause::Status(status.as_u16()))),
        None => Err(failed(TransportCause::NotJson)),
        Some(_) => serde_json::from_slice(body)
            .map_err(|_| WechatError::Answer { endpoint, problem: "a promised field is missing or of another type" }),
    }
}

fn refused(endpoint: Endpoint, errcode: i64, errmsg: &str, private: &[&str]) -> Refused {
    let (words, rid) = match errmsg.rsplit_once("rid:") {
        Some((words, rid)) => (words, Some(rid.trim().to_owned())),
        None => (errmsg, None),
    };
    Refused { endpoint, errcode, rid, message: redact(words.trim(), private) }
}

/// Reads what WeChat prints now as a string and now as a number
/// (`countryCode`, `msgid`). Message ids exceed 2^53, so never by way of f64.
pub(crate) fn text_or_number<'de, D>(deserializer: D) -> Result<Option<String>, D::Error>
where
    D: Deserializer<'de>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Printed {
        Text(String),
        Number(i64),
    }
    let printed = Option::<Printed>::deserialize(deserializer)?;
    Ok(printed.map(|printed| match printed {
        Printed::Text(text) => text,
        Printed::Number(number) => number.to_string(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Answer {
        openid: String,
        #[serde(default, deserialize_with = "text_or_number")]
        msgid: Option<String>,
    }

    fn read(status: StatusCode, body: &str) -> Result<Answer, WechatError> {
        open(Endpoint::CodeToSession, status, body.as_bytes(), &["private-code"])
    }

    #[test]
    fn success_is_errcode_zero_or_none() {
        for body in [r#"{"openid":"o1"}"#, r#"{"openid":"o1","errcode":0,"errmsg":"ok"}"#] {
            assert_eq!(read(StatusCode::OK, body).unwrap().openid, "o1");
        }
    }

    #[test]
    fn ids_beyond_f64_stay_exact() {
        for id in [r#""1864323726461255681""#, "1864323726461255681"] {
            let body = format!(r#"{{"openid":"o1","msgid":{id}}}"#);
            let answer = read(StatusCode::OK, &body).unwrap();
            assert_eq!(answer.msgid.as_deref(), Some("1864323726461255681"));
        }
    }

    #[test]
    fn a_refusal_keeps_its_rid_and_loses_what_is_private() {
        let body = r#"{"errcode":40029,"errmsg":"invalid code private-code, rid: 6a-7b-8c"}"#;
        for status in [StatusCode::OK, StatusCode::BAD_REQUEST] {
            let WechatError::Refused(refused) = read(status, body).unwrap_err() else {
                panic!("expected a refusal");
            };
            assert_eq!(refused.errcode, 40029);
            assert_eq!(refused.rid.as_deref(), Some("6a-7b-8c"));
            assert_eq!(refused.message, "invalid code [hidden],");
        }
    }

    #[test]
    fn what_is_no_answer_is_a_transport_failure() {
        let cause = |status, body| match read(status, body).unwrap_err() {
            WechatError::Transport { cause, .. } => cause,
            other => panic!("{other}"),
        };
        assert_eq!(cause(StatusCode::OK, "<html>"), TransportCause::NotJson);
        assert_eq!(cause(StatusCode::OK, "[]"), TransportCause::NotJson);
        assert_eq!(cause(StatusCode::BAD_GATEWAY, "{}"), TransportCause::Status(502));
    }

    #[test]
    fn a_success_without_its_fields_says_so() {
        let error = read(StatusCode::OK, "{}").unwrap_err();
        assert!(matches!(error, WechatError::Answer { .. }));
    }
}
