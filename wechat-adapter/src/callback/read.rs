//! From fields to events. A known event without what makes it one is an
//! error; anything that is merely new is kept as [`Event::Unknown`].

use std::str::FromStr;

use serde_json::Value;

use super::document::Fields;
use super::error::CallbackError;
use super::event::{Event, EventName, MediaVerdict, SentResult, SubscribeResult, SubscribeStatus, TemplateSendStatus};
use super::revoked::RevokedItem;
use crate::api::verdict::Suggest;

/// The `MsgType` of everything that is not a message from a person.
pub(super) const EVENT: &str = "event";

pub(super) fn event(fields: Fields<'_>, raw: &str) -> Result<Event, CallbackError> {
    let unknown = |name| Event::Unknown { name, raw: raw.to_owned() };
    let kind = fields.need("MsgType")?;
    if kind != EVENT {
        return Ok(unknown(kind));
    }
    let name = fields.need("Event")?;
    EventName::from_str(&name).map_or_else(|_| Ok(unknown(name)), |name| known(name, fields))
}

fn known(name: EventName, fields: Fields<'_>) -> Result<Event, CallbackError> {
    let sender = || fields.need("FromUserName");
    // What the platform sends on behalf of a person names the person apart.
    let person = || fields.need("OpenID");
    Ok(match name {
        EventName::SubscribePopup => {
            Event::SubscribePopup { openid: sender()?, results: choices(fields, "SubscribeMsgPopupEvent")? }
        }
        EventName::SubscribeChange => {
            Event::SubscribeChange { openid: sender()?, results: choices(fields, "SubscribeMsgChangeEvent")? }
        }
        EventName::SubscribeSent => Event::SubscribeSent { openid: sender()?, results: sent(fields)? },
        EventName::MediaChecked => media_checked(fields)?,
        EventName::ProfileCleaned => Event::ProfileCleaned { openid: person()? },
        EventName::AuthorisationRevoked => {
            Event::AuthorisationRevoked { openid: person()?, items: revoked_items(fields) }
        }
        EventName::AccountClosed => Event::AccountClosed { openid: person()? },
        EventName::Followed => Event::Followed { openid: sender()?, scene: followed_scene(fields) },
        EventName::Unfollowed => Event::Unfollowed { openid: sender()? },
        EventName::Scanned => Event::Scanned { openid: sender()?, scene: fields.need("EventKey")? },
        EventName::TemplateSendFinished => Event::TemplateSendFinished {
            openid: sender()?,
            msgid: fields.need("MsgID")?,
            status: template_status(&fields.need("Status")?),
        },
        EventName::Punished => punished(fields)?,
    })
}

/// JSON has the list at the top, XML inside an element named after the event.
fn entries<'a>(fields: Fields<'a>, wrapper: &str) -> Vec<Fields<'a>> {
    fields.child(wrapper).unwrap_or(fields).list("List")
}

fn choices(fields: Fields<'_>, wrapper: &str) -> Result<Vec<SubscribeResult>, CallbackError> {
    let choice = |entry: Fields<'_>| {
        Ok(SubscribeResult {
            template_id: entry.need("TemplateId")?,
            status: subscribe_status(&entry.need("SubscribeStatusString")?),
            scene: entry.number("PopupScene"),
        })
    };
    entries(fields, wrapper).into_iter().map(choice).collect()
}

fn subscribe_status(status: &str) -> SubscribeStatus {
    match status {
        "accept" => SubscribeStatus::Accept,
        "reject" => SubscribeStatus::Reject,
        "ban" => SubscribeStatus::Ban,
        "filter" => SubscribeStatus::Filter,
        other => SubscribeStatus::Other(other.to_owned()),
    }
}

fn sent(fields: Fields<'_>) -> Result<Vec<SentResult>, CallbackError> {
    let result = |entry: Fields<'_>| {
        Ok(SentResult {
            template_id: entry.need("TemplateId")?,
            msgid: entry.need("MsgID")?,
            error_code: entry.number("ErrorCode").ok_or(CallbackError::MissingField("ErrorCode"))?,
            error_status: entry.text("ErrorStatus").unwrap_or_default(),
        })
    };
    entries(fields, "SubscribeMsgSentEvent").into_iter().map(result).collect()
}

fn media_checked(fields: Fields<'_>) -> Result<Event, CallbackError> {
    let errcode = fields.number("errcode").unwrap_or(0);
    let verdict = if errcode == 0 { Some(media_verdict(fields)?) } else { None };
    Ok(Event::MediaChecked { trace_id: fields.need("trace_id")?, verdict, errcode })
}

fn media_verdict(fields: Fields<'_>) -> Result<MediaVerdict, CallbackError> {
    let result = fields.child("result").ok_or(CallbackError::MissingField("result"))?;
    Ok(MediaVerdict {
        suggest: Suggest::from_str(&result.need("suggest")?).unwrap_or(Suggest::Review),
        label: result.number("label").ok_or(CallbackError::MissingField("label"))?,
    })
}

/// UNVERIFIED whether one push ever names several, and how it parts them:
/// whatever is no digit does.
fn revoked_items(fields: Fields<'_>) -> Vec<RevokedItem> {
    let texts = fields.texts("RevokeInfo");
    let numbers = texts.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    numbers.filter(|number| !number.is_empty()).map(RevokedItem::numbered).collect()
}

/// Whoever followed by way of a QR code has its value behind this prefix.
fn followed_scene(fields: Fields<'_>) -> Option<String> {
    let key = fields.text("EventKey")?;
    Some(key.strip_prefix("qrscene_").unwrap_or(&key).to_owned())
}

/// UNVERIFIED: the third comes from an older page; blanks differ between pages.
fn template_status(status: &str) -> TemplateSendStatus {
    match status.replace(": ", ":").as_str() {
        "success" => TemplateSendStatus::Success,
        "failed:user block" => TemplateSendStatus::UserBlocked,
        "failed:system failed" => TemplateSendStatus::SystemFailed,
        _ => TemplateSendStatus::Other(status.to_owned()),
    }
}

fn punished(fields: Fields<'_>) -> Result<Event, CallbackError> {
    let detail = fields.text("detail").map(|text| serde_json::from_str(&text).unwrap_or(Value::String(text)));
    Ok(Event::Punished {
        event_type: fields.need("event_type")?,
        punish_id: fields.text("punish_id").unwrap_or_default(),
        illegal_reason: fields.text("illegal_reason").unwrap_or_default(),
        detail,
    })
}
