use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::document::{Document, Fields};
use super::error::CallbackError;
use super::event::Event;
use super::read;

/// An event that WeChat pushed.
#[derive(Clone, Debug, PartialEq)]
pub struct Push {
    /// The same each time that WeChat repeats the push, so that it can be
    /// taken once: 64 hexadecimal digits, from which nobody is known.
    pub id: String,
    pub event: Event,
    /// When it happened; when it was sent, where WeChat does not say.
    pub created_at: DateTime<Utc>,
}

impl Push {
    pub(super) fn read(document: &Document, raw: &str, sent_at: DateTime<Utc>) -> Result<Self, CallbackError> {
        let fields = document.fields();
        let event = read::event(fields, raw)?;
        let created_at = fields.number("CreateTime").and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        Ok(Self { id: id(&event, fields), event, created_at: created_at.unwrap_or(sent_at) })
    }
}

/// WeChat advises sender and time, which two events of a second share; so
/// what was said counts, too, unless the event has a number of its own.
fn id(event: &Event, fields: Fields<'_>) -> String {
    let text = |name| fields.text(name).unwrap_or_default();
    let numbered = |number: &str| digest([event.name(), number]);
    let told = || digest([event.name(), &text("FromUserName"), &text("CreateTime"), &fields.said()]);
    match event {
        Event::MediaChecked { trace_id, .. } => numbered(trace_id),
        Event::TemplateSendFinished { msgid, .. } => numbered(msgid),
        Event::SubscribeSent { results, .. } if !results.is_empty() => {
            digest(std::iter::once(event.name()).chain(results.iter().map(|result| result.msgid.as_str())))
        }
        // Their sender is the platform, the same for everybody.
        Event::ProfileCleaned { openid }
        | Event::AuthorisationRevoked { openid, .. }
        | Event::AccountClosed { openid } => {
            digest([event.name(), openid, &text("CreateTime"), &fields.texts("RevokeInfo").join(",")])
        }
        Event::Unknown { .. } => fields.text("MsgId").map_or_else(told, |number| numbered(&number)),
        Event::SubscribePopup { .. }
        | Event::SubscribeChange { .. }
        | Event::SubscribeSent { .. }
        | Event::Followed { .. }
        | Event::Unfollowed { .. }
        | Event::Scanned { .. }
        | Event::Punished { .. } => told(),
    }
}

/// Each part goes in with its length, so that no two lists are one text.
fn digest<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_string());
        digest.update(":");
        digest.update(part);
    }
    hex::encode(digest.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_lists_of_parts_have_one_digest() {
        assert_ne!(digest(["a", "bc"]), digest(["ab", "c"]));
        assert_ne!(digest(["1", "", "123456789"]), digest(["09123456789"]));
        assert_ne!(digest(["a"]), digest(["a", ""]));
    }
}
