//! Somebody who watches the stream of events, as a browser would.

use std::collections::VecDeque;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap};
use serde_json::Value;

use crate::app::TestApp;
use crate::ask::Client;

/// Longer than anything takes that comes at all.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks at what waits to be passed on.
const DRAIN_AGAIN: Duration = Duration::from_millis(100);

/// An open stream. Dropped, it breaks off.
pub struct EventStream {
    bytes: Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>,
    unread: Vec<u8>,
    ready: VecDeque<Heard>,
    pub headers: HeaderMap,
    /// What a browser sends as `Last-Event-ID` when it comes back.
    pub last_id: String,
}

/// What came, block by block.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    Event(Event),
    /// Nothing but a comment or an id.
    Beat,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub name: String,
    pub id: String,
    pub data: Value,
}

impl Client {
    /// Watches from now on.
    pub async fn watches(&self) -> EventStream {
        self.watches_after(None).await
    }

    /// Comes back with this id.
    pub async fn watches_again(&self, last_id: &str) -> EventStream {
        self.watches_after(Some(last_id)).await
    }

    async fn watches_after(&self, last_id: Option<&str>) -> EventStream {
        let mut stream = EventStream::over(self.asks_to_watch(last_id).await);
        // The first block says that the server watches.
        assert_eq!(stream.hears().await, Some(Heard::Beat));
        stream
    }

    /// The answer, whatever it is.
    pub async fn asks_to_watch(&self, last_id: Option<&str>) -> reqwest::Response {
        let ask = self.http.get(format!("{}/v1/events", self.base_url));
        let ask = ask.bearer_auth(self.token.as_deref().unwrap_or_default());
        // Browsers always say what they could unpack.
        let ask = ask.header(ACCEPT, "text/event-stream").header(ACCEPT_ENCODING, "gzip, br");
        let ask = last_id.iter().fold(ask, |ask, id| ask.header("Last-Event-ID", *id));
        ask.send().await.expect("an answer")
    }
}

impl EventStream {
    fn over(response: reqwest::Response) -> Self {
        assert_eq!(response.status(), 200);
        let headers = response.headers().clone();
        let (bytes, unread, ready) = (response.bytes_stream().boxed(), Vec::new(), VecDeque::new());
        Self { bytes, unread, ready, headers, last_id: String::new() }
    }

    /// The next block; `None` at the end.
    pub async fn hears(&mut self) -> Option<Heard> {
        tokio::time::timeout(PATIENCE, self.hears_at_last()).await.expect("something within half a minute")
    }

    /// Cancelling it loses nothing.
    async fn hears_at_last(&mut self) -> Option<Heard> {
        loop {
            if let Some(heard) = self.ready.pop_front() {
                return Some(heard);
            }
            self.unread.extend(self.bytes.next().await?.expect("bytes"));
            while let Some(end) = self.unread.windows(2).position(|two| two == b"\n\n") {
                let block: Vec<u8> = self.unread.drain(..end + 2).collect();
                let heard = self.read(std::str::from_utf8(&block).expect("text"));
                self.ready.push_back(heard);
            }
        }
    }

    /// By the rules of the standard: an id stands until the next one, and a block without data is no event.
    fn read(&mut self, block: &str) -> Heard {
        let (mut name, mut data) = ("message".to_owned(), None);
        for line in block.lines().filter(|line| !line.is_empty()) {
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "event" => name = value.to_owned(),
                "id" => self.last_id = value.to_owned(),
                "data" => data = Some(serde_json::from_str(value).expect("JSON")),
                "" | "retry" => {}
                other => panic!("no such field: {other}"),
            }
        }
        match data {
            Some(data) => Heard::Event(Event { name, id: self.last_id.clone(), data }),
            None => Heard::Beat,
        }
    }

    /// The next event; `None` at the end.
    pub async fn event(&mut self) -> Option<Event> {
        loop {
            match self.hears().await? {
                Heard::Event(event) => return Some(event),
                Heard::Beat => {}
            }
        }
    }

    /// Waits for a heartbeat that comes from now on; what came before it is kept.
    pub async fn beats(&mut self) {
        let mut before = std::mem::take(&mut self.ready);
        while self.hears().await.expect("a heartbeat") != Heard::Beat {}
        before.append(&mut self.ready);
        self.ready = before;
    }

    /// All events until one satisfies, that one included, while everything is passed on.
    pub async fn until(&mut self, app: &TestApp, is_last: impl Fn(&Event) -> bool) -> Vec<Event> {
        let mut events = Vec::new();
        let listening = async {
            loop {
                app.drain_outbox().await;
                while let Ok(event) = tokio::time::timeout(DRAIN_AGAIN, self.event_at_last()).await {
                    events.push(event.expect("an event"));
                    if events.last().is_some_and(&is_last) {
                        return;
                    }
                }
            }
        };
        if tokio::time::timeout(PATIENCE, listening).await.is_err() {
            panic!("it never came; what came is {events:#?}");
        }
        events
    }

    async fn event_at_last(&mut self) -> Option<Event> {
        loop {
            match self.hears_at_last().await? {
                Heard::Event(event) => return Some(event),
                Heard::Beat => {}
            }
        }
    }

    /// Why the server ended it, and that it did; what comes before is left out.
    pub async fn ends_with(&mut self) -> String {
        loop {
            let event = self.event().await.expect("a last event");
            if event.name == "bye" {
                assert_eq!(self.hears().await, None, "nothing comes after it");
                return event.data["reason"].as_str().expect("a reason").to_owned();
            }
        }
    }
}

impl Event {
    /// Of a change of this order: what happened.
    pub fn kind_of(&self, order: &Value) -> Option<&str> {
        (self.name == "order" && self.data["order_id"] == order["id"])
            .then(|| self.data["kind"].as_str().expect("a kind"))
    }

    pub fn is(&self, kind: &str, order: &Value) -> bool {
        self.kind_of(order) == Some(kind)
    }
}
