use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

/// What was sent lately, so that a repeat is not shown again. The key says
/// who sent what to whom.
#[derive(Default)]
pub(crate) struct SentBefore(HashMap<[String; 3], Sent>);

struct Sent {
    at: DateTime<Utc>,
    msgid: i64,
}

impl SentBefore {
    /// The message's id, if one with this key is younger than `window`.
    pub(crate) fn find(&self, key: &[String; 3], window: TimeDelta, now: DateTime<Utc>) -> Option<i64> {
        self.0.get(key).filter(|sent| now - sent.at < window).map(|sent| sent.msgid)
    }

    pub(crate) fn remember(&mut self, key: [String; 3], msgid: i64, now: DateTime<Utc>) {
        self.0.insert(key, Sent { at: now, msgid });
    }
}
