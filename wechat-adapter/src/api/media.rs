//! Whether a picture or a sound may be shown to others. The answer comes
//! later, as a pushed event `wxa_media_check`.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/server/API/sec-center/sec-check/api_mediacheckasync.html>

use std::fmt;

use serde::Deserialize;
use serde_json::{Value, json};

use super::content::ContentScene;
use crate::client::{MiniProgram, Request};
use crate::endpoint::Endpoint;
use crate::error::WechatError;

/// A file and who made it.
#[derive(Clone, PartialEq, Eq)]
pub struct MediaCheck {
    openid: String,
    scene: ContentScene,
    kind: MediaKind,
    url: String,
}

/// At most 10 MB of either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaKind {
    /// mp3, aac, ac3, wma, flac, vorbis, opus or wav.
    Audio,
    /// jpg, jpeg, png, bmp, or the first frame of a gif.
    Image,
}

impl MediaCheck {
    /// WeChat fetches `url` itself, without a login: let it be signed and
    /// short-lived, and lead there without a redirect. `openid` is the
    /// author's, who must have opened the mini-program within the last two
    /// hours.
    pub fn new(openid: impl Into<String>, scene: ContentScene, kind: MediaKind, url: impl Into<String>) -> Self {
        Self { openid: openid.into(), scene, kind, url: url.into() }
    }

    fn body(&self) -> Value {
        let kind = match self.kind {
            MediaKind::Audio => 1,
            MediaKind::Image => 2,
        };
        json!({
            "version": 2,
            "openid": self.openid,
            "scene": self.scene.number(),
            "media_type": kind,
            "media_url": self.url,
        })
    }
}

/// The person and the file stay out of logs.
impl fmt::Debug for MediaCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MediaCheck").field("scene", &self.scene).field("kind", &self.kind).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct MediaAnswer {
    trace_id: String,
}

impl MiniProgram {
    /// Asks about a file and answers the `trace_id` under which the verdict is
    /// pushed, within 30 minutes. Until it passes, show it to nobody.
    ///
    /// # Errors
    /// Whatever the class, the file is not being judged. `Drop` for 87020:
    /// it was asked about too often, use the earlier verdict.
    pub async fn check_media(&self, media: &MediaCheck) -> Result<String, WechatError> {
        let request = Request::post(Endpoint::MediaCheck, media.body()).hide(&media.openid).hide(&media.url);
        let answer: MediaAnswer = self.account.call(&request).await?;
        Ok(answer.trace_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_has_wechats_own_words() {
        let media = |kind| MediaCheck::new("o1", ContentScene::Forum, kind, "https://a.cn/1.png?sig=s");
        assert_eq!(
            media(MediaKind::Image).body(),
            json!({
                "version": 2, "openid": "o1", "scene": 3,
                "media_type": 2, "media_url": "https://a.cn/1.png?sig=s",
            })
        );
        assert_eq!(media(MediaKind::Audio).body()["media_type"], 1);
        assert!(!format!("{:?}", media(MediaKind::Image)).contains("sig"));
    }
}
