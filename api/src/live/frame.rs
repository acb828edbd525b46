//! Server-sent events as they go over the wire. JSON holds no line breaks, so each event has one line of data.

use bytes::Bytes;

use super::{Bye, Moment};
use crate::view::EventItem;

/// Milliseconds after which a client comes back by itself.
const RETRY: u16 = 3000;

/// Says from where on nothing will be missed, before anything has happened.
pub fn opening(position: i64) -> Bytes {
    format!("retry: {RETRY}\nid: {position}\n\n").into()
}

/// `position` is where the watcher stands after the moment.
pub fn of(moment: &Moment, position: i64) -> Bytes {
    match moment {
        Moment::Items(items) => items.iter().map(item).collect::<String>().into(),
        Moment::Reset => named("reset", position, "{}"),
        // A comment for proxies and clients that count the seconds. The id is for those to whom nothing was told.
        Moment::Beat => format!(": beat\nid: {position}\n\n").into(),
        Moment::Bye(reason) => bye(*reason, position),
    }
}

fn item(item: &EventItem) -> String {
    let data = serde_json::to_string(item).unwrap_or_default();
    format!("event: {}\nid: {}\ndata: {data}\n\n", item.name(), item.position())
}

fn bye(reason: Bye, position: i64) -> Bytes {
    let reason: &str = reason.into();
    named("bye", position, &format!(r#"{{"reason":"{reason}"}}"#))
}

fn named(event: &str, position: i64, data: &str) -> Bytes {
    format!("event: {event}\nid: {position}\ndata: {data}\n\n").into()
}
