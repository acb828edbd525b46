use std::collections::VecDeque;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::sync::Notify;

use super::judgement::MediaVerdict;
use super::phone_side::Choice;

/// Something that WeChat would now push to the server of `app_id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PendingPush {
    pub app_id: String,
    pub at: DateTime<Utc>,
    #[serde(flatten)]
    pub event: PendingEvent,
}

/// What happened. Message ids print as text: they exceed 2^53.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum PendingEvent {
    /// An answer to the subscribe prompt.
    SubscribePopup {
        openid: String,
        template_id: String,
        choice: Choice,
    },
    /// A subscription was refused afterwards; only refusals are pushed.
    SubscribeChange {
        openid: String,
        template_id: String,
    },
    SubscribeSent {
        openid: String,
        template_id: String,
        #[serde(serialize_with = "as_text")]
        msgid: i64,
    },
    MediaChecked {
        trace_id: String,
        verdict: MediaVerdict,
    },
    /// WeChat cleaned a risky nickname or picture.
    ProfileCleaned {
        openid: String,
    },
    /// The person asks that this item be forgotten; 8 is the phone number.
    AuthorisationRevoked {
        openid: String,
        item: u8,
    },
    AccountClosed {
        openid: String,
    },
    /// Scene: the code's own value, without WeChat's `qrscene_`.
    Followed {
        openid: String,
        scene: Option<String>,
    },
    Unfollowed {
        openid: String,
    },
    /// A follower scanned one of the account's codes.
    Scanned {
        openid: String,
        scene: String,
    },
    TemplateSendFinished {
        openid: String,
        #[serde(serialize_with = "as_text")]
        msgid: i64,
        delivered: bool,
    },
}

pub(super) fn as_text<S: serde::Serializer>(number: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

/// Oldest first. Where nobody drains it, the oldest are forgotten.
#[derive(Default)]
pub(super) struct PushQueue {
    waiting: VecDeque<PendingPush>,
    /// Rings when something comes in.
    pub(super) bell: Arc<Notify>,
}

impl PushQueue {
    const MOST: usize = 10_000;

    pub(super) fn add(&mut self, app_id: &str, at: DateTime<Utc>, event: PendingEvent) {
        if self.waiting.len() >= Self::MOST {
            self.waiting.pop_front();
        }
        self.waiting.push_back(PendingPush { app_id: app_id.to_owned(), at, event });
        self.bell.notify_one();
    }

    pub(super) fn all(&self) -> Vec<PendingPush> {
        self.waiting.iter().cloned().collect()
    }

    pub(super) fn drain(&mut self) -> Vec<PendingPush> {
        self.waiting.drain(..).collect()
    }
}
