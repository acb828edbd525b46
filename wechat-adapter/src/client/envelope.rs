//! The shape around every JSON answer: `errcode` and `errmsg`, both of which
//! some successful answers leave out.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/backend-api.html>

use bytes::Bytes;
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

/// What came back, unread.
pub(crate) struct Answer {
    pub(super) endpoint: Endpoint,
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
    /// What was sent and must not be repeated in an error.
    pub(super) private: Vec<String>,
}

impl Answer {
    /// Reads JSON, whatever the `Content-Type`: WeChat labels it as
    /// `text/plain` at times.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, WechatError> {
        self.check_refusal()?;
        if serde_json::from_slice::<Envelope>(&self.body).is_err() {
            return Err(self.failed(TransportCause::NotJson));
        }
        serde_json::from_slice(&self.body)
            .map_err(|_| self.out_of_shape("a promised field is missing or of another type"))
    }

    /// Reads an image, which the body itself must show to be one.
    pub(crate) fn image(&self) -> Result<Bytes, WechatError> {
        self.check_refusal()?;
        if is_image(&self.body) { Ok(self.body.clone()) } else { Err(self.out_of_shape("neither a PNG nor a JPEG")) }
    }

    /// Refusals normally come with HTTP 200, which no page promises, so the
    /// body is asked before the status.
    fn check_refusal(&self) -> Result<(), WechatError> {
        match serde_json::from_slice(&self.body) {
            Ok(Envelope { errcode: Some(errcode), errmsg }) if errcode != 0 => {
                Err(WechatError::Refused(self.refused(errcode, &errmsg.unwrap_or_default())))
            }
            _ if !self.status.is_success() => Err(self.failed(TransportCause::Status(self.status.as_u16()))),
            _ => Ok(()),
        }
    }

    fn refused(&self, errcode: i64, errmsg: &str) -> Refused {
        let (words, rid) = match errmsg.rsplit_once("rid:") {
            Some((words, rid)) => (words, Some(redact(rid.trim(), &self.private))),
            None => (errmsg, None),
        };
        Refused { endpoint: self.endpoint, errcode, rid, message: redact(words.trim(), &self.private) }
    }

    const fn failed(&self, cause: TransportCause) -> WechatError {
        WechatError::Transport { endpoint: self.endpoint, cause, source: None }
    }

    const fn out_of_shape(&self, problem: &'static str) -> WechatError {
        WechatError::Answer { endpoint: self.endpoint, problem }
    }
}

fn is_image(body: &[u8]) -> bool {
    body.starts_with(b"\x89PNG\r\n\x1a\n") || body.starts_with(b"\xff\xd8\xff")
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
    struct Login {
        openid: String,
        #[serde(default, deserialize_with = "text_or_number")]
        msgid: Option<String>,
    }

    fn answer(status: StatusCode, body: &[u8]) -> Answer {
        let body = Bytes::copy_from_slice(body);
        Answer { endpoint: Endpoint::CodeToSession, status, body, private: vec!["private-code".into()] }
    }

    fn read(status: StatusCode, body: &str) -> Result<Login, WechatError> {
        answer(status, body.as_bytes()).json()
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

    #[test]
    fn an_image_is_known_by_its_first_bytes() {
        for image in [b"\x89PNG\r\n\x1a\n..".as_slice(), b"\xff\xd8\xff\xe0.."] {
            assert_eq!(answer(StatusCode::OK, image).image().unwrap(), image);
        }
        let refusal = br#"{"errcode":41030,"errmsg":"invalid page"}"#;
        let error = answer(StatusCode::OK, refusal).image().unwrap_err();
        assert!(matches!(error, WechatError::Refused(refused) if refused.errcode == 41030));
        for other in [b"<html>".as_slice(), b"", b"{}"] {
            let error = answer(StatusCode::OK, other).image().unwrap_err();
            assert!(matches!(error, WechatError::Answer { .. }));
        }
    }
}
