//! What WeChat pushes, as far as this crate knows it.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html>;
//! each capability's page has its events.

use std::fmt;

use serde_json::Value;
use strum::{EnumString, IntoStaticStr};

use super::revoked::RevokedItem;
use crate::api::verdict::Suggest;

/// Something that happened in WeChat.
#[derive(Clone, PartialEq)]
pub enum Event {
    /// A person answered the prompt for subscribe messages.
    SubscribePopup {
        openid: String,
        results: Vec<SubscribeResult>,
    },
    /// A person changed a subscription in WeChat's settings. Only refusals are pushed.
    SubscribeChange {
        openid: String,
        results: Vec<SubscribeResult>,
    },
    /// How sending a subscribe message ended.
    SubscribeSent {
        openid: String,
        results: Vec<SentResult>,
    },
    /// The check of a picture or a recording ended; there is no openid in it.
    MediaChecked {
        trace_id: String,
        /// None if WeChat could not judge: `errcode` says why (-1008: it could not be downloaded).
        verdict: Option<MediaVerdict>,
        errcode: i64,
    },
    /// WeChat took away a nickname or a picture: ours have to go, too.
    ProfileCleaned {
        openid: String,
    },
    /// A person asks to have these data deleted. None named = treat it as all.
    AuthorisationRevoked {
        openid: String,
        items: Vec<RevokedItem>,
    },
    /// A person closed the WeChat account.
    AccountClosed {
        openid: String,
    },
    /// A person follows the service account; the scene is the QR code's, if one led there.
    Followed {
        openid: String,
        scene: Option<String>,
    },
    Unfollowed {
        openid: String,
    },
    /// A follower scanned a QR code of the service account.
    Scanned {
        openid: String,
        scene: String,
    },
    /// How sending a service account's template message ended.
    TemplateSendFinished {
        openid: String,
        msgid: String,
        status: TemplateSendStatus,
    },
    /// WeChat punishes the mini-program: for the operator.
    Punished {
        event_type: String,
        punish_id: String,
        illegal_reason: String,
        /// JSON in a string on the wire; kept as a string where it is none.
        detail: Option<Value>,
    },
    /// Anything else, and messages that are no events (named by their
    /// `MsgType`). Answer `success` as to all others.
    Unknown {
        name: String,
        /// The whole message, decrypted.
        raw: String,
    },
}

/// The names on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
pub(crate) enum EventName {
    #[strum(serialize = "subscribe_msg_popup_event")]
    SubscribePopup,
    #[strum(serialize = "subscribe_msg_change_event")]
    SubscribeChange,
    #[strum(serialize = "subscribe_msg_sent_event")]
    SubscribeSent,
    #[strum(serialize = "wxa_media_check")]
    MediaChecked,
    #[strum(serialize = "user_info_modified")]
    ProfileCleaned,
    #[strum(serialize = "user_authorization_revoke")]
    AuthorisationRevoked,
    #[strum(serialize = "user_authorization_cancellation")]
    AccountClosed,
    #[strum(serialize = "subscribe")]
    Followed,
    #[strum(serialize = "unsubscribe")]
    Unfollowed,
    #[strum(serialize = "SCAN")]
    Scanned,
    #[strum(serialize = "TEMPLATESENDJOBFINISH")]
    TemplateSendFinished,
    #[strum(serialize = "wxa_punish_event")]
    Punished,
}

impl Event {
    /// WeChat's own name. An unknown one is WeChat's to choose, too: keep it
    /// out of metrics, where each new name costs.
    #[must_use]
    pub fn name(&self) -> &str {
        let name = match self {
            Self::SubscribePopup { .. } => EventName::SubscribePopup,
            Self::SubscribeChange { .. } => EventName::SubscribeChange,
            Self::SubscribeSent { .. } => EventName::SubscribeSent,
            Self::MediaChecked { .. } => EventName::MediaChecked,
            Self::ProfileCleaned { .. } => EventName::ProfileCleaned,
            Self::AuthorisationRevoked { .. } => EventName::AuthorisationRevoked,
            Self::AccountClosed { .. } => EventName::AccountClosed,
            Self::Followed { .. } => EventName::Followed,
            Self::Unfollowed { .. } => EventName::Unfollowed,
            Self::Scanned { .. } => EventName::Scanned,
            Self::TemplateSendFinished { .. } => EventName::TemplateSendFinished,
            Self::Punished { .. } => EventName::Punished,
            Self::Unknown { name, .. } => return name,
        };
        name.into()
    }

    /// Whom it is about, if it is about a person that is known.
    #[must_use]
    pub fn openid(&self) -> Option<&str> {
        match self {
            Self::SubscribePopup { openid, .. }
            | Self::SubscribeChange { openid, .. }
            | Self::SubscribeSent { openid, .. }
            | Self::ProfileCleaned { openid }
            | Self::AuthorisationRevoked { openid, .. }
            | Self::AccountClosed { openid }
            | Self::Followed { openid, .. }
            | Self::Unfollowed { openid }
            | Self::Scanned { openid, .. }
            | Self::TemplateSendFinished { openid, .. } => Some(openid),
            Self::MediaChecked { .. } | Self::Punished { .. } | Self::Unknown { .. } => None,
        }
    }
}

/// Persons stay out of logs, and so do scenes, which may be one person's
/// binding code, and whatever has no known shape.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct(self.name());
        match self {
            Self::SubscribePopup { results, .. } | Self::SubscribeChange { results, .. } => {
                shown.field("results", results);
            }
            Self::SubscribeSent { results, .. } => {
                shown.field("results", results);
            }
            Self::MediaChecked { trace_id, verdict, errcode } => {
                shown.field("trace_id", trace_id).field("verdict", verdict).field("errcode", errcode);
            }
            Self::AuthorisationRevoked { items, .. } => {
                shown.field("items", items);
            }
            Self::TemplateSendFinished { msgid, status, .. } => {
                shown.field("msgid", msgid).field("status", status);
            }
            Self::Punished { event_type, punish_id, .. } => {
                shown.field("event_type", event_type).field("punish_id", punish_id);
            }
            Self::ProfileCleaned { .. }
            | Self::AccountClosed { .. }
            | Self::Followed { .. }
            | Self::Unfollowed { .. }
            | Self::Scanned { .. }
            | Self::Unknown { .. } => {}
        }
        shown.finish_non_exhaustive()
    }
}

/// One template of a prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscribeResult {
    pub template_id: String,
    pub status: SubscribeStatus,
    /// Where the prompt was: 0 in the mini-program, 1 on a web page, 2 in an article.
    pub scene: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscribeStatus {
    Accept,
    Reject,
    /// WeChat banned the template.
    Ban,
    /// WeChat dropped it because of another template of the same title.
    Filter,
    /// Not documented for this event; never a right to send.
    Other(String),
}

/// How sending one subscribe message ended. What fails here failed after
/// WeChat had said that it took the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentResult {
    pub template_id: String,
    /// The `msgid` that the send was answered with.
    pub msgid: String,
    /// 0 = it reached the person.
    pub error_code: i64,
    pub error_status: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaVerdict {
    pub suggest: Suggest,
    /// 100 normal, 20001 politics, 20002 porn, 20006 crime, 21000 other.
    pub label: i64,
}

/// How sending a template message ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateSendStatus {
    Success,
    UserBlocked,
    SystemFailed,
    Other(String),
}
