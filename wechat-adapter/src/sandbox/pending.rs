use std::collections::VecDeque;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use tokio::sync::Notify;

use super::push::ORIGINAL_ID;
use crate::callback::Event;
use crate::callback::seal::{Account, Format};

/// Something that WeChat would now push to the server of `app_id`.
#[derive(Clone, Debug, PartialEq)]
pub struct PendingPush {
    pub app_id: String,
    pub at: DateTime<Utc>,
    pub event: Event,
}

/// The event prints as the message that WeChat would push.
impl Serialize for PendingPush {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let account = Account { original_id: ORIGINAL_ID.to_owned(), app_id: self.app_id.clone() };
        let mut printed = serializer.serialize_struct("PendingPush", 3)?;
        printed.serialize_field("app_id", &self.app_id)?;
        printed.serialize_field("at", &self.at)?;
        printed.serialize_field("message", &self.event.message(&account, Format::Json, self.at))?;
        printed.end()
    }
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

    pub(super) fn add(&mut self, app_id: &str, at: DateTime<Utc>, event: Event) {
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
