//! From events to fields, as WeChat writes them: the counterpart of `read`.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::event::{Event, MediaVerdict, SentResult, SubscribeResult, SubscribeStatus, TemplateSendStatus};
use super::read::EVENT;
use super::revoked::RevokedItem;
use super::seal::Format;

/// Whose pushes these are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The original id (`gh_…`), which is what pushes are addressed to.
    pub original_id: String,
    pub app_id: String,
}

/// Stands for the account of WeChat itself that such events come from.
const PLATFORM: &str = "platform";

impl Event {
    /// The message that tells of this event.
    ///
    /// [`Event::Unknown`] sends an event of its name and, where `raw` is a
    /// JSON object, its fields; these may say that it is no event at all.
    #[must_use]
    pub fn message(&self, account: &Account, format: Format, now: DateTime<Utc>) -> Map<String, Value> {
        let mut message = object(json!({
            "ToUserName": account.original_id,
            "FromUserName": self.sender(),
            "CreateTime": now.timestamp(),
            "MsgType": EVENT,
            "Event": self.name(),
        }));
        let own = object(self.own_fields(&account.app_id, format));
        message.extend(own.into_iter().filter(|(_, field)| !field.is_null()));
        message
    }

    fn sender(&self) -> &str {
        match self {
            Self::SubscribePopup { openid, .. }
            | Self::SubscribeChange { openid, .. }
            | Self::SubscribeSent { openid, .. }
            | Self::Followed { openid, .. }
            | Self::Unfollowed { openid }
            | Self::Scanned { openid, .. }
            | Self::TemplateSendFinished { openid, .. } => openid,
            Self::MediaChecked { .. }
            | Self::ProfileCleaned { .. }
            | Self::AuthorisationRevoked { .. }
            | Self::AccountClosed { .. }
            | Self::Punished { .. }
            | Self::Unknown { .. } => PLATFORM,
        }
    }

    /// What this kind of event adds; a null is not sent.
    fn own_fields(&self, app_id: &str, format: Format) -> Value {
        match self {
            Self::SubscribePopup { results, .. } => {
                list(format, "SubscribeMsgPopupEvent", results.iter().map(choice).collect())
            }
            Self::SubscribeChange { results, .. } => {
                list(format, "SubscribeMsgChangeEvent", results.iter().map(choice).collect())
            }
            Self::SubscribeSent { results, .. } => {
                list(format, "SubscribeMsgSentEvent", results.iter().map(sent).collect())
            }
            Self::MediaChecked { trace_id, verdict, errcode } => media_checked(app_id, trace_id, *verdict, *errcode),
            Self::ProfileCleaned { openid } | Self::AccountClosed { openid } => authorisation(app_id, openid, None),
            Self::AuthorisationRevoked { openid, items } => authorisation(app_id, openid, Some(items)),
            Self::Followed { scene: Some(scene), .. } => json!({ "EventKey": format!("qrscene_{scene}") }),
            Self::Followed { scene: None, .. } | Self::Unfollowed { .. } => json!({ "EventKey": "" }),
            Self::Scanned { scene, .. } => json!({ "EventKey": scene }),
            Self::TemplateSendFinished { msgid, status, .. } => {
                json!({ "MsgID": msgid, "Status": template_status(status) })
            }
            Self::Punished { event_type, punish_id, illegal_reason, detail } => json!({
                "appid": app_id,
                "event_type": event_type,
                "punish_id": punish_id,
                "illegal_reason": illegal_reason,
                "detail": detail.as_ref().map(Value::to_string),
            }),
            Self::Unknown { raw, .. } => serde_json::from_str(raw).unwrap_or_default(),
        }
    }
}

fn authorisation(app_id: &str, openid: &str, items: Option<&Vec<RevokedItem>>) -> Value {
    let revoked = items.map(|items| items.iter().map(RevokedItem::number).collect::<Vec<_>>().join(","));
    json!({ "OpenID": openid, "AppID": app_id, "RevokeInfo": revoked, "PluginID": "", "OpenPID": "" })
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    }
}

/// In JSON a single entry comes bare; in XML the list has a wrapper.
fn list(format: Format, wrapper: &str, mut entries: Vec<Value>) -> Value {
    match format {
        Format::Json if entries.len() == 1 => json!({ "List": entries.pop() }),
        Format::Json => json!({ "List": entries }),
        Format::Xml => json!({ wrapper: { "List": entries } }),
    }
}

fn choice(result: &SubscribeResult) -> Value {
    let status = match &result.status {
        SubscribeStatus::Accept => "accept",
        SubscribeStatus::Reject => "reject",
        SubscribeStatus::Ban => "ban",
        SubscribeStatus::Filter => "filter",
        SubscribeStatus::Other(other) => other,
    };
    let scene = result.scene.map(|scene| ("PopupScene".to_owned(), json!(scene.to_string())));
    let entry = object(json!({ "TemplateId": result.template_id, "SubscribeStatusString": status }));
    entry.into_iter().chain(scene).collect()
}

fn sent(result: &SentResult) -> Value {
    json!({
        "TemplateId": result.template_id,
        "MsgID": result.msgid,
        "ErrorCode": result.error_code.to_string(),
        "ErrorStatus": result.error_status,
    })
}

fn media_checked(app_id: &str, trace_id: &str, verdict: Option<MediaVerdict>, errcode: i64) -> Value {
    let judged = verdict.map(|MediaVerdict { suggest, label }| (<&str>::from(suggest), label));
    let result = judged.map(|(suggest, label)| json!({ "suggest": suggest, "label": label }));
    let detail = judged.map(|(suggest, label)| {
        json!([{ "strategy": "content_model", "errcode": 0, "suggest": suggest, "label": label, "prob": 90 }])
    });
    json!({
        "appid": app_id,
        "trace_id": trace_id,
        "version": 2,
        "errcode": errcode,
        "result": result,
        "detail": detail,
    })
}

fn template_status(status: &TemplateSendStatus) -> &str {
    match status {
        TemplateSendStatus::Success => "success",
        TemplateSendStatus::UserBlocked => "failed:user block",
        TemplateSendStatus::SystemFailed => "failed: system failed",
        TemplateSendStatus::Other(other) => other,
    }
}
