//! Template messages of a service account (模板消息).
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage.html>

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Value, json};

use super::subscribe::{Sent, data};
use super::typed_value::Keyed;
use crate::client::{Request, ServiceAccount, present};
use crate::endpoint::Endpoint;
use crate::error::WechatError;

/// A message to a follower. It leads to the mini-program's page if it has one,
/// else to the URL, else nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct TemplateMessage {
    /// The receiver's openid in the service account.
    pub touser: String,
    pub template_id: String,
    pub url: Option<String>,
    pub mini_program: Option<MiniProgramPage>,
    /// What makes a repeated send harmless for ten minutes.
    pub client_msg_id: Option<String>,
    /// Every keyword of the template with its value.
    pub data: BTreeMap<String, String>,
}

/// A page of a mini-program that is linked with the service account and released.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MiniProgramPage {
    pub app_id: String,
    /// Without a leading slash; a query may follow.
    pub path: Option<String>,
}

impl TemplateMessage {
    /// A message without values yet, which leads nowhere.
    pub fn new(touser: impl Into<String>, template_id: impl Into<String>) -> Self {
        Self {
            touser: touser.into(),
            template_id: template_id.into(),
            url: None,
            mini_program: None,
            client_msg_id: None,
            data: BTreeMap::new(),
        }
    }

    /// Adds a value: `.with(Thing::new("路灯")?.keyed(2))`.
    ///
    /// WeChat drops emoji, colours and what the old `first` and `remark` said,
    /// and still answers that the message was taken.
    #[must_use]
    pub fn with(mut self, Keyed { keyword, value }: Keyed) -> Self {
        self.data.insert(keyword, value);
        self
    }

    #[must_use]
    pub fn with_url(self, url: impl Into<String>) -> Self {
        Self { url: Some(url.into()), ..self }
    }

    /// Wins over the URL.
    #[must_use]
    pub fn with_mini_program(self, app_id: impl Into<String>, path: impl Into<String>) -> Self {
        Self { mini_program: Some(MiniProgramPage { app_id: app_id.into(), path: Some(path.into()) }), ..self }
    }

    /// WeChat sends one message to an openid under the same id for ten
    /// minutes. So with an id of its own a message may be repeated, within
    /// that time, after an [unknown outcome](WechatError::outcome_unknown).
    #[must_use]
    pub fn with_client_msg_id(self, id: impl Into<String>) -> Self {
        Self { client_msg_id: Some(id.into()), ..self }
    }

    fn body(&self) -> Result<Value, WechatError> {
        let page = |page: &MiniProgramPage| json!({ "appid": page.app_id, "pagepath": page.path });
        Ok(present(json!({
            "touser": self.touser,
            "template_id": self.template_id,
            "url": self.url,
            "miniprogram": self.mini_program.as_ref().map(page),
            "client_msg_id": self.client_msg_id,
            "data": data(&self.data)?,
        })))
    }
}

/// The person and the words stay out of logs.
impl fmt::Debug for TemplateMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TemplateMessage").field("template_id", &self.template_id).finish_non_exhaustive()
    }
}

impl ServiceAccount {
    /// Sends one message. That WeChat took it says nothing of its arrival,
    /// which the event `TEMPLATESENDJOBFINISH` tells.
    ///
    /// # Errors
    /// [`WechatError::Value`] before anything is sent. `User` for somebody who
    /// does not follow (43004) or refuses messages (43019, 43101, 48002).
    pub async fn send_template(&self, message: &TemplateMessage) -> Result<Sent, WechatError> {
        let request = Request::post(Endpoint::ServiceTemplateSend, message.body()?).hide(&message.touser);
        self.account.call(&request).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::typed_value::{Phrase, Thing};

    fn message() -> TemplateMessage {
        TemplateMessage::new("os1", "t1")
            .with(Thing::new("路灯").unwrap().keyed(2))
            .with(Phrase::new("已派单").unwrap().keyed(3))
    }

    #[test]
    fn a_plain_message_leads_nowhere() {
        assert_eq!(
            message().body().unwrap(),
            json!({
                "touser": "os1", "template_id": "t1",
                "data": { "thing2": { "value": "路灯" }, "phrase3": { "value": "已派单" } },
            })
        );
    }

    #[test]
    fn where_it_leads_and_its_id_have_wechats_own_words() {
        let message = message()
            .with_url("https://example.cn/o/42")
            .with_mini_program("wx1", "pages/order/detail?id=42")
            .with_client_msg_id("notice-42");
        let body = message.body().unwrap();
        assert_eq!(body["url"], "https://example.cn/o/42");
        assert_eq!(body["miniprogram"], json!({ "appid": "wx1", "pagepath": "pages/order/detail?id=42" }));
        assert_eq!(body["client_msg_id"], "notice-42");
    }

    #[test]
    fn a_value_against_its_rule_is_not_sent() {
        let mut message = message();
        message.data.insert("phrase3".into(), "OK".into());
        assert!(matches!(message.body(), Err(WechatError::Value { key, .. }) if key == "phrase3"));
    }
}
