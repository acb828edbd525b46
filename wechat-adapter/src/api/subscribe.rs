//! Subscribe messages (订阅消息): one accepted prompt, one message.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-message-management/subscribe-message/api_sendmessage.html>

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::template_value::clean_value;
use crate::client::{MiniProgram, Request, text_or_number};
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
        self.call(&request).await
    }
}

fn body(message: &SubscribeMessage) -> Result<Value, WechatError> {
    let mut data = Map::new();
    for (key, value) in &message.data {
        let value = clean_value(key, value).map_err(|problem| WechatError::Value { key: key.clone(), problem })?;
        data.insert(key.clone(), json!({ "value": value }));
    }
    let mut body = Map::from_iter([
        ("touser".to_owned(), json!(message.touser)),
        ("template_id".to_owned(), json!(message.template_id)),
        ("miniprogram_state".to_owned(), json!(message.state)),
        ("lang".to_owned(), json!(message.lang)),
        ("data".to_owned(), Value::Object(data)),
    ]);
    // A null would not be the same as none.
    body.extend(message.page.as_ref().map(|page| ("page".to_owned(), json!(page))));
    Ok(Value::Object(body))
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
