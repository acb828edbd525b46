use serde_json::Value;

use super::Refusal;
use crate::endpoint::Endpoint;

/// What a WeCom message says, whatever its type.
pub(super) struct Text {
    pub(super) title: String,
    pub(super) words: String,
    pub(super) url: Option<String>,
}

/// Limits are in bytes of UTF-8.
const MOST_TEXT: usize = 2048;
const MOST_MARKDOWN: usize = 4096;

/// UNVERIFIED: the codes; and that an app's markdown ends at 2048 bytes, as
/// its text does.
pub(super) fn read_text(endpoint: Endpoint, body: &Value) -> Result<Text, Refusal> {
    let kind = body.get("msgtype").and_then(Value::as_str).unwrap_or_default();
    let field = |name: &str| body.get(kind)?.get(name)?.as_str().map(ToOwned::to_owned);
    let of_robot = endpoint == Endpoint::WecomRobot;
    match kind {
        "text" => Ok(Text { title: "文本消息".to_owned(), words: short(field("content"), MOST_TEXT)?, url: None }),
        "markdown" => {
            let most = if of_robot { MOST_MARKDOWN } else { MOST_TEXT };
            Ok(Text { title: "通知".to_owned(), words: short(field("content"), most)?, url: None })
        }
        "textcard" if !of_robot => Ok(Text {
            title: short(field("title"), 128)?,
            words: short(field("description"), 512)?,
            url: Some(short(field("url"), MOST_TEXT)?),
        }),
        _ => Err(Refusal::new(40008, "invalid message type")),
    }
}

fn short(text: Option<String>, most: usize) -> Result<String, Refusal> {
    let text = text.filter(|text| !text.is_empty()).ok_or_else(|| Refusal::new(44004, "empty content"))?;
    if text.len() > most { Err(Refusal::new(45002, "content size out of limit")) } else { Ok(text) }
}
