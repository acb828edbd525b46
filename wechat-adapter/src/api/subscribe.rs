//! Subscribe messages (订阅消息): one accepted prompt, one message.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-message-management/subscribe-message/api_sendmessage.html>

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::template_value::clean_value;
use super::typed_value::Keyed;
use crate::client::{MiniProgram, Request, present, text_or_number};
use crate::endpoint::Endpoint;
use crate::error::WechatError;

/// A message to one person.
#[derive(Clone, PartialEq, Eq)]
pub struct SubscribeMessage {
    /// The receiver's openid in this mini-program.
    pub touser: String,
    pub template_id: String,
    /// Where a tap leads, without a leading slash; none = the card is inert.
    pub page: Option<String>,
    pub state: MiniProgramState,
    pub lang: Language,
    /// Every keyword of the template, such as `thing2`, with its value.
    pub data: BTreeMap<String, String>,
}

impl SubscribeMessage {
    /// A message without values yet, whose card leads nowhere.
    pub fn new(touser: impl Into<String>, template_id: impl Into<String>) -> Self {
        Self {
            touser: touser.into(),
            template_id: template_id.into(),
            page: None,
            state: MiniProgramState::default(),
            lang: Language::default(),
            data: BTreeMap::new(),
        }
    }

    /// Adds a value: `.with(Thing::new("路灯")?.keyed(2))`.
    #[must_use]
    pub fn with(mut self, Keyed { keyword, value }: Keyed) -> Self {
        self.data.insert(keyword, value);
        self
    }

    /// A page of this mini-program, without a leading slash; a query may follow.
    #[must_use]
    pub fn with_page(self, page: impl Into<String>) -> Self {
        Self { page: Some(page.into()), ..self }
    }

    #[must_use]
    pub fn with_state(self, state: MiniProgramState) -> Self {
        Self { state, ..self }
    }

    #[must_use]
    pub fn with_lang(self, lang: Language) -> Self {
        Self { lang, ..self }
    }
}

/// The person and the words stay out of logs.
impl fmt::Debug for SubscribeMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubscribeMessage")
            .field("template_id", &self.template_id)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// Which build of the mini-program a tap opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MiniProgramState {
    Developer,
    Trial,
    #[default]
    Formal,
}

/// The language of the card's frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    #[default]
    #[serde(rename = "zh_CN")]
    ChineseMainland,
    #[serde(rename = "zh_HK")]
    ChineseHongKong,
    #[serde(rename = "zh_TW")]
    ChineseTaiwan,
    #[serde(rename = "en_US")]
    English,
}

/// WeChat took the message; whether it reached the phone is told by an event.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Sent {
    /// The `MsgID` of that event. Real answers carry it, no page promises it.
    #[serde(default, deserialize_with = "text_or_number")]
    pub msgid: Option<String>,
}

impl MiniProgram {
    /// Sends one message, after its values were cleaned and checked.
    ///
    /// WeChat refuses two sends to one person at the same moment (43108):
    /// keep one in flight per openid.
    ///
    /// # Errors
    /// [`WechatError::Value`] before anything is sent. `User` for 43101: this
    /// person's right is used up. After
    /// [`outcome_unknown`](WechatError::outcome_unknown) the message may have
    /// arrived.
    pub async fn send_subscribe(&self, message: &SubscribeMessage) -> Result<Sent, WechatError> {
        let request = Request::post(Endpoint::SubscribeSend, body(message)?).hide(&message.touser);
        self.account.call(&request).await
    }
}

fn body(message: &SubscribeMessage) -> Result<Value, WechatError> {
    Ok(present(json!({
        "touser": message.touser,
        "template_id": message.template_id,
        "page": message.page,
        "miniprogram_state": message.state,
        "lang": message.lang,
        "data": data(&message.data)?,
    })))
}

/// The values, cleaned and checked, in WeChat's shape.
pub(super) fn data(values: &BTreeMap<String, String>) -> Result<Value, WechatError> {
    let mut data = Map::new();
    for (key, value) in values {
        let value = clean_value(key, value).map_err(|problem| WechatError::Value { key: key.clone(), problem })?;
        data.insert(key.clone(), json!({ "value": value }));
    }
    Ok(Value::Object(data))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::typed_value::Thing;

    fn message() -> SubscribeMessage {
        SubscribeMessage {
            touser: "o1".into(),
            template_id: "t1".into(),
            page: None,
            state: MiniProgramState::Trial,
            lang: Language::default(),
            data: BTreeMap::from([("thing2".into(), "楼道灯\n不亮".into())]),
        }
    }

    #[test]
    fn the_body_has_wechats_own_words() {
        assert_eq!(
            body(&message()).unwrap(),
            json!({
                "touser": "o1",
                "template_id": "t1",
                "miniprogram_state": "trial",
                "lang": "zh_CN",
                "data": { "thing2": { "value": "楼道灯 不亮" } },
            })
        );
    }

    #[test]
    fn a_value_against_its_rule_names_its_keyword() {
        let mut message = message();
        message.data.insert("phrase3".into(), "already done".into());
        let error = body(&message).unwrap_err();
        assert!(matches!(error, WechatError::Value { key, .. } if key == "phrase3"));
    }

    #[test]
    fn typed_values_build_the_same_message() {
        let built = SubscribeMessage::new("o1", "t1")
            .with(Thing::new("楼道灯\n不亮").unwrap().keyed(2))
            .with_state(MiniProgramState::Trial);
        assert_eq!(body(&built).unwrap(), body(&message()).unwrap());

        let paged = built.with_page("pages/order/detail?id=42").with_lang(Language::English);
        let body = body(&paged).unwrap();
        assert_eq!(body["page"], "pages/order/detail?id=42");
        assert_eq!(body["lang"], "en_US");
    }
}
