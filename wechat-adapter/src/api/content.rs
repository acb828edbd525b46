//! Whether a text may be shown to others (内容安全).
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/server/API/sec-center/sec-check/api_msgseccheck.html>

use std::fmt;

use serde_json::{Value, json};

use super::verdict::{CheckAnswer, Suggest, Verdict};
use crate::client::{MiniProgram, Request, present};
use crate::endpoint::Endpoint;
use crate::error::WechatError;

/// Characters of one check.
const AT_ONCE: usize = 2500;
/// Two neighbouring pieces share this many, so that no word is cut in two
/// and passes unseen.
const SHARED: usize = 50;

/// A text and who wrote it.
#[derive(Clone, PartialEq, Eq)]
pub struct TextCheck {
    openid: String,
    scene: ContentScene,
    content: String,
    title: Option<String>,
    nickname: Option<String>,
    signature: Option<String>,
}

/// Where the content would be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentScene {
    /// A person's profile (资料).
    Profile,
    /// A comment (评论).
    Comment,
    /// A forum (论坛).
    Forum,
    /// A log for friends (社交日志).
    SocialLog,
}

impl ContentScene {
    pub(super) const fn number(self) -> u8 {
        match self {
            Self::Profile => 1,
            Self::Comment => 2,
            Self::Forum => 3,
            Self::SocialLog => 4,
        }
    }
}

impl TextCheck {
    /// `openid` is the author's in this mini-program, who must have opened it
    /// within the last two hours: check at once, not in a job at night.
    pub fn new(openid: impl Into<String>, scene: ContentScene, content: impl Into<String>) -> Self {
        let (openid, content) = (openid.into(), content.into());
        Self { openid, scene, content, title: None, nickname: None, signature: None }
    }

    #[must_use]
    pub fn with_title(self, title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), ..self }
    }

    #[must_use]
    pub fn with_nickname(self, nickname: impl Into<String>) -> Self {
        Self { nickname: Some(nickname.into()), ..self }
    }

    /// The author's motto; only for [`ContentScene::Profile`].
    #[must_use]
    pub fn with_signature(self, signature: impl Into<String>) -> Self {
        Self { signature: Some(signature.into()), ..self }
    }

    fn check(&self) -> Result<(), WechatError> {
        let refuse = |problem| Err(WechatError::Input { endpoint: Endpoint::TextCheck, problem });
        if self.content.is_empty() {
            return refuse("there is no text");
        }
        if self.signature.is_some() && self.scene != ContentScene::Profile {
            return refuse("a signature belongs to a profile");
        }
        Ok(())
    }

    fn body(&self, piece: &str) -> Value {
        present(json!({
            "version": 2,
            "openid": self.openid,
            "scene": self.scene.number(),
            "content": piece,
            "title": self.title,
            "nickname": self.nickname,
            "signature": self.signature,
        }))
    }
}

/// The person and the words stay out of logs.
impl fmt::Debug for TextCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextCheck").field("scene", &self.scene).finish_non_exhaustive()
    }
}

fn pieces(content: &str) -> Vec<String> {
    let characters: Vec<char> = content.chars().collect();
    let mut pieces = Vec::new();
    let mut rest = characters.as_slice();
    while let Some((piece, _)) = rest.split_at_checked(AT_ONCE) {
        pieces.push(piece.iter().collect());
        rest = rest.get(AT_ONCE - SHARED..).unwrap_or_default();
    }
    // What is left was seen already if it is no more than what two pieces share.
    if pieces.is_empty() || rest.len() > SHARED {
        pieces.push(rest.iter().collect());
    }
    pieces
}

impl MiniProgram {
    /// Asks about a text. One of more than 2500 characters takes several calls,
    /// of which the worst verdict counts.
    ///
    /// # Errors
    /// Whatever the class, the text was not judged: hold it back. `User` for
    /// 61010, an author who was away for two hours.
    pub async fn check_text(&self, text: &TextCheck) -> Result<Verdict, WechatError> {
        text.check()?;
        let mut worst: Option<Verdict> = None;
        for piece in pieces(&text.content) {
            let request = Request::post(Endpoint::TextCheck, text.body(&piece)).hide(&text.openid);
            let verdict = Verdict::from(self.account.call::<CheckAnswer>(&request).await?);
            if worst.as_ref().is_none_or(|worst| verdict.suggest > worst.suggest) {
                worst = Some(verdict);
            }
            if worst.as_ref().is_some_and(|worst| worst.suggest == Suggest::Risky) {
                break;
            }
        }
        worst.ok_or(WechatError::Answer { endpoint: Endpoint::TextCheck, problem: "no piece was judged" })
    }
}

#[cfg(test)]
#[path = "content_tests.rs"]
mod tests;
