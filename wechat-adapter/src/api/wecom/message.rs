use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

use super::check_bytes;
use super::receivers::WecomReceivers;
use crate::client::present;
use crate::endpoint::Endpoint;
use crate::error::WechatError;

const ENDPOINT: Endpoint = Endpoint::WecomMessage;

/// Words of at most 2048 bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct WecomText {
    pub(super) to: WecomReceivers,
    content: String,
    once_in: Option<Duration>,
}

/// A title, a few words and a link.
#[derive(Clone, PartialEq, Eq)]
pub struct WecomTextCard {
    pub(super) to: WecomReceivers,
    title: String,
    description: String,
    url: String,
    button: Option<String>,
    once_in: Option<Duration>,
}

impl WecomText {
    pub fn new(to: WecomReceivers, content: impl Into<String>) -> Self {
        Self { to, content: content.into(), once_in: None }
    }

    /// Lets WeCom drop a second message that is the same in every field and
    /// comes within `interval`: repeating one after an unknown outcome is
    /// harmless then.
    #[must_use]
    pub fn with_duplicate_check(self, interval: Duration) -> Self {
        Self { once_in: Some(interval), ..self }
    }

    pub(super) fn body(&self, agent_id: u64) -> Result<Value, WechatError> {
        check_bytes(ENDPOINT, &self.content, 2048, "a text has 1 to 2048 bytes")?;
        framed(&self.to, self.once_in, agent_id, "text", &json!({ "content": self.content }))
    }
}

impl WecomTextCard {
    /// `url` is where a tap leads.
    pub fn new(
        to: WecomReceivers,
        title: impl Into<String>,
        description: impl Into<String>,
        url: impl Into<String>,
    ) -> Self {
        let (title, description, url) = (title.into(), description.into(), url.into());
        Self { to, title, description, url, button: None, once_in: None }
    }

    /// The button's word, at most four characters; 详情 without it.
    #[must_use]
    pub fn with_button(self, button: impl Into<String>) -> Self {
        Self { button: Some(button.into()), ..self }
    }

    /// As for [`WecomText::with_duplicate_check`].
    #[must_use]
    pub fn with_duplicate_check(self, interval: Duration) -> Self {
        Self { once_in: Some(interval), ..self }
    }

    pub(super) fn body(&self, agent_id: u64) -> Result<Value, WechatError> {
        // UNVERIFIED: these four limits, from older copies of the page.
        check_bytes(ENDPOINT, &self.title, 128, "a card's title has 1 to 128 bytes")?;
        check_bytes(ENDPOINT, &self.description, 512, "a card's description has 1 to 512 bytes")?;
        check_bytes(ENDPOINT, &self.url, 2048, "a card's URL has 1 to 2048 bytes")?;
        if self.button.as_ref().is_some_and(|button| button.chars().count() > 4) {
            return Err(WechatError::Input { endpoint: ENDPOINT, problem: "a card's button has at most 4 characters" });
        }
        let card = json!({
            "title": self.title,
            "description": self.description,
            "url": self.url,
            "btntxt": self.button,
        });
        framed(&self.to, self.once_in, agent_id, "textcard", &card)
    }
}

/// Receivers and words stay out of logs.
impl fmt::Debug for WecomText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WecomText").finish_non_exhaustive()
    }
}

/// Receivers and words stay out of logs.
impl fmt::Debug for WecomTextCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WecomTextCard").finish_non_exhaustive()
    }
}

/// UNVERIFIED: the longest interval, from an older copy of the page.
const LONGEST_CHECK: Duration = Duration::from_secs(4 * 3600);

fn framed(
    to: &WecomReceivers,
    once_in: Option<Duration>,
    agent_id: u64,
    kind: &str,
    content: &Value,
) -> Result<Value, WechatError> {
    to.check()?;
    if once_in.is_some_and(|interval| interval.as_secs() == 0 || interval > LONGEST_CHECK) {
        let problem = "duplicates are checked for over one second to four hours";
        return Err(WechatError::Input { endpoint: ENDPOINT, problem });
    }
    Ok(present(json!({
        "touser": to.touser(),
        "toparty": to.toparty(),
        "totag": to.totag(),
        "msgtype": kind,
        "agentid": agent_id,
        kind: content,
        "enable_duplicate_check": once_in.map(|_| 1),
        "duplicate_check_interval": once_in.map(|interval| interval.as_secs()),
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_wecoms_own_words() {
        let to = WecomReceivers::users(["wang", "li"]).with_parties(["2"]).with_tags(["7"]);
        let text = WecomText::new(to, "新工单").with_duplicate_check(Duration::from_secs(600));
        assert_eq!(
            text.body(1_000_002).unwrap(),
            json!({
                "touser": "wang|li", "toparty": "2", "totag": "7", "msgtype": "text", "agentid": 1_000_002,
                "text": { "content": "新工单" }, "enable_duplicate_check": 1, "duplicate_check_interval": 600,
            })
        );
    }

    #[test]
    fn a_card_has_wecoms_own_words() {
        let card = WecomTextCard::new(WecomReceivers::everyone(), "新工单", "东门路灯", "https://a.cn/42");
        assert_eq!(
            card.body(7).unwrap(),
            json!({
                "touser": "@all", "msgtype": "textcard", "agentid": 7,
                "textcard": { "title": "新工单", "description": "东门路灯", "url": "https://a.cn/42" },
            })
        );
        assert_eq!(card.with_button("去处理").body(7).unwrap()["textcard"]["btntxt"], "去处理");
    }

    #[test]
    fn bytes_are_counted_not_characters() {
        let text = |content: &str| WecomText::new(WecomReceivers::everyone(), content).body(7).is_ok();
        assert!(text(&"字".repeat(682)) && !text(&"字".repeat(683)) && !text(""));
        let card = |title: &str, words: &str, url: &str| {
            WecomTextCard::new(WecomReceivers::everyone(), title, words, url).body(7).is_ok()
        };
        assert!(card(&"t".repeat(128), &"w".repeat(512), &"u".repeat(2048)));
        assert!(!card(&"t".repeat(129), "w", "u") && !card("t", &"w".repeat(513), "u"));
        assert!(!card("t", "w", &"u".repeat(2049)));
    }

    #[test]
    fn a_check_for_duplicates_has_bounds() {
        for (seconds, fits) in [(0, false), (1, true), (14_400, true), (14_401, false)] {
            let text = WecomText::new(WecomReceivers::everyone(), "好");
            let text = text.with_duplicate_check(Duration::from_secs(seconds));
            assert_eq!(text.body(7).is_ok(), fits, "{seconds}");
        }
    }
}
