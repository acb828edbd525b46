use chrono::{DateTime, FixedOffset};
use serde::{Serialize, Serializer};

/// A message as the card on the phone shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PhoneMessage {
    /// As WeChat's answer to the send; printed as text, for it exceeds 2^53.
    #[serde(serialize_with = "as_text")]
    pub msgid: i64,
    pub channel: Channel,
    /// The account it came from, or the corporation.
    pub app_id: String,
    pub account: String,
    /// The corporation's app. None for its robots, and outside WeCom.
    pub agent_id: Option<i64>,
    /// Empty for WeCom's messages, which have no templates.
    pub template_id: String,
    pub title: String,
    pub page: Option<String>,
    /// Where a service account's or WeCom's card leads on the web.
    pub url: Option<String>,
    pub data: Vec<LabelledValue>,
    pub sent_at: DateTime<FixedOffset>,
    pub read: bool,
}

/// The way by which a message came to the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A mini-program's subscribe message (订阅消息).
    Subscribe,
    /// A service account's template message (服务号).
    ServiceAccount,
    /// 企业微信
    Wecom,
}

/// One line of the card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LabelledValue {
    pub label: String,
    pub value: String,
}

/// A person's phone and what reached it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Phone {
    /// The first that the sandbox learnt.
    pub openid: String,
    pub label: String,
    pub unionid: String,
    /// The person closed the WeChat account.
    pub closed: bool,
    pub accounts: Vec<PhoneAccount>,
    pub messages: Vec<PhoneMessage>,
}

/// How a person stands with one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PhoneAccount {
    pub app_id: String,
    pub openid: String,
    pub following: bool,
    /// Follows, but lets no template message through.
    pub blocking: bool,
    pub rights: Vec<PhoneRight>,
}

/// What one template may still send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PhoneRight {
    pub template_id: String,
    pub one_time: u32,
    pub long_term: bool,
}

/// A message that arrived, for whoever must know that none arrived twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    #[serde(serialize_with = "as_text")]
    pub msgid: i64,
    pub channel: Channel,
    pub app_id: String,
    /// A member's user id or a group's name in WeCom.
    pub openid: String,
    pub template_id: String,
    pub page: Option<String>,
    pub data: Vec<LabelledValue>,
    pub sent_at: DateTime<FixedOffset>,
}

impl Delivery {
    pub(crate) fn of(openid: &str, message: &PhoneMessage) -> Self {
        Self {
            msgid: message.msgid,
            channel: message.channel,
            app_id: message.app_id.clone(),
            openid: openid.to_owned(),
            template_id: message.template_id.clone(),
            page: message.page.clone(),
            data: message.data.clone(),
            sent_at: message.sent_at,
        }
    }
}

fn as_text<S: Serializer>(number: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}
