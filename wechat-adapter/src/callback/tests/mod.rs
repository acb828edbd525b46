//! The whole way of a push: query and body in, event or refusal out.

mod bodies;
mod events;
mod ids;
mod refusals;
mod round_trips;
mod vectors;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::seal::{Account, Format, Mode, Sealer};
use super::{Callback, CallbackConfig, CallbackError, CallbackQuery, Event, Push};

const APP: &str = "wx0123456789abcdef";
const SENT_AT: i64 = 1_767_225_600;
const MODES: [Mode; 3] = [Mode::Plain, Mode::Compatible, Mode::Safe];
const FORMATS: [Format; 2] = [Format::Json, Format::Xml];

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(SENT_AT, 0).unwrap()
}

fn config() -> CallbackConfig {
    CallbackConfig {
        app_id: APP.into(),
        token: "community-token".into(),
        encoding_aes_key: Some("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG".into()),
        require_encryption: false,
    }
}

fn callback() -> Callback {
    Callback::new(config()).unwrap()
}

fn account() -> Account {
    Account { original_id: "gh_1".into(), app_id: APP.into() }
}

/// A push as our WeChat would send it.
struct Sent {
    query: CallbackQuery,
    body: String,
}

fn seal(message: &Map<String, Value>, format: Format, mode: Mode) -> Sent {
    let sealer = Sealer::new(&config()).unwrap();
    let (query, body) = sealer.query_and_body(message, format, mode, now(), "880011", *b"0123456789abcdef").unwrap();
    Sent { query: query.into_iter().collect(), body }
}

/// A demo event, of no meaning.
fn demo(format: Format, mode: Mode) -> Sent {
    let event = Event::Unknown { name: "demo".into(), raw: String::new() };
    seal(&event.message(&account(), format, now()), format, mode)
}

fn open(sent: &Sent) -> Result<Push, CallbackError> {
    callback().open(&sent.query, sent.body.as_bytes(), now())
}

/// Opens `body` in plain mode.
fn open_plain(body: &str) -> Result<Push, CallbackError> {
    let query = demo(Format::Json, Mode::Plain).query;
    callback().open(&query, body.as_bytes(), now())
}

fn event_of(body: &str) -> Event {
    open_plain(body).unwrap().event
}
