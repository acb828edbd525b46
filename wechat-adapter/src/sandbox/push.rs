//! WeChat as the caller: pushes events to the server under test, sealed as
//! the console is set, and sends again what was not answered as it should be.
//!
//! The rule of repetition stands on the service account's page
//! (<https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_event_pushes.html>).
//! UNVERIFIED: that it holds for a mini-program's events, too.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::{Client, RequestBuilder, Url, header, redirect};
use serde_json::{Map, Value};

use super::chance;
use crate::callback::seal::{Account, Format, Mode, Sealer};
use crate::callback::{CallbackConfig, CallbackConfigError, Event};

/// How long WeChat waits for an answer.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// The waits before the second, third and fourth try. UNVERIFIED: WeChat
/// names only their number.
pub const RETRY_DELAYS: [Duration; 3] = [Duration::from_secs(1); 3];

/// Whom pushes are addressed to, unless the target says otherwise.
pub(super) const ORIGINAL_ID: &str = "gh_sandbox";

/// What the console has under 消息推送, as far as the sender needs it. Not
/// printable: an address may have a secret in it.
#[derive(Clone)]
pub struct PushTarget {
    /// The callback's address on the server under test.
    pub url: String,
    pub config: CallbackConfig,
    pub format: Format,
    pub mode: Mode,
    /// The account's original id (`gh_…`).
    pub original_id: String,
    pub answer_within: Duration,
    /// One further try for each.
    pub retry_delays: Vec<Duration>,
}

impl PushTarget {
    /// JSON, in safe mode where there is a key, with WeChat's own patience.
    #[must_use]
    pub fn new(url: impl Into<String>, config: CallbackConfig) -> Self {
        Self {
            url: url.into(),
            format: Format::Json,
            mode: if config.encoding_aes_key.is_some() { Mode::Safe } else { Mode::Plain },
            config,
            original_id: ORIGINAL_ID.into(),
            answer_within: ANSWER_WITHIN,
            retry_delays: RETRY_DELAYS.to_vec(),
        }
    }
}

/// Nothing can be pushed to this target.
#[derive(Debug, thiserror::Error)]
pub enum PushTargetError {
    #[error("the callback's address is not a URL")]
    Url,
    #[error("the callback's settings: {0}")]
    Config(#[from] CallbackConfigError),
    #[error("the HTTP client cannot be built")]
    Client(#[source] reqwest::Error),
}

/// An event that was pushed, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Pushed {
    pub event: Event,
    /// 1 to 4, with WeChat's own number of repetitions.
    pub tries: usize,
    pub outcome: PushOutcome,
}

/// How the server under test answered the last try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushOutcome {
    /// 200, and `success` or nothing.
    Taken,
    Status(u16),
    /// 200, with other words: to WeChat a failure.
    OtherWords,
    TimedOut,
    Unreachable,
}

/// Pushes to one target, and remembers what it pushed.
pub struct Pusher {
    http: Client,
    url: Url,
    target: PushTarget,
    sealer: Sealer,
    log: Mutex<Vec<Pushed>>,
}

impl Pusher {
    /// Nothing is sent yet.
    ///
    /// # Errors
    /// [`PushTargetError`] if the address or the settings cannot be.
    pub fn new(target: PushTarget) -> Result<Self, PushTargetError> {
        let url = Url::parse(&target.url).map_err(|_| PushTargetError::Url)?;
        let sealer = Sealer::new(&target.config)?;
        if target.mode != Mode::Plain && target.config.encoding_aes_key.is_none() {
            return Err(CallbackConfigError::KeyMissing.into());
        }
        let http = Client::builder()
            .timeout(target.answer_within)
            .no_proxy()
            .redirect(redirect::Policy::none())
            .build()
            .map_err(|error| PushTargetError::Client(error.without_url()))?;
        Ok(Self { http, url, target, sealer, log: Mutex::default() })
    }

    /// Pushes one event, until it is taken or WeChat would give up.
    pub async fn push(&self, event: &Event, now: DateTime<Utc>) -> Pushed {
        let account =
            Account { original_id: self.target.original_id.clone(), app_id: self.target.config.app_id.clone() };
        let message = event.message(&account, self.target.format, now);
        let mut tries = 1;
        let mut outcome = self.deliver(&message, now).await;
        for delay in &self.target.retry_delays {
            if outcome == PushOutcome::Taken {
                break;
            }
            tokio::time::sleep(*delay).await;
            tries += 1;
            outcome = self.deliver(&message, now).await;
        }
        let pushed = Pushed { event: event.clone(), tries, outcome };
        self.log.lock().unwrap_or_else(PoisonError::into_inner).push(pushed.clone());
        pushed
    }

    /// Checks the address, as the console does when it is set: whether the
    /// server repeats the random words of a signed question.
    pub async fn verify(&self, now: DateTime<Utc>) -> bool {
        let (words, nonce) = (chance::digits(), chance::digits());
        let request = self.http.get(self.address(&self.sealer.echo_query(&words, now, &nonce)));
        self.answer(request).await.is_ok_and(|(status, body)| status == 200 && body == words)
    }

    /// Everything that was pushed, the oldest first.
    #[must_use]
    pub fn pushed(&self) -> Vec<Pushed> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// One try. UNVERIFIED: that each is sealed anew, with the first's time.
    async fn deliver(&self, message: &Map<String, Value>, now: DateTime<Utc>) -> PushOutcome {
        let PushTarget { format, mode, .. } = self.target;
        let sealed = self.sealer.query_and_body(message, format, mode, now, &chance::digits(), random());
        // The key was looked for when this pusher was built.
        let Ok((query, body)) = sealed else { return PushOutcome::Unreachable };
        let content_type = match format {
            Format::Json => "application/json",
            Format::Xml => "text/xml",
        };
        let request = self.http.post(self.address(&query)).header(header::CONTENT_TYPE, content_type).body(body);
        match self.answer(request).await {
            Ok((200, words)) if words.is_empty() || words == "success" => PushOutcome::Taken,
            Ok((200, _)) => PushOutcome::OtherWords,
            Ok((status, _)) => PushOutcome::Status(status),
            Err(error) if error.is_timeout() => PushOutcome::TimedOut,
            Err(_) => PushOutcome::Unreachable,
        }
    }

    /// The callback's own query stays; WeChat's follows it.
    fn address(&self, query: &[(String, String)]) -> Url {
        let mut url = self.url.clone();
        url.query_pairs_mut().extend_pairs(query);
        url
    }

    async fn answer(&self, request: RequestBuilder) -> reqwest::Result<(u16, String)> {
        let response = request.send().await?;
        Ok((response.status().as_u16(), response.text().await?))
    }
}

/// What a sealed message begins with.
fn random() -> [u8; 16] {
    chance::digits().as_bytes().first_chunk().copied().unwrap_or_default()
}
