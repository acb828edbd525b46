//! A robot that speaks in one WeCom group. It knows nothing of who reads it:
//! tell it nothing personal of residents.
//!
//! <https://developer.work.weixin.qq.com/document/path/99110>

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{WECOM_BASE_URL, check_bytes};
use crate::client::{Request, Transport, present};
use crate::endpoint::Endpoint;
use crate::error::WechatError;

const ENDPOINT: Endpoint = Endpoint::WecomRobot;

/// A client of one group's robot: at most 20 messages a minute.
pub struct WecomRobot {
    key: SecretString,
    transport: Transport,
}

/// Words of at most 2048 bytes, and who is called by them.
#[derive(Clone, PartialEq, Eq)]
pub struct RobotText {
    content: String,
    users: Vec<String>,
    mobiles: Vec<String>,
}

impl RobotText {
    pub fn new(content: impl Into<String>) -> Self {
        Self { content: content.into(), users: Vec::new(), mobiles: Vec::new() }
    }

    /// Calls members of the group by their user id.
    #[must_use]
    pub fn with_users<T: Into<String>>(mut self, users: impl IntoIterator<Item = T>) -> Self {
        self.users.extend(users.into_iter().map(Into::into));
        self
    }

    /// Calls members of the group by their phone number.
    #[must_use]
    pub fn with_mobiles<T: Into<String>>(mut self, mobiles: impl IntoIterator<Item = T>) -> Self {
        self.mobiles.extend(mobiles.into_iter().map(Into::into));
        self
    }

    /// Calls everybody in the group.
    #[must_use]
    pub fn with_everyone(self) -> Self {
        self.with_users(["@all"])
    }

    fn body(&self) -> Result<Value, WechatError> {
        check_bytes(ENDPOINT, &self.content, 2048, "a text has 1 to 2048 bytes")?;
        let some = |called: &Vec<String>| Some(called.clone()).filter(|called| !called.is_empty());
        Ok(json!({
            "msgtype": "text",
            "text": present(json!({
                "content": self.content,
                "mentioned_list": some(&self.users),
                "mentioned_mobile_list": some(&self.mobiles),
            })),
        }))
    }
}

/// Words and numbers stay out of logs.
impl fmt::Debug for RobotText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RobotText").finish_non_exhaustive()
    }
}

fn markdown(content: &str) -> Result<Value, WechatError> {
    check_bytes(ENDPOINT, content, 4096, "markdown has 1 to 4096 bytes")?;
    Ok(json!({ "msgtype": "markdown", "markdown": { "content": content } }))
}

#[derive(Deserialize)]
struct Nothing {}

impl WecomRobot {
    /// The robot whose webhook ends in `key`, which is all that guards it.
    ///
    /// # Errors
    /// [`WechatError::Config`] where the HTTP client cannot be built.
    pub fn new(key: SecretString) -> Result<Self, WechatError> {
        Self::at(WECOM_BASE_URL, key)
    }

    /// The same at another address: https, or http on this machine.
    ///
    /// # Errors
    /// [`WechatError::Config`] if the base URL would send the key over the
    /// network in clear.
    pub fn at(base_url: &str, key: SecretString) -> Result<Self, WechatError> {
        Ok(Self { key, transport: Transport::new(base_url)? })
    }

    /// Says words in the group.
    ///
    /// # Errors
    /// [`WechatError::Input`] against the limit, before anything is sent.
    /// UNVERIFIED: 45009, `Quota`, for more than 20 messages a minute.
    pub async fn send_text(&self, text: &RobotText) -> Result<(), WechatError> {
        let request = Request::post(ENDPOINT, text.body()?);
        let called = text.users.iter().chain(&text.mobiles).map(String::as_str);
        self.send(called.fold(request, Request::hide)).await
    }

    /// Says markdown in the group; `<@user>` calls a member.
    ///
    /// # Errors
    /// As for [`send_text`](Self::send_text).
    pub async fn send_markdown(&self, content: &str) -> Result<(), WechatError> {
        self.send(Request::post(ENDPOINT, markdown(content)?)).await
    }

    async fn send<'a>(&'a self, request: Request<'a>) -> Result<(), WechatError> {
        let key = self.key.expose_secret();
        let Nothing {} = self.transport.send(&request.query("key", key).hide(key), None).await?.json()?;
        Ok(())
    }
}

impl fmt::Debug for WecomRobot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WecomRobot").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_wecoms_own_words() {
        assert_eq!(
            RobotText::new("新工单").body().unwrap(),
            json!({ "msgtype": "text", "text": { "content": "新工单" } })
        );
        let text = RobotText::new("新工单").with_users(["wang"]).with_everyone().with_mobiles(["13800000001"]);
        assert_eq!(
            text.body().unwrap()["text"],
            json!({
                "content": "新工单",
                "mentioned_list": ["wang", "@all"],
                "mentioned_mobile_list": ["13800000001"],
            })
        );
        assert_eq!(format!("{text:?}"), "RobotText { .. }");
    }

    #[test]
    fn bytes_are_counted_not_characters() {
        assert!(RobotText::new("字".repeat(682)).body().is_ok());
        assert!(RobotText::new("字".repeat(683)).body().is_err());
        assert!(markdown(&"字".repeat(1365)).is_ok());
        assert!(markdown(&"字".repeat(1366)).is_err());
        assert!(markdown("").is_err());
    }
}
